/** Markdown code fences, found line by line: an expression would look for the end of each unclosed fence again. */

export interface CodeFence {
  /** Offsets of the fence with its marks, UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly content: string;
  /** False: the text ended first. */
  readonly closed: boolean;
}

const opening = /^[ \t]*(`{3,}|~{3,})/u;

/** Fences in order. What stands between an opening and its closing line is content, other fences included. */
export function codeFences(text: string): readonly CodeFence[] {
  const fences: CodeFence[] = [];
  let open: { start: number; contentStart: number; marks: string } | null = null;
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd === -1 ? text.length : lineEnd + 1;
    const line = text.slice(at, lineEnd === -1 ? text.length : lineEnd).trimEnd();
    const end = at + line.length;
    const marks = opening.exec(line)?.[1];
    if (open !== null) {
      if (marks !== undefined && marks.startsWith(open.marks) && line.trimStart() === marks) {
        fences.push({ start: open.start, end, content: text.slice(open.contentStart, at), closed: true });
        open = null;
      }
    } else if (marks !== undefined) {
      const inside = line.trimStart().slice(marks.length);
      if (inside.length > marks.length && inside.endsWith(marks)) {
        const content = inside.slice(0, -marks.length).replace(/^[\p{L}\d+-]*[ \t]+/u, '');
        fences.push({ start: at, end, content, closed: true });
      } else {
        open = { start: at, contentStart: next, marks };
      }
    }
    at = next;
  }
  if (open !== null) {
    fences.push({
      start: open.start,
      end: text.length,
      content: text.slice(open.contentStart),
      closed: false,
    });
  }
  return fences;
}
