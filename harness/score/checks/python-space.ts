/** White space as Python's `str.split()` sees it: JavaScript's `\s` has U+FEFF and lacks U+001C to U+001F and U+0085. */

const all = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const white = `[${all}]`;
const runs = new RegExp(`${white}+`, 'gu');
const words = new RegExp(`[^${all}]+`, 'gu');
const characters = new RegExp(`[^${all}]`, 'gu');
const atStart = new RegExp(`^${white}+`, 'u');
const atEnd = new RegExp(`(?<!${white})${white}+$`, 'u');

/** The words between white space. */
export function splitWords(text: string): string[] {
  return text.match(words) ?? [];
}

/** Every code point that is no white space. */
export function splitCharacters(text: string): string[] {
  return text.match(characters) ?? [];
}

export function withoutSpace(text: string): string {
  return text.replaceAll(runs, '');
}

export function trimStart(text: string): string {
  return text.replace(atStart, '');
}

export function trimEnd(text: string): string {
  return text.replace(atEnd, '');
}
