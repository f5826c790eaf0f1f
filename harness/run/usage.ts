/** What a server counts, from its usage or its timings. Counts that cannot be are unknown. */
import type { Usage } from '../types.ts';
import { fields, type Fields } from './json-fields.ts';

/** The part of an answer that is counted. */
export interface Counted {
  usage: Usage | null;
  /** Completion tokens by the server's own timings, where usage is absent. */
  timings: Usage | null;
  readonly text: string;
  readonly flags: Set<string>;
}

/** The last usage wins, wherever it came; it is never summed. Counts that cannot be are unknown. */
export function takeUsage(state: Counted, chunk: Fields): void {
  const usage = fields(chunk['usage']);
  if (usage !== null) {
    // The last word counts: what was said before it was not the whole.
    state.usage = readUsage(usage, state.flags);
    if (state.usage === null) state.flags.add('usage-invalid');
  }
  const timings = fields(chunk['timings']);
  if (timings !== null) {
    const completion = count(timings['predicted_n']) ?? null;
    const cached = count(timings['cache_n']) ?? null;
    const evaluated = count(timings['prompt_n']) ?? null;
    const prompt = evaluated === null || cached === null ? null : evaluated + cached;
    if (completion !== null)
      state.timings = { prompt, completion, reasoning: null, cached, source: 'timings' };
  }
}

/**
 * null: impossible. Some gateways count reasoning beside the completion, as their own total shows; here it is a part of
 * it, as it is for everybody else.
 */
function readUsage(usage: Fields, flags: Set<string>): Usage | null {
  const prompt = said(usage['prompt_tokens']);
  const completion = said(usage['completion_tokens']);
  const total = count(usage['total_tokens']);
  if (prompt === undefined || completion === undefined || total === undefined) return null;
  const reasoning =
    count(fields(usage['completion_tokens_details'])?.['reasoning_tokens']) ??
    count(usage['reasoning_tokens']) ??
    null;
  const cached = count(fields(usage['prompt_tokens_details'])?.['cached_tokens']) ?? null;
  flags.delete('reasoning-apart');
  if (prompt === null || completion === null || total === null || total === prompt + completion)
    return { prompt, completion, reasoning, cached, source: 'usage' };
  if (reasoning === null || total !== prompt + completion + reasoning) return null;
  flags.add('reasoning-apart');
  return { prompt, completion: completion + reasoning, reasoning, cached, source: 'usage' };
}

/** As `count`, where a null in place of a number is as impossible as any other word. */
function said(value: unknown): number | null | undefined {
  return value === null ? undefined : count(value);
}

/** null: not said. undefined: said, and impossible. */
function count(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 1e9
    ? value
    : undefined;
}

/** What the server counted; `none` where it said nothing usable, or 0 tokens beside a text. */
export function usageOf(state: Counted): Usage {
  const usage = state.usage?.completion != null ? state.usage : (state.timings ?? state.usage);
  const none: Usage = {
    prompt: usage?.prompt ?? null,
    completion: null,
    reasoning: null,
    cached: usage?.cached ?? null,
    source: 'none',
  };
  if (usage === null || usage.completion === null) return none;
  if (usage.completion === 0 && state.text !== '') {
    state.flags.add('usage-suspect');
    return none;
  }
  return usage;
}
