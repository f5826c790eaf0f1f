/** The verdict on the calls of an answer, in words and in details: where they differ and how, never the arguments. */
import type { JsonObject, Judgement } from '../../types.ts';
import type { CallResult } from './tool-call-compare.ts';
import type { CallInText } from './tool-text.ts';

/** Calls, arguments and violations shown in the details; all are counted. */
const maxShown = 20;

/** @param made calls in the answer; `inText`: how one is written where none was made */
export function toolJudgement(
  results: readonly CallResult[],
  made: number,
  inText: CallInText | null,
  signature: string,
): Judgement {
  const sum = results.reduce((total, { score }) => total + score, 0);
  // A call in the text was meant as one: it is not the absence of calls.
  const score = results.length > 0 ? sum / results.length : inText === null ? 1 : 0;
  const wrong = results.filter((result) => result.score < 1);
  return {
    status: 'scored',
    score,
    because: becauseOf(results, wrong, made, inText),
    details: {
      signature,
      made,
      expected: results.filter(({ expected }) => expected).length,
      inText: inText !== null,
      ...(inText === null ? {} : { writtenAs: inText }),
      calls: [...wrong, ...results.filter((result) => result.score === 1)].slice(0, maxShown).map(shown),
    },
  };
}

function shown({ name, expected, at, score, why, call, wrong }: CallResult): JsonObject {
  const fields = wrong.slice(0, maxShown).map((leaf) => ({ pointer: brief(leaf.pointer), why: leaf.why }));
  const errors = (call?.errors ?? [])
    .slice(0, maxShown)
    .map(({ pointer, keyword, message }) => ({ pointer: brief(pointer), keyword, message: brief(message) }));
  const warnings = [...(call?.warnings ?? [])];
  return {
    name: brief(name),
    expected,
    at,
    score: Math.round(score * 1e6) / 1e6,
    why,
    ...(fields.length === 0 ? {} : { fields }),
    ...(errors.length === 0 ? {} : { errors, errorCount: call?.errorCount ?? 0 }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function becauseOf(
  results: readonly CallResult[],
  wrong: readonly CallResult[],
  made: number,
  inText: CallInText | null,
): string {
  const written = inText === null ? '' : ', one is written in the text';
  const [first] = wrong;
  if (results.length === 0) return `no tool call${written === '' ? ', as expected' : written}`;
  if (first === undefined)
    return results.length === 1 ? 'the call is as expected' : `all ${results.length} calls are as expected`;
  if (made === 0)
    return `no tool call, expected ${brief(wrong.map(({ name }) => name).join(', '))}${written}`;
  return `${wordsFor(first)}${wrong.length > 1 ? `, and ${wrong.length - 1} more` : ''}`;
}

function wordsFor({ name, why, call, wrong }: CallResult): string {
  const tool = brief(name);
  const [error] = call?.errors ?? [];
  const [leaf] = wrong;
  switch (why) {
    case 'missing':
      return `${tool} was not called`;
    case 'extra':
      return `${tool} was called and not expected`;
    case 'unknown-tool':
      return `${tool} was called and is no tool of the request`;
    case 'not-json':
      return `the arguments of ${tool} are not JSON`;
    case 'not-object':
      return `the arguments of ${tool} are no JSON object`;
    case 'invalid':
      return `the arguments of ${tool} break its schema: ${brief(error?.pointer || 'the root')} ${brief(error?.message ?? '')}`;
    case 'arguments':
      return `${tool}: ${brief(leaf?.pointer || 'the root')} (${leaf?.why ?? 'value'})${wrong.length > 1 ? ` and ${wrong.length - 1} more` : ''}`;
    case 'match':
      return `${tool} as expected`;
  }
}

/** At most 100 characters on one line: names and pointers come from a model. */
function brief(text: string): string {
  const points = Array.from(text.slice(0, 400).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
  return points.length > 100 || text.length > 400 ? `${points.slice(0, 99).join('')}…` : points.join('');
}
