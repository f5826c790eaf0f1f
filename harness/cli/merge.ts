/** `visavis merge`: the shards of one run in a run folder of its own. Reads folders only; the report is made as always. */
import { missingShards } from '../aggregate/parts.ts';
import { counted } from '../aggregate/sentence.ts';
import { exitCode } from '../errors.ts';
import { describeCell } from '../plan/expand.ts';
import { describeShard } from '../plan/shard.ts';
import { findRun, pointLatest } from '../record/run-folder.ts';
import type { Report } from '../types.ts';
import { deriveRun, printResult } from './derived.ts';
import { exitOf } from './gates.ts';
import { putTogether, type Together } from './merge/put-together.ts';
import { openStreams, type Streams } from './streams.ts';
import { safeLine } from './terminal.ts';

export interface MergeOptions {
  readonly output: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** Gaps are listed up to so many; the rest is counted. */
const mostListed = 20;

export async function runMerge(runs: readonly string[], options: MergeOptions): Promise<number> {
  const streams = openStreams({ color: options.color, quiet: options.json });
  const together = putTogether(
    runs.map((run) => findRun(options.output, run === 'latest' ? null : run)),
    options.output,
  );
  const { folder, found } = together;
  for (const line of [...found.damage, ...found.leftOut]) streams.warn(safeLine(line, 300));
  pointLatest(folder);
  const report = await deriveRun(folder, streams, options.json, streams.warn);
  const { summary } = report;
  const gaps = gapsOf(report, together);
  printResult(streams, folder, summary, options.json, { gaps });
  for (const { code, text } of summary.notes) if (code === 'duplicates') streams.warn(safeLine(text));
  sayGaps(streams, gaps);
  const isWhole = gaps.cells + gaps.requests === 0;
  return isWhole ? exitOf(summary) : exitCode.incomplete;
}

/** What nobody was asked. No flag makes it pass. */
interface Gaps {
  readonly planned: number;
  readonly cells: number;
  /** Names of the first of them, in plan order. */
  readonly first: readonly string[];
  /** Of the speed phase. */
  readonly requests: number;
  /** In words. */
  readonly shards: readonly string[];
}

function gapsOf({ rows }: Report, { manifest, found }: Together): Gaps {
  const unasked = rows.filter(({ sample }) => sample === null);
  return {
    planned: rows.length,
    cells: unasked.length,
    first: unasked.slice(0, mostListed).map(({ cell }) => safeLine(describeCell(cell))),
    requests: found.unmeasured,
    shards: unasked.length + found.unmeasured === 0 ? [] : missingShards(manifest).map(describeShard),
  };
}

function sayGaps(streams: Streams, { planned, cells, first, requests, shards }: Gaps): void {
  const head = streams.paintErr('red', 'INCOMPLETE');
  if (shards.length > 0) {
    const more = shards.length > mostListed ? ` and ${shards.length - mostListed} more` : '';
    streams.warn(`${head}: not among these runs: ${shards.slice(0, mostListed).join(', ')}${more}`);
  }
  if (cells > 0) {
    streams.warn(`${head}: never asked: ${cells} of ${counted(planned, 'planned cell')}`);
    for (const name of first) streams.warn(`  ${name}`);
    if (cells > first.length) streams.warn(`  and ${cells - first.length} more`);
  }
  if (requests > 0) streams.warn(`${head}: ${counted(requests, 'request')} of the speed phase not measured`);
}
