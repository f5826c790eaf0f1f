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
  Outcome,
  Sample,
  Times,
  Verdict,
} from '../types.ts';
import { withoutReasoning } from './reasoning.ts';
import { applyTransforms } from './transform.ts';

type Answered = Extract<Outcome, { kind: 'answered' }>;

/** What the hall knows and a check may need. */
export interface ScoreContext {
  readonly catalogue: CheckCatalogue;
  /** The times of an answer; null where they say nothing of a server, because it was replayed or held up. */
  readonly times: (cell: Cell, sample: Sample) => Times | null;
  /** Who scores, as in `visavis-1.2.3`: the tail of every signature. */
  readonly impl?: string;
  /** Whether a cell's target takes tools; null: not known. */
  readonly takesTools: (cell: Cell) => boolean | null;
}

/** A score this close to the threshold reaches it: sums of weights do not come out even. */
const tolerance = 1e-12;

/** Findings of one cell in the order of its checks. `sample`: the record that counts, or null when there is none. */
export async function scoreCell(
  cell: Cell,
  sample: Sample | null,
  context: ScoreContext,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [index, spec] of cell.checks.entries()) {
    findings.push({
      v: 1,
      cell: cell.key,
      index,
      check: `${spec.not ? 'not-' : ''}${spec.type}`,
      metric: spec.metric,
      weight: spec.weight,
      verdict:
        sample?.outcome.kind === 'answered'
          ? await judge(cell, { ...sample, outcome: sample.outcome }, spec, context)
          : noAnswer(sample),
    });
  }
  return findings;
}

function noAnswer(sample: Sample | null): Verdict {
  const because =
    sample?.outcome.kind === 'failed' ? `no answer: ${sample.outcome.failure.code}` : 'not asked';
  return { status: 'unscored', why: 'no-answer', because, details: {} };
}

type AnsweredSample = Sample & { readonly outcome: Answered };

async function judge(
  cell: Cell,
  sample: AnsweredSample,
  spec: CheckSpec,
  context: ScoreContext,
): Promise<Verdict> {
  const { catalogue } = context;
  const check = Object.hasOwn(catalogue, spec.type) ? catalogue[spec.type] : undefined;
  if (check === undefined) return crashed(`this release has no check "${spec.type}"`);
  try {
    const judged = await judgement(cell, sample, spec, check, context);
    const signature = signatureOf(judged, check, context);
    // An answer that never came passes any "does not contain": whoever reads the row must see why.
    const details = withoutReasoning(sample.outcome.text).unclosed
      ? { ...judged.details, signature, reasoning: 'unclosed' }
      : { ...judged.details, signature };
    return verdictOf({ ...judged, details }, spec);
  } catch (error) {
    return crashed(error instanceof Error ? error.message : 'the check threw something that is no error');
  }
}

/** The definition behind a score, with who put it into practice: equal numbers of two releases may not be equal. */
function signatureOf({ details }: Judgement, check: Check, { impl }: ScoreContext): string {
  const said = details['signature'];
  const signature = typeof said === 'string' ? said : check.name;
  return impl === undefined ? signature : `${signature}|impl:${impl}`;
}

async function judgement(
  cell: Cell,
  sample: AnsweredSample,
  spec: CheckSpec,
  check: Check,
  context: ScoreContext,
): Promise<Judgement> {
  const answer = sample.outcome;
  const input: CheckInput = {
    text: '',
    language: cell.language,
    params: spec.params,
    finish: answer.finish,
    prompt: cell.messages.map((message) => message.content).join('\n'),
    jsonRequested: asksForJson(cell),
    request: cell.request,
    toolCalls: answer.toolCalls,
    refusal: answer.refusal,
    usage: sample.usage,
    times: context.times(cell, sample),
    takesTools: context.takesTools(cell),
  };
  const transformed = applyTransforms(answer.text, spec.transform, answer.finish);
  if ('nothingFor' in transformed) {
    // Nothing to look at is neither "contains" nor "does not contain".
    const because = `the answer holds nothing for the transform ${transformed.nothingFor.slice(0, 60)}`;
    // The check's word on an empty answer gives the signature of its other verdicts: one figure, one definition. The
    // statistics of a metric go with it, or its corpus figure would leave out what its mean counts as 0.
    const { signature = check.name, stats } = (await check.run(input)).details;
    const details = stats === undefined ? { signature } : { signature, stats };
    return { status: 'scored', score: 0, because, details, unreadable: true };
  }
  return check.run({ ...input, text: transformed.text });
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

function crashed(why: string): Verdict {
  return { status: 'unscored', why: 'check-error', because: why.slice(0, 200), details: {} };
}
