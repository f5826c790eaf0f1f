/** What may happen to an answer before a check sees it: a row per transform. */
import { codeFences } from './checks/code-fence.ts';
import { extractJson } from './checks/json-extract.ts';
import { answerPattern, searchAnswer } from './checks/search-answer.ts';
import { trim } from './normalize.ts';
import { withoutReasoning } from './reasoning.ts';

/** Gets the answer without its reasoning. The text after it, or null when the answer holds nothing of the kind. */
type Transform = (text: string, finish: string | null) => string | null;

const lines = (text: string): string[] => trim(text).split(/\r\n|[\n\r\u0085\u2028\u2029]/u);

const transforms: Readonly<Record<string, Transform>> = {
  json: (text, finish) => {
    const { value, stage } = extractJson(text, { finish, objectsOnly: false });
    return value === undefined || stage === 'repaired' ? null : JSON.stringify(value);
  },
  'strip-code-fence': (text) => codeFences(text)[0]?.content.replace(/\r?\n$/u, '') ?? text,
  'strip-think': (text) => text,
  'first-line': (text) => lines(text)[0] ?? '',
  'last-line': (text) => lines(text).at(-1) ?? '',
};

/** Names as a suite writes them; `regex: <pattern>` beside these. */
const transformNames = [...Object.keys(transforms), 'regex: <pattern>'];

const regexPrefix = /^regex:\s*/u;

/** What is wrong with a transform as written, or null. */
export function transformProblem(written: string): string | null {
  if (regexPrefix.test(written)) {
    const compiled = answerPattern(written.replace(regexPrefix, ''));
    return typeof compiled === 'string' ? compiled : null;
  }
  return Object.hasOwn(transforms, written)
    ? null
    : `unknown transform "${written}": there are ${transformNames.join(', ')}`;
}

/**
 * The answer after every transform in order, or the name of the one that found nothing. No transform sees the reasoning,
 * and no check does: a draft in it is no answer, however a check normalises.
 *
 * @throws Error for a transform that does not exist, and where one cannot be had for this text in reasonable time.
 */
export function applyTransforms(
  text: string,
  names: readonly string[],
  finish: string | null,
): { readonly text: string } | { readonly nothingFor: string } {
  let rest = withoutReasoning(text).text;
  for (const name of names) {
    const next = applyOne(rest, name, finish);
    if (next === null) return { nothingFor: name };
    rest = next;
  }
  return { text: rest };
}

function applyOne(text: string, name: string, finish: string | null): string | null {
  if (regexPrefix.test(name)) {
    const compiled = answerPattern(name.replace(regexPrefix, ''));
    if (typeof compiled === 'string') throw new Error(compiled);
    const found = searchAnswer(compiled, text, 'und');
    if ('problem' in found) throw new Error(`transform ${name.slice(0, 60)}: ${found.problem}`);
    return found.match?.text ?? null;
  }
  const transform = transforms[name];
  if (transform === undefined) throw new Error(transformProblem(name) ?? name);
  return transform(text, finish);
}
