/** The thread that watches memory: nothing it does, however long, delays the thread that stamps times. */
import { parentPort, workerData } from 'node:worker_threads';
import { openProbes, type ProbeSet } from './probe-set.ts';
import { tellOfChildren } from './tool.ts';
import type { Order, Report, Start } from './wire.ts';

const port = parentPort;
if (port === null) throw new Error('this file is a thread of its own');

const say = (report: Report): void => port.postMessage(report);
tellOfChildren((pid, isAlive) => say({ say: 'child', pid, isAlive }));

const set = openProbes({
  ...(workerData as Start),
  now: Date.now,
  take: (reading) => say({ say: 'reading', reading }),
});

port.on('message', (order: Order) => {
  void obey(set, order)
    .then(() => say({ say: 'done', id: order.id, error: null }))
    .catch((error: unknown) => say({ say: 'done', id: order.id, error: String((error as Error).stack) }));
});

function obey(probes: ProbeSet, order: Order): Promise<void> {
  switch (order.call) {
    case 'attach':
      return probes.attach(order.target, order.pid);
    case 'measure':
      return probes.measure(order.moment, order.scope);
    case 'startLoad':
      return probes.startLoad(order.scope);
    case 'endLoad':
      return probes.endLoad();
    case 'close':
      return probes.close();
  }
}
