/**
 * Suites loaded with what their checks say of themselves. A schema may take minutes to compile, or all memory; whatever
 * may be costly is looked at by a judge who can be ended, never on this thread. The loader asks and waits for no answer,
 * so a suite with costly parameters is read twice: once to learn the questions, once with the answers at hand.
 */
import { createHash } from 'node:crypto';
import { checks } from '../score/checks/index.ts';
import { transformProblem } from '../score/transform.ts';
import { loadSuites, type LoadedSuites } from '../suite/load.ts';
import type { Check, CheckCatalogue, Json, JsonObject, LanguageTag } from '../types.ts';
import type { Advice, Question } from './judges/job.ts';
import { judgeLimits, type JudgeLimits } from './judges/limits.ts';
import { openJudges } from './judges/pool.ts';

/** Files that change while they are read are read again, so many times. */
const maxRounds = 4;

/** As `loadSuites`, with every check of the house. Ends in reasonable time whatever stands in a suite. */
export async function loadCheckedSuites(
  paths: readonly string[],
  limits: JudgeLimits = judgeLimits,
): Promise<LoadedSuites> {
  const answers = new Map<string, Advice>();
  for (let round = 0; ; round++) {
    const open = new Map<string, Question>();
    const loaded = await loadSuites(paths, askingApart(checks, answers, open), transformProblem);
    if (open.size === 0 || round === maxRounds) return loaded;
    const judges = openJudges(limits);
    try {
      for (const [key, question] of open) answers.set(key, await judges.advise(question));
    } finally {
      await judges.end();
    }
  }
}

/** The checks, save that costly questions are answered from `answers`, or noted in `open`. */
function askingApart(
  catalogue: CheckCatalogue,
  answers: ReadonlyMap<string, Advice>,
  open: Map<string, Question>,
): CheckCatalogue {
  const hashOf = hashedOnce();
  const ask = (question: Question): Advice => {
    const params = Object.entries(question.params).map(([name, value]) => [name, hashOf(value)]);
    const beside = Object.values(question.beside).map(hashOf);
    const key = JSON.stringify([question.type, params, Object.keys(question.beside), beside]);
    const known = answers.get(key);
    if (known !== undefined) return known;
    open.set(key, question);
    return { problem: null, warnings: [] };
  };
  const wrap = (check: Check): Check => {
    const { name: type, problem, warnings, requestProblem, isCostly } = check;
    if (isCostly === undefined) return check;
    const advice = (params: JsonObject, language: LanguageTag): Advice | null =>
      isCostly(params, null) ? ask({ type, params, beside: { language } }) : null;
    return {
      ...check,
      problem: (params, language) => {
        const apart = advice(params, language);
        return apart === null ? (problem?.(params, language) ?? null) : apart.problem;
      },
      warnings: (params, language) =>
        advice(params, language)?.warnings ?? warnings?.(params, language) ?? [],
      requestProblem: (params, request) =>
        isCostly(params, request)
          ? ask({ type, params, beside: { request } }).problem
          : (requestProblem?.(params, request) ?? null),
    };
  };
  return Object.fromEntries(Object.entries(catalogue).map(([name, check]) => [name, wrap(check)]));
}

/** The hash of a value; of an object that many questions share, made once. */
function hashedOnce(): (value: Json) => string {
  const known = new WeakMap<object, string>();
  return (value) => {
    const before = typeof value === 'object' && value !== null ? known.get(value) : undefined;
    if (before !== undefined) return before;
    const hash = createHash('sha256').update(JSON.stringify(value)).digest('hex');
    if (typeof value === 'object' && value !== null) known.set(value, hash);
    return hash;
  };
}
