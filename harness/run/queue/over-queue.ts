/**
 * The second carrier: the same blocks, limits, retries and breakers as in one process, with workers on other machines in
 * the place of its connections. There is one controller, here; workers ask what they are given and judge nothing.
 */
import { exitCode, personError } from '../../errors.ts';
import { execute, type Executor } from '../execute.ts';
import { Dispatcher, type DispatchOptions } from './dispatch.ts';

export interface OverQueueOptions extends Omit<DispatchOptions, 'open'> {
  /** Hears the keys of cells whose jobs were lost too often. Their cells stay open. */
  readonly onLost: (keys: readonly string[]) => void;
  /** Hears how many answers came although there was one: paid for, in the worker's own folder, and not recorded here. */
  readonly onSurplus: (count: number) => void;
  /** A load comes next: the workers stay, unless the questions were left. */
  readonly goesOn?: boolean;
}

export function executeOverQueue(options: OverQueueOptions): Executor {
  return async (orders) => {
    const blocks = orders.lanes.flat();
    const open = new Set(blocks.flatMap(({ cells }) => cells.map(({ key }) => key)));
    const dispatcher = new Dispatcher({ ...options, open });
    const stop = AbortSignal.any([orders.stop, dispatcher.gone]);
    let done = false;
    try {
      await dispatcher.open();
      const result = await execute({
        ...orders,
        stop,
        askers: new Map(
          options.targets.map((target) => [target.id, { target, ask: dispatcher.ask(target) }]),
        ),
        record: async (sample) => {
          await orders.record(sample);
          dispatcher.acknowledge(sample.cell);
        },
        // The times were kept by the workers, and so was the watch over them.
        ...(orders.watch === undefined ? {} : { watch: { ...orders.watch, disturbed: () => false } }),
        onCool: (target, ms) => {
          dispatcher.cool(target, ms);
          orders.onCool?.(target, ms);
        },
      });
      done = !orders.stop.aborted;
      if (dispatcher.gone.aborted)
        throw personError(`there is no queue at ${options.broker.address.shown} any more`, {
          hint: 'what was answered is on record; start the queue and go on with --resume',
          exit: exitCode.aborted,
        });
      return result;
    } finally {
      await dispatcher.close(!done ? 'back-later' : options.goesOn === true ? 'goes-on' : 'done');
      if (dispatcher.lost.length > 0) options.onLost(dispatcher.lost);
      if (dispatcher.surplus > 0) options.onSurplus(dispatcher.surplus);
    }
  };
}
