/** What became of a planned cell, in one word. Nobody heard it, nothing judged it, or how it failed: never mixed up. */
import type { Cell, CellKind, Sample } from '../types.ts';
import type { CellScore, FindingsByIndex } from './cell-score.ts';

/** Anything a reader could see: not white space, not a control, not a character made to be invisible. */
const visible = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]/u;

/** The one kind of a cell. `score` is that of the whole cell. */
export function cellKind(
  cell: Cell,
  sample: Sample | null,
  findings: FindingsByIndex,
  score: CellScore,
): CellKind {
  if (sample === null) return 'unasked';
  if (sample.outcome.kind === 'failed') return 'no-answer';
  if (cell.checks.length === 0) return 'observed';
  const verdicts = cell.checks.map((_, index) => findings[index]?.verdict);
  if (verdicts.some((verdict) => verdict?.status !== 'scored' && verdict?.why !== 'not-applicable'))
    return 'check-error';
  if (verdicts.every((verdict) => verdict?.status !== 'scored')) return 'not-applicable';
  if (score.pass === null) return 'scored-only';
  return score.pass ? 'passed' : whyFailed(cell, sample.outcome, findings);
}

type Answered = Extract<Sample['outcome'], { kind: 'answered' }>;

/** The first reason that explains a failed cell: what the endpoint did before what the answer says. */
function whyFailed(cell: Cell, outcome: Answered, findings: FindingsByIndex): CellKind {
  const failed = (types: readonly string[], polarity: 'plain' | 'negated' | 'either'): boolean =>
    cell.checks.some((check, index) => {
      const verdict = findings[index]?.verdict;
      return (
        (polarity === 'either' || check.not === (polarity === 'negated')) &&
        types.includes(check.type) &&
        verdict?.status === 'scored' &&
        verdict.pass === false
      );
    });
  if (outcome.refusal !== null || outcome.finish === 'content_filter') return 'refusal';
  if (outcome.finish === 'length') return 'truncated';
  if (!visible.test(outcome.text) && outcome.toolCalls.length === 0) return 'empty';
  // `not-refusal` fails on an answer that reads like one, though the server gave no sign.
  if (failed(['refusal'], 'negated')) return 'refusal';
  // `not-language: en` fails on an English answer: the wrong language all the same.
  if (failed(['language', 'script'], 'either')) return 'wrong-language';
  if (failed(['is-json', 'contains-json'], 'plain')) return 'invalid-json';
  return 'wrong-answer';
}
