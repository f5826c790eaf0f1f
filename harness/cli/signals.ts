/** Interrupts: the first stops asking and gives calls in flight some grace, the second leaves at once. */
import { exitCode } from '../errors.ts';

export interface Signals {
  /** No further attempts. */
  readonly stop: AbortSignal;
  /** Calls in flight are given up. */
  readonly cut: AbortSignal;
  readonly received: () => 'SIGINT' | 'SIGTERM' | null;
  /** Takes the handlers off again. */
  readonly done: () => void;
}

/** `onFirst` says so; `onLast` leaves terminal and folder in order when a second signal ends the process at once. */
export function watchSignals(graceMs: number, onFirst: () => void, onLast: () => void): Signals {
  const stop = new AbortController();
  const cut = new AbortController();
  let first: 'SIGINT' | 'SIGTERM' | null = null;
  let grace: NodeJS.Timeout | undefined;
  const handle = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (first !== null) {
      onLast();
      // Acknowledged answers are the system's already: leaving now loses none of them.
      // eslint-disable-next-line unicorn/no-process-exit
      process.exit(signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated);
    }
    first = signal;
    onFirst();
    stop.abort();
    grace = setTimeout(() => cut.abort(), graceMs);
  };
  const onInterrupt = (): void => handle('SIGINT');
  const onTerminate = (): void => handle('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    stop: stop.signal,
    cut: cut.signal,
    received: () => first,
    done: () => {
      clearTimeout(grace);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
