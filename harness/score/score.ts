/**
 * From an answer to findings: one per check of the cell, always. No answer, a check that crashed and a check that does
 * not apply are each said; none of them is a zero.
 */
import type {
  Cell,
  Check,
  CheckCatalogue,
  CheckInput,
  CheckSpec,
  Finding,
  Judgement,
  Sample,
  Times,
  Verdict,
} from '../types.ts';
import { withoutReasoning } from './reasoning.ts';
import { applyTransforms } from './transform.ts';

/** What checks may see of one answer, before any transform. Plain data: it may be judged on another thread. */
export type SeenAnswer = Omit<CheckInput, 'params'>;

/** What judging needs beside the answer. */
export interface JudgeTools {
  readonly catalogue: CheckCatalogue;
  /** Who scores, as in `visavis-1.2.3`: the tail of every signature. */
  readonly impl?: string;
}

/** What the hall knows and a check may need. */
export interface ScoreContext extends JudgeTools {
  /** The times of an answer; null where they say nothing of a server, because it was replayed or held up. */
  readonly times: (cell: Cell, sample: Sample) => Times | null;
  /** Whether a cell's target takes tools; null: not known. */
  readonly takesTools: (cell: Cell) => boolean | null;
}

/** A score this close to the threshold reaches it: sums of weights do not come out even. */
const tolerance = 1e-12;
/** UTF-16 units of an answer that is judged: what checks build of a longer one may be more than memory holds. */
const maxAnswerLength = 2 * 1024 * 1024;

/** Findings of one cell in the order of its checks. `sample`: the record that counts, or null when there is none. */
export async function scoreCell(
  cell: Cell,
  sample: Sample | null,
  context: ScoreContext,
): Promise<Finding[]> {
  const answer = seenAnswer(cell, sample, context);
  const judge = answer === null ? null : judgeOf(answer, context);
  const findings: Finding[] = [];
  for (const index of cell.checks.keys()) {
    const spec = cell.checks[index];
    if (spec === undefined) continue;
    findings.push(findingOf(cell, index, judge === null ? noAnswer(sample) : await judge(spec)));
  }
  return findings;
}

/** A verdict as the record of one check of a cell. Throws for a check the cell has not. */
export function findingOf(cell: Cell, index: number, verdict: Verdict): Finding {
  const spec = cell.checks[index];
  if (spec === undefined) throw new Error(`${cell.key} has no check ${index}`);
  const { type, not, metric, weight } = spec;
  return { v: 1, cell: cell.key, index, check: `${not ? 'not-' : ''}${type}`, metric, weight, verdict };
}

/** The verdict on every check of a cell that has no answer. */
export function noAnswer(sample: Sample | null): Verdict {
  const because =
    sample?.outcome.kind === 'failed' ? `no answer: ${sample.outcome.failure.code}` : 'not asked';
  return { status: 'unscored', why: 'no-answer', because, details: {} };
}

/** What the checks of a cell see of its answer; null without one. */
export function seenAnswer(
  cell: Cell,
  sample: Sample | null,
  context: Pick<ScoreContext, 'times' | 'takesTools'>,
): SeenAnswer | null {
  if (sample?.outcome.kind !== 'answered') return null;
  const { text, finish, toolCalls, refusal } = sample.outcome;
  return {
    text,
    language: cell.language,
    finish,
    prompt: cell.messages.map((message) => message.content).join('\n'),
    jsonRequested: asksForJson(cell),
    request: cell.request,
    toolCalls,
    refusal,
    usage: sample.usage,
    times: context.times(cell, sample),
    takesTools: context.takesTools(cell),
  };
}

/** Judges one answer by one check after the other. Never throws: a check that does is a verdict of its own. */
export function judgeOf(answer: SeenAnswer, tools: JudgeTools): (spec: CheckSpec) => Promise<Verdict> {
  let unclosed: boolean | null = null;
  return async (spec) => {
    const { catalogue } = tools;
    const check = Object.hasOwn(catalogue, spec.type) ? catalogue[spec.type] : undefined;
    if (check === undefined) return crashed(`this release has no check "${spec.type}"`);
    if (answer.text.length > maxAnswerLength)
      return crashed(`the answer has ${answer.text.length} characters, the limit is ${maxAnswerLength}`);
    try {
      const judged = await judgement(answer, spec, check);
      const signature = signatureOf(judged, check, tools);
      unclosed ??= withoutReasoning(answer.text).unclosed;
      // An answer that never came passes any "does not contain": whoever reads the row must see why.
      const details = unclosed
        ? { ...judged.details, signature, reasoning: 'unclosed' }
        : { ...judged.details, signature };
      return verdictOf({ ...judged, details }, spec);
    } catch (error) {
      return crashed(error instanceof Error ? error.message : 'the check threw something that is no error');
    }
  };
}

/** The definition behind a score, with who put it into practice: equal numbers of two releases may not be equal. */
function signatureOf({ details }: Judgement, check: Check, { impl }: JudgeTools): string {
  const said = details['signature'];
  const signature = typeof said === 'string' ? said : check.name;
  return impl === undefined ? signature : `${signature}|impl:${impl}`;
}

function judgement(answer: SeenAnswer, spec: CheckSpec, check: Check): Judgement | Promise<Judgement> {
  const transformed = applyTransforms(answer.text, spec.transform, answer.finish);
  return 'nothingFor' in transformed
    ? nothingFor(transformed.nothingFor, { ...answer, params: spec.params, text: '' }, check)
    : check.run({ ...answer, params: spec.params, text: transformed.text });
}

/** Nothing to look at is neither "contains" nor "does not contain". */
async function nothingFor(transform: string, empty: CheckInput, check: Check): Promise<Judgement> {
  const because = `the answer holds nothing for the transform ${transform.slice(0, 60)}`;
  // The check's word on an empty answer gives the signature of its other verdicts: one figure, one definition. The
  // statistics of a metric go with it, or its corpus figure would leave out what its mean counts as 0.
  const { signature = check.name, stats } = (await check.run(empty)).details;
  const details = stats === undefined ? { signature } : { signature, stats };
  return { status: 'scored', score: 0, because, details, unreadable: true };
}

function asksForJson(cell: Cell): boolean {
  const format = cell.request['response_format'];
  return typeof format === 'object' && format !== null && 'type' in format && format['type'] !== 'text';
}

/** Applies the threshold and the `not-`. What could not be read fails in both polarities. */
function verdictOf(judged: Judgement, spec: CheckSpec): Verdict {
  if (judged.status === 'unscored') return judged;
  const { score, because, details } = judged;
  if (!(score >= 0 && score <= 1)) return crashed(`the check gave the score ${score}`);
  const reached = spec.threshold === null ? null : (judged.pass ?? score >= spec.threshold - tolerance);
  if (!spec.not) return { status: 'scored', score, pass: reached, because, details };
  if (judged.unreadable === true)
    return { status: 'scored', score: 0, pass: reached === null ? null : false, because, details };
  return { status: 'scored', score: 1 - score, pass: reached === null ? null : !reached, because, details };
}

/** A check that gave no verdict: `why` in one line. */
export function crashed(why: string): Verdict {
  return {
    status: 'unscored',
    why: 'check-error',
    because: why.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200),
    details: {},
  };
}
