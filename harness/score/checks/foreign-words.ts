/** Latin words inside an answer in another script: what a model falls back to when it lacks a word. */

/** Letters of other scripts may touch it: Chinese sets no spaces, and Korean particles and Arabic articles cling. */
const token = /(?<![\p{scx=Latn}\p{N}_@/\\.-])\p{scx=Latn}+(?![\p{scx=Latn}\p{N}_@/\\])/gu;
const lowerWord = /^\p{Ll}{4,}$/u;
/** Units and file words of four letters and more that stand in any language's text. */
const international = new Set(
  'kcal mmol mmhg kmol kohm mbit gbit kbit mbps gbps kbps kbyte mbyte http https html json'.split(' '),
);

/**
 * Lower-case Latin words of four letters and more in each line, without those of the prompt, the allowed ones and
 * units. Capitalised ones are names more often than not.
 */
export function foreignWords(
  lines: readonly string[],
  prompt: string,
  allowed: readonly string[],
): readonly (readonly string[])[] {
  const known = new Set(
    prompt
      .normalize('NFC')
      .toLowerCase()
      .match(/\p{scx=Latn}+/gu) ?? [],
  );
  for (const word of allowed) known.add(word.normalize('NFC').toLowerCase());
  return lines.map((line) =>
    [...line.matchAll(token)]
      .map(([word]) => word)
      .filter((word) => lowerWord.test(word) && !known.has(word) && !international.has(word)),
  );
}
