/** Text in Markdown: whatever a person, a suite or a server wrote is plain words, and a table keeps its columns. */
import type { Figure } from './view/figure.ts';

/** Breaks what would be a mention, a reference or a link, unseen. */
export const BREAK = '\u200b';

/** Control characters, bidi embeddings, overrides and isolates, invisible joiners of no script, tags, lone surrogates. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Untrusted text as one line of plain words. */
export function escapeMarkdown(text: string): string {
  const line = text
    .replaceAll(/[\r\n\t\u2028\u2029\u0085]+/gu, ' ')
    .replaceAll(HIDDEN, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
  return line
    .replaceAll(/[\\`*_[\]|~$!]/gu, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[@#]/gu, `$&${BREAK}`)
    .replaceAll('://', `:${BREAK}//`)
    .replaceAll(/www\./giu, (found) => `${found.slice(0, 3)}${BREAK}.`)
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/u, (_found, space: string, start: string) =>
      /\d/u.test(start) ? `${space}${start}${BREAK}` : `${space}\\${start}`,
    );
}

/** Lines of a table, with an empty one after it. Cells are escaped by who fills them. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line), ''];
}

/** `84.4 % (80.7–88.0), n 867, missing 1`. */
export function figure(each: Figure): string {
  const interval = each.interval === '' ? '' : ` (${each.interval})`;
  const missing = each.missing === 0 ? '' : `, missing ${each.missing}`;
  return `${each.value}${interval}, n ${each.n}${missing}`;
}
