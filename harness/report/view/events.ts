/** What happened beside the asking, in words and with times from the start of the run. */
import type { Summary } from '../../types.ts';
import { eventWords as w } from '../strings.ts';

export interface EventView {
  /** `qwen: 2 outages, 31 s in all`. */
  readonly counts: readonly { readonly target: string; readonly text: string }[];
  readonly lines: readonly { readonly at: string; readonly target: string; readonly text: string }[];
  /** Lines that are not shown; empty where all are. */
  readonly more: string;
}

/** null where nothing happened. */
export function eventView({ events }: Summary): EventView | null {
  if (events === undefined) return null;
  const { counts, list } = events;
  const left = list.distinct - list.list.length;
  return {
    counts: counts.map(({ target, event, count, totalMs }) => ({
      target: target ?? w.run,
      text: `${w.names[event]} ${count}${totalMs === null ? '' : `, ${seconds(totalMs)} ${w.inAll}`}`,
    })),
    lines: list.list.map(({ atMs, event, target, phase, leg, ms, because }) => ({
      at: clockTime(atMs),
      target: target ?? w.run,
      text: [`${w.names[event]}${ms === null ? '' : `, ${seconds(ms)}`}`, because, `${phase}, ${leg}`]
        .filter((part) => part !== '')
        .join('; '),
    })),
    more: left === 0 ? '' : `${left} ${w.more}`,
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)}\u00a0s`;

/** `1:02:03`, from the start of the run. */
function clockTime(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
