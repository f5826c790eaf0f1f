/**
 * Prompts that a server may have cut without a word: it answers, with 200, half a question. Only its count of tokens
 * tells. A suspicion, not a finding: it is a flag on the answer and changes no score.
 */
import type { Cell, Manifest } from '../types.ts';
import type { Effective } from './effective.ts';
import { quantile } from './stats/quantile.ts';
import { entry } from './grouping.ts';

export const cutFlag = 'prompt-truncated-suspect';

/** Shorter prompts fit everywhere. */
const fewestTokens = 512;
/** Prompts of one language so far apart do not have the same count by chance. */
const apart = 1.5;
/** Far below what the other prompts of the language cost for their length. */
const farBelow = 0.5;
const fewestOthers = 5;

interface Counted {
  readonly key: string;
  /** As the server counted. */
  readonly tokens: number;
  /** UTF-8, of all messages. */
  readonly bytes: number;
}

/** Keys of the cells whose prompt may have been cut. */
export function suspects(
  manifest: Manifest,
  cells: readonly Cell[],
  effective: ReadonlyMap<string, Effective>,
): ReadonlySet<string> {
  const contexts = new Map(manifest.targets.map(({ id, facts }) => [id, facts?.['contextTokens']]));
  const groups = new Map<string, Counted[]>();
  const found = new Set<string>();
  for (const cell of cells) {
    const counted = countedOf(cell, effective.get(cell.key));
    if (counted === null) continue;
    const context = contexts.get(cell.target);
    // A prompt that fills the context leaves no room for the answer that came.
    if (typeof context === 'number' && counted.tokens >= context - 1) found.add(cell.key);
    entry(groups, `${cell.target}\u0000${cell.language}`, () => []).push(counted);
  }
  for (const group of groups.values()) for (const key of cutIn(group)) found.add(key);
  return found;
}

/** null: not answered, not counted, or with images, which every server counts in its own way. */
function countedOf({ key, messages }: Cell, effective: Effective | undefined): Counted | null {
  const sample = effective?.sample;
  const tokens = sample?.usage.prompt ?? null;
  if (sample?.outcome.kind !== 'answered' || tokens === null || tokens < 1) return null;
  if (messages.some(({ images }) => images !== undefined && images.length > 0)) return null;
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return { key, tokens, bytes };
}

/** Prompts of one target in one language: the same text costs the same, so a longer one costs more. */
function cutIn(group: readonly Counted[]): string[] {
  const byCount = new Map<number, Counted[]>();
  for (const one of group) entry(byCount, one.tokens, () => []).push(one);
  const capped = [...byCount].flatMap(([tokens, same]) => {
    const sizes = same.map(({ bytes }) => bytes);
    const isApart = Math.max(...sizes) >= apart * Math.min(...sizes);
    return tokens >= fewestTokens && isApart ? same : [];
  });
  const rates = Float64Array.from(group, ({ tokens, bytes }) => tokens / Math.max(1, bytes)).sort();
  const usual = group.length > fewestOthers ? quantile(rates, 0.5) : 0;
  const cheap = group.filter(
    ({ tokens, bytes }) => bytes * usual >= fewestTokens && tokens < farBelow * bytes * usual,
  );
  return [...capped, ...cheap].map(({ key }) => key);
}
