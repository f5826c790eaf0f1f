/** Every row of the catalogue of faults that a script can play: at the first request, and in the middle of a run. */
import { existsSync, readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsElsewhere } from '../../fixtures/faults/elsewhere.ts';
import { scriptedRows as rows } from '../../fixtures/faults/scripted.ts';
import {
  faultAsker,
  faultCell,
  faultContext,
  FaultTable,
  misses,
  targetFor,
} from '../../fixtures/servers/fault-bench.ts';
import type { FaultRow } from '../../fixtures/servers/fault-row.ts';
import {
  delta,
  sse,
  startFaultServer,
  streamOf,
  type FaultServer,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import type { Sample } from '../types.ts';
import { startClock } from './clock.ts';
import { execute } from './execute.ts';

const table = new FaultTable();
const unhandled: unknown[] = [];
const note = (reason: unknown): void => {
  unhandled.push(reason);
};
/** Timers and sockets of the test runner itself. */
const busy = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /Timeout|TCPSocketWrap|TCPServerWrap/u.test(name));
/** Open files and sockets, where the system tells. */
const descriptors = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0);
let baseline: string[] = [];
let openBefore = 0;

beforeAll(() => {
  process.on('unhandledRejection', note);
  baseline = busy();
  openBefore = descriptors();
});
afterAll(() => {
  process.off('unhandledRejection', note);
  for (const row of rowsElsewhere) table.note(row, 'first', `not here: ${row.skip ?? ''}`);
  table.print();
});

/** Takes away what nobody holds any more. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** Serves while `use` runs; then nobody may still be connected. */
async function withServer<T>(script: Script, use: (server: FaultServer) => Promise<T>): Promise<T> {
  const server = await startFaultServer(script);
  try {
    const result = await use(server);
    expect(await server.deserted()).toBe(true);
    return result;
  } finally {
    await server.close();
  }
}

const good = streamOf(sse(delta({ content: 'ደህና' }), delta({}, 'stop'), '[DONE]'));
const named = rows.map((row) => [row.row, row.name, row] as const);

describe('a fault at the first request', () => {
  it.each(named)('%s %s', { retry: 1 }, async (_row, _name, row) => {
    await withServer(row.script ?? good, async (server) => {
      const target = targetFor(row);
      const asker = faultAsker(server.baseUrl, { target });
      const started = performance.now();
      const sample = await asker.ask(faultCell('bad', row.request), faultContext());
      const tookMs = performance.now() - started;
      // An answer that was left in the middle takes its connection along.
      if (row.limit !== undefined || row.withinMs !== undefined) expect(await server.deserted()).toBe(true);
      await asker.close();
      const wrong = misses(row, sample, tookMs);
      table.note(row, 'first', wrong.join('; '));
      expect(wrong).toEqual([]);
      // Whatever happened, one request went out; two after an odd handshake.
      expect(server.requests.length).toBeLessThanOrEqual(/^21[bc]$/u.test(row.row) ? 2 : 1);
    });
  });
});

/** Eight cells, the fourth of which meets the fault: at its first requests, or at each. */
async function runWith(row: FaultRow): Promise<{ samples: Sample[]; aborted: readonly string[] }> {
  const verdict = row.later ?? row.outcome;
  let met = 0;
  const faulty: Script = (line) => {
    if (!line.request.body.includes('bad')) return good(line);
    met += 1;
    return verdict === 'R' && met > (row.times ?? 1) ? good(line) : (row.script ?? good)(line);
  };
  return withServer(faulty, async (server) => {
    const target = targetFor(row);
    const asker = faultAsker(server.baseUrl, { target });
    const samples: Sample[] = [];
    const never = new AbortController().signal;
    const cells = ['1', '2', '3', 'bad', '5', '6', '7', '8'].map((name) =>
      faultCell(name, name === 'bad' ? row.request : {}),
    );
    const { aborted } = await execute({
      lanes: [[{ index: 0, turn: 'A', target: target.id, cells }]],
      askers: new Map([[target.id, { target, ask: asker.ask }]]),
      attemptsBefore: new Map(),
      leg: 'leg-1',
      clock: startClock(),
      random: () => 0,
      record: (sample) => samples.push(sample),
      stop: never,
      cut: never,
    });
    await asker.close();
    return { samples, aborted: aborted.map(({ failure }) => failure.code) };
  });
}

