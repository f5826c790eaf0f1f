/**
 * What Python's `str` and `re` do, where IFEval's verdicts depend on it and JavaScript differs: white space has other
 * members, `\w` and `\d` are Unicode's, and `.` stops at a line feed alone.
 */

/** Members of Python's `\s`, to stand inside the brackets of a class; characters, not escapes, so that RE2 takes them too. */
export const spaceClass = '\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000';
/** Members of Python's `\w`. Marks are none: a vowel sign ends a word. */
export const wordClass = '\\p{L}\\p{N}_';

const space = new RegExp(`^[${spaceClass}]$`, 'u');
const spaces = new RegExp(`[${spaceClass}]+`, 'u');

/** Whether the UTF-16 unit at an offset is white space; false past the end. */
export function isSpaceAt(text: string, at: number): boolean {
  return space.test(text.charAt(at));
}

/** `str.strip()`. */
export function strip(text: string): string {
  return stripBy(text, (unit) => space.test(unit));
}

/** `str.strip(character)`. */
export function stripCharacter(text: string, character: string): string {
  return stripBy(text, (unit) => unit === character);
}

/** `str.split()[0]`, or an empty string where there is nothing. */
export function firstToken(text: string): string {
  return strip(text).split(spaces, 1)[0] ?? '';
}

function stripBy(text: string, drops: (unit: string) => boolean): string {
  let start = 0;
  let end = text.length;
  while (start < end && drops(text.charAt(start))) start++;
  while (end > start && drops(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
