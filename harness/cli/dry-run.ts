/** `--dry-run`: what would be sent, without sending it. */
import { describeShard, ownPart } from '../plan/shard.ts';
import type { Cell, SpeedRequest } from '../types.ts';
import type { Invocation, Prepared } from './prepare.ts';
import type { Streams } from './streams.ts';
import { safeLine, safeText } from './terminal.ts';

export function printDryRun(
  streams: Streams,
  prepared: Prepared,
  invocation: Invocation,
  json: boolean,
): void {
  const { shard = null } = invocation;
  const { cells, requests } = ownPart(prepared, shard);
  const counts = new Map<string, number>();
  for (const cell of cells)
    counts.set(`${cell.suite} ${cell.target}`, (counts.get(`${cell.suite} ${cell.target}`) ?? 0) + 1);
  const first = new Map<string, Cell>();
  for (const cell of cells) if (!first.has(cell.suite)) first.set(cell.suite, cell);
  if (json) {
    streams.printJson({
      cells: cells.length,
      ...(shard === null ? {} : { shard, planned: prepared.plan.cells.length }),
      perSuiteAndTarget: Object.fromEntries(counts),
      seed: invocation.seed,
      speed: Object.fromEntries(speedCounts(requests)),
      first: [...first.values()],
    });
    return;
  }
  streams.print(`${cells.length} cells would be asked, each once unless it fails; nothing was sent.`);
  if (shard !== null)
    streams.print(`This is ${describeShard(shard)}; all together ask ${prepared.plan.cells.length} cells.`);
  for (const suite of prepared.suites) {
    for (const target of prepared.targets.targets) {
      streams.print(
        `  ${safeText(suite.name)} -> ${safeText(target.id)}: ${counts.get(`${suite.name} ${target.id}`) ?? 0}`,
      );
    }
  }
  for (const [level, count] of speedCounts(requests))
    streams.print(`  speed ${safeText(level)}: ${count} requests, warm-up apart`);
  for (const cell of first.values()) {
    streams.print(
      `\n${safeText(cell.suite)} > ${safeText(cell.test)} [${cell.language}], request ${safeLine(JSON.stringify(cell.request), 400)}`,
    );
    for (const { role, content, images = [] } of cell.messages) {
      const shown = images.reduce((text, image) => text.replace('\uFFFC', `[${image.name}]`), content);
      streams.quote(`${role}: ${shown}`);
    }
  }
}

/** Requests of the speed phase by series, level and target. */
function speedCounts(requests: readonly SpeedRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { series, level, target } of requests) {
    const name = `${series === 'all' ? '' : `${series} `}${level} -> ${target}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
