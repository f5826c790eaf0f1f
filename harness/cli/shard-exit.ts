/** What a shard leaves with: it is done when all that is its own was asked to the end. What that is worth, `merge` judges. */
import { exitCode } from '../errors.ts';
import { ownCells, ownsSpeed } from '../plan/shard.ts';
import type { Report } from '../types.ts';

/** null: the run is no shard. Neither gates nor `maxErrorRate` are looked at. */
export function shardExit({ summary, rows }: Report): number | null {
  const { shard } = summary.run;
  if (shard === undefined) return null;
  const plan = { cells: rows.map(({ cell }) => cell) };
  const own = new Set(ownCells(plan, shard).map(({ key }) => key));
  const isAsked = rows.every(({ cell, sample }) => sample !== null || !own.has(cell.key));
  const isLoaded =
    !ownsSpeed(plan, shard) || (summary.speedPhase?.levels ?? []).every(({ unmeasured }) => unmeasured === 0);
  return isAsked && isLoaded ? exitCode.done : exitCode.incomplete;
}