/** Runs the row and holds what the cells met against it. */
async function judgeRun(row: FaultRow): Promise<void> {
  const { samples, aborted } = await runWith(row);
  const verdict = row.later ?? row.outcome;
  const bad = samples.filter((sample) => sample.cell === 'bad');
  const others = samples.filter((sample) => sample.cell !== 'bad');
  const first = bad[0]?.outcome;
  const found = {
    aborted,
    attempts: bad.map((sample) => sample.attempt),
    code: first?.kind === 'failed' ? first.failure.code : null,
    flagged: verdict === 'W' && row.code !== null ? bad[0]?.flags.includes(row.code) : null,
    end: bad.at(-1)?.outcome.kind,
    // The fault stays with its cell; a target that is given up leaves the rest unasked.
    othersFailed: others.filter((sample) => sample.status !== 'ok').length,
    othersUnasked: verdict === 'A' ? 0 : 7 - others.length,
  };
  const isAnswered = verdict === 'OK' || verdict === 'W';
  const wanted = {
    aborted: verdict === 'A' ? [row.code] : [],
    attempts: verdict === 'R' ? [1, 2] : [1],
    code: isAnswered ? null : row.code,
    flagged: verdict === 'W' ? true : null,
    end: isAnswered || verdict === 'R' ? 'answered' : 'failed',
    othersFailed: 0,
    othersUnasked: 0,
  };
  table.note(row, 'run', JSON.stringify(found) === JSON.stringify(wanted) ? '' : JSON.stringify(found));
  expect(found).toEqual(wanted);
}

describe('a fault in the middle of a run', () => {
  // They wait most of their time, so they wait together; a flood would keep the others from their clocks.
  it.concurrent.each(named.filter(([, , row]) => row.heavy !== true))(
    '%s %s',
    { retry: 1 },
    (_row, _name, row) => judgeRun(row),
  );
  it.each(named.filter(([, , row]) => row.heavy === true))('%s %s', { retry: 1 }, (_row, _name, row) =>
    judgeRun(row),
  );
});

describe('after all faults', () => {
  it('no promise was left unhandled, no timer runs, no socket is open', async () => {
    for (let turn = 0; turn < 50 && busy().length > baseline.length; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
    expect(busy().toSorted()).toEqual(baseline.toSorted());
    expect(descriptors()).toBeLessThanOrEqual(openBefore + 2);
  });

  it('a thousand more leave no memory behind', { retry: 1 }, async () => {
    const some = rows.filter(({ row }) =>
      ['8', '28', '50', '52', '64', '80', '81', '101', '38', '44'].includes(row),
    );
    expect(some).toHaveLength(10);
    let turn = 0;
    const script: Script = (line) => some[(turn += 1) % some.length]?.script?.(line);
    const collect = collector();
    await withServer(script, async (server) => {
      const asker = faultAsker(server.baseUrl);
      const meet = async (count: number): Promise<number> => {
        for (let at = 0; at < count; at += 2)
          await Promise.all([1, 2].map(() => asker.ask(faultCell('bad'), faultContext())));
        collect();
        return process.memoryUsage().rss;
      };
      const before = await meet(400);
      const grown = (await meet(1000)) - before;
      await asker.close();
      expect(grown / 2 ** 20).toBeLessThan(32);
      expect(turn).toBeGreaterThan(1400);
    });
  });

  it('has a name for each row once', () => {
    const numbers = [...rows, ...rowsElsewhere].map((row) => row.row);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
