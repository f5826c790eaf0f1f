/** What travels between the hall and its judges. Plain data; what many answers share travels as text, and is parsed once. */
import type { SeenAnswer } from '../../score/score.ts';
import type { CheckSpec, JsonObject, LanguageTag, ParameterWarning, Verdict } from '../../types.ts';

/** An answer and the checks it is judged by. */
export interface Task {
  /** Whose answer it is. */
  readonly target: string;
  readonly answer: SeenAnswer;
  readonly checks: readonly CheckSpec[];
}

/** Parameters of a check, to be looked at before anything is asked. */
export interface Question {
  readonly type: string;
  readonly params: JsonObject;
  /** What they are held against: a language, or the request they go with. */
  readonly beside: { readonly language: LanguageTag } | { readonly request: JsonObject };
}

/** What a check says of its parameters. */
export interface Advice {
  readonly problem: string | null;
  readonly warnings: readonly ParameterWarning[];
}

export interface PackedTask {
  readonly answer: Omit<SeenAnswer, 'request'>;
  /** JSON of the request. */
  readonly request: string;
  /** JSON of each `CheckSpec`. */
  readonly checks: readonly string[];
}

/** Steps for a judge, who gives a result for each, in order. */
export type Job =
  | { readonly kind: 'judge'; readonly tasks: readonly PackedTask[] }
  | { readonly kind: 'advise'; readonly question: Question };

/** From a judge: ready to begin, or results of the next steps. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'advice'; readonly advice: Advice };

/** The checks from `first` up to `end`, counted over all tasks, as a job. */
export function packJob(tasks: readonly Task[], first: number, end: number): Job {
  const packed: PackedTask[] = [];
  let at = 0;
  for (const { answer, checks } of tasks) {
    const some = checks.slice(Math.max(0, first - at), Math.max(0, end - at));
    at += checks.length;
    if (some.length === 0) continue;
    const { request, ...seen } = answer;
    packed.push({
      answer: seen,
      request: JSON.stringify(request),
      checks: some.map((spec) => JSON.stringify(spec)),
    });
  }
  return { kind: 'judge', tasks: packed };
}
