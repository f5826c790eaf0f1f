/** What the person sees of an outcome, and why there may be nothing. */
import type { Row } from '../types.ts';

/** The answer; a refusal or tool calls where the server sent those instead; '' when there was none. */
export function answerText(row: Row): string {
  const outcome = row.sample?.outcome;
  if (outcome?.kind !== 'answered') return '';
  if (outcome.text !== '') return outcome.text;
  if (outcome.refusal !== null) return outcome.refusal;
  return outcome.toolCalls.map((call) => `${call.name}(${call.arguments})`).join('\n');
}

/** The failure code of an unanswered cell, else null. */
export function failureCode(row: Row): string | null {
  return row.sample?.outcome.kind === 'failed' ? row.sample.outcome.failure.code : null;
}
