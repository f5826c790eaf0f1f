/** What happened beside the asking: why a run took long, or lacks what it lacks. */
import type { EventCount, EventLine, EventLog, Manifest, RunEvent } from '../types.ts';
import { compareText } from './effective.ts';
import { groupBy } from './grouping.ts';

/** Lines of the list; what is counted is counted in full. */
const mostLines = 50;

/** null: nothing happened. The order of the events does not matter. */
export function eventLog(manifest: Manifest, events: readonly RunEvent[]): EventLog | null {
  if (events.length === 0) return null;
  const start = startOf(manifest);
  const sorted = events.toSorted((a, b) => a.at - b.at || compareText(JSON.stringify(a), JSON.stringify(b)));
  const lines = sorted.map(({ event, target, phase, leg, ms, because, at }): EventLine => ({
    atMs: at - start,
    event,
    target,
    phase,
    leg,
    ms,
    because,
  }));
  const ids: readonly (string | null)[] = [...manifest.targets.map(({ id }) => id), null];
  const place = (target: string | null): number => (ids.indexOf(target) + ids.length) % ids.length;
  const counts = [...groupBy(lines, ({ target, event }) => `${target ?? ''}\u0000${event}`).values()]
    .flatMap((own): EventCount[] => {
      const [first] = own;
      if (first === undefined) return [];
      const known = own.flatMap(({ ms }) => ms ?? []);
      return [
        {
          target: first.target,
          event: first.event,
          count: own.length,
          totalMs: known.length === 0 ? null : known.reduce((sum, ms) => sum + ms, 0),
        },
      ];
    })
    .toSorted((a, b) => place(a.target) - place(b.target) || compareText(a.event, b.event));
  return { counts, list: { list: lines.slice(0, mostLines), distinct: lines.length } };
}

/** The first start; of runs that were put together, the first of any. ms since 1970. */
function startOf({ createdAt, legs }: Manifest): number {
  return Math.min(...[createdAt, ...legs.map(({ startedAt }) => startedAt)].map((time) => Date.parse(time)));
}
