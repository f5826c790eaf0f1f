/**
 * What keys look like, whoever they belong to. Used where a server or a program talks about itself (error bodies, logs);
 * never on answers: an answer about keys is data.
 */

const cut = '[secret]';

/** The makers' prefixes need so many letters after them: `sk-learn` is no key. */
const shapes: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu, cut],
  [/(?<![\w-])(?:sk|pk|rk)-[\w-]{16,}/gu, cut],
  [/(?<![\w-])(?:gh[opsru]|github_pat|glpat|hf|gsk|r8|nvapi|xai|xox[abeprs])[_-][\w-]{16,}/gu, cut],
  [/(?<!\w)A(?:KIA|SIA)[0-9A-Z]{16}(?!\w)/gu, cut],
  [/(?<!\w)AIza[\w-]{30,}/gu, cut],
  // A JSON Web Token: two parts of base64url at least, the first an object.
  [/(?<!\w)eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/gu, cut],
  [/\b(Bearer|Basic)\s+[\w.~+/-]{16,}=*/giu, `$1 ${cut}`],
  [/(\w:\/\/)[^\s/@:]*:[^\s/@]+@/gu, `$1${cut}@`],
];

/** The text without what looks like a key. */
export function maskKeys(text: string): string {
  return shapes.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), text);
}
