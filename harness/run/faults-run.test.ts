/** Rows of the catalogue of faults that take more than one attempt to see: what a run makes of them. */
import { afterAll, describe, expect, it } from 'vitest';

import { faultAsker, faultCell, faultTarget, FaultTable } from '../../fixtures/servers/fault-bench.ts';
import type { FaultRow } from '../../fixtures/servers/fault-row.ts';
import {
  delta,
  head,
  json,
  sse,
  startFaultServer,
  streamOf,
  streamThen,
  whole,
  type FaultServer,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import { wastedNotes } from '../aggregate/wasted.ts';
import type { Sample } from '../types.ts';
import { startClock } from './clock.ts';
import { execute } from './execute.ts';

const good = streamOf(sse(delta({ content: '안녕' }), delta({}, 'stop'), '[DONE]'));
const refused = json(401, { error: { message: 'Incorrect API key provided' } });
const table = new FaultTable();
afterAll(() => table.print());

interface Ran {
  readonly samples: readonly Sample[];
  readonly aborted: readonly string[];
  readonly server: FaultServer;
}

/** Asks these cells in their order; `attempts` per cell. */
async function run(
  names: readonly string[],
  script: Script,
  attempts = 3,
  baseUrl?: string,
  cutBefore: ReadonlySet<string> = new Set(),
): Promise<Ran> {
  const server = await startFaultServer(script);
  const target = { ...faultTarget, attempts };
  const asker = faultAsker(baseUrl ?? server.baseUrl, { target });
  const samples: Sample[] = [];
  const never = new AbortController().signal;
  try {
    const { aborted } = await execute({
      lanes: [[{ index: 0, turn: 'A', target: target.id, cells: names.map((name) => faultCell(name)) }]],
      askers: new Map([[target.id, { target, ask: asker.ask }]]),
      attemptsBefore: new Map(),
      cutBefore,
      leg: 'leg-1',
      clock: startClock(),
      random: () => 0,
      record: (sample) => samples.push(sample),
      stop: never,
      cut: never,
    });
    return { samples, aborted: aborted.map(({ failure }) => failure.code), server };
  } finally {
    await asker.close();
    await server.close();
  }
}

const isBad = (line: Parameters<Script>[0]): boolean => line.request.body.includes('bad');
const codesOf = (samples: readonly Sample[], cell: string): (string | null)[] =>
  samples
    .filter((sample) => sample.cell === cell)
    .map(({ outcome }) => (outcome.kind === 'failed' ? outcome.failure.code : null));

function holds(row: FaultRow, found: unknown, wanted: unknown): void {
  const isSame = JSON.stringify(found) === JSON.stringify(wanted);
  table.note(row, 'run', isSame ? '' : JSON.stringify(found));
  expect(found).toEqual(wanted);
}

const rowOf = (row: string, name: string, outcome: FaultRow['outcome'], code: string): FaultRow => ({
  row,
  name,
  outcome,
  code,
});

describe('a target whose very first answer is its last', () => {
  it.each([
    ['17', 'redirect', whole(307, { location: '/x' }), 1],
    ['34', 'auth', refused, 1],
    ['36', 'forbidden', json(403, { error: { message: 'not for you' } }), 1],
    ['37', 'model-not-found', json(404, { error: { message: 'no such model' } }), 1],
    ['38', 'bad-base-url', whole(404, { 'content-type': 'text/html' }, '<h1>Not Found</h1>'), 1],
    ['40', 'bad-request-param', json(400, { error: { message: 'Unknown parameter: x' } }), 1],
    ['44', 'wrong-content-type', whole(200, { 'content-type': 'text/html' }, '<p>log in</p>'), 1],
  ] as const)('%s %s', async (row, code, script, requests) => {
    const { aborted, server } = await run(['a', 'b', 'c', 'd'], script);
    holds(
      rowOf(`${row}-1st`, 'first answer of a target', 'A', code),
      [aborted, server.requests.length],
      [[code], requests],
    );
  });

  it('1 connect-refused is tried three times', async () => {
    const gone = await startFaultServer(good);
    await gone.close();
    const { aborted, samples } = await run(['a', 'b'], good, 4, gone.baseUrl);
    holds(
      rowOf('1-1st', 'nothing listens from the start', 'A', 'connect-refused'),
      [aborted, samples.length],
      [['connect-refused'], 3],
    );
  });
});

describe('row 35, a key that is refused in the middle of a run', () => {
  it('once is bad luck', async () => {
    let met = 0;
    const { samples, aborted } = await run(['a', 'b', 'bad', 'c'], (line) =>
      isBad(line) && (met += 1) === 1 ? refused(line) : good(line),
    );
    holds(
      rowOf('35', '401 mid-run, once', 'R', 'auth'),
      [codesOf(samples, 'bad'), aborted],
      [['auth', null], []],
    );
  });

  it('three times in a row it was withdrawn', async () => {
    const { aborted } = await run(['a', 'b', 'c', 'd', 'e'], (line) =>
      line.number > 2 ? refused(line) : good(line),
    );
    holds(rowOf('35b', '401 mid-run, three in a row', 'A', 'auth'), aborted, ['auth']);
  });
});

describe('a question that its server cannot take', () => {
  it('111 the same 500 twice is an answer', async () => {
    const { samples, aborted } = await run(['a', 'bad', 'b', 'c', 'd'], (line) =>
      isBad(line) ? json(500, { error: { message: 'grammar failed' } })(line) : good(line),
    );
    holds(
      rowOf('111', '500 for a mistake of the client', 'F', 'server-rejects'),
      [codesOf(samples, 'bad'), aborted],
      [['server-error', 'server-rejects'], []],
    );
  });

  it('112 a prompt that kills the server fails alone', async () => {
    const names = Array.from({ length: 12 }, (_, at) => String(at));
    const { samples, aborted } = await run(['a', 'b', 'bad', ...names], async (line) => {
      if (isBad(line)) {
        await line.pause(15);
        line.reset();
      } else await good(line);
    });
    holds(
      rowOf('112', 'server dies on one prompt each time', 'F', 'kills-server'),
      [codesOf(samples, 'bad').at(-1), aborted, samples.filter(({ status }) => status === 'ok').length],
      ['kills-server', [], 14],
    );
  });
});

describe('an answer after one that broke off', () => {
  const part = sse(delta({ content: '안' }), delta({ content: '녕' }));
  const counted = (completion: number): string =>
    JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: completion } });
  /** Breaks off the first attempts at `bad` in this way. */
  const first =
    (broken: Script, times = 1): Script =>
    (line) =>
      isBad(line) && (met += 1) <= times ? broken(line) : good(line);
  let met = 0;
  const flagged = ({ samples }: Ran): string[] =>
    samples.flatMap(({ cell, attempt, flags }) =>
      flags.includes('retried-after-output') ? [`${cell} ${attempt}`] : [],
    );

  it.each([
    [
      '50-again',
      'reset mid-stream',
      streamThen(async ({ chunk, pause, reset }) => {
        chunk(part);
        await pause(20);
        reset();
      }),
    ],
    ['52-again', 'a clean end without a finish', streamOf(part + sse(counted(2)))],
    ['53-again', 'a stall', streamThen(({ chunk }) => chunk(part))],
    ['80-again', 'an error event', streamOf(part + sse('{"error":{"message":"boom"}}'))],
  ] satisfies [string, string, Script][])(
    '%s %s is flagged, and what it cost stands on its own line',
    async (row, name, broken) => {
      met = 0;
      const ran = await run(['a', 'bad', 'b'], first(broken));
      holds(
        rowOf(row, `answered after ${name}`, 'OK', 'retried-after-output'),
        [flagged(ran), ran.samples.length],
        [['bad 2'], 4],
      );
      const lost = ran.samples.find(({ status }) => status !== 'ok');
      expect([lost?.attempt, lost?.chunks]).toEqual([1, 2]);
      expect(lost?.timing.tOut1).not.toBeNull();
      if (row === '52-again') expect(lost?.usage.completion).toBe(2);
      const [note] = wastedNotes(['faulty'], ran.samples);
      expect(note?.text).toMatch(/: faulty 1 attempt, \d+\.\d s, [02] tokens/u);
    },
  );

  it('is flagged after the second of two that broke off, and once', async () => {
    met = 0;
    const ran = await run(['bad'], first(streamOf(part), 2));
    expect(flagged(ran)).toEqual(['bad 3']);
  });

  it.each([
    ['a refusal', json(503, { error: { message: 'busy' } })],
    ['a stream without any output', streamOf(sse(delta({ role: 'assistant', content: '' })))],
    [
      'one object cut short',
      ({ write, fin }) => (write(head(200, { 'content-length': 900 }) + '{"choices":['), fin()),
    ],
  ] satisfies [string, Script][])('is not flagged after %s', async (_what, broken) => {
    met = 0;
    const ran = await run(['a', 'bad', 'b'], first(broken));
    expect(ran.samples).toHaveLength(4);
    expect(flagged(ran)).toEqual([]);
  });

  it('is flagged where it broke off in an earlier start of the run', async () => {
    const ran = await run(['a', 'bad'], good, 3, undefined, new Set(['bad']));
    expect(flagged(ran)).toEqual(['bad 1']);
  });
});

it('10 a server that closes idle sockets costs no attempt', async () => {
  const names = Array.from({ length: 30 }, (_, at) => String(at));
  // Every third request on a socket that has served before meets its end.
  const { samples } = await run(names, (line) =>
    line.turn > 1 && line.number % 3 === 0 ? line.reset() : good(line),
  );
  holds(
    rowOf('10-run', 'idle sockets closed all along', 'W', 'keepalive-race'),
    [samples.length, samples.every(({ status, attempt }) => status === 'ok' && attempt === 1)],
    [30, true],
  );
  expect(samples.some(({ flags }) => flags.includes('keepalive-race'))).toBe(true);
});

it('22 the wait that a server asks for is kept by all', { retry: 1 }, async () => {
  let pressedAt = 0;
  const seen: number[] = [];
  const { samples } = await run(['a', 'b', 'bad', 'c', 'd', 'e'], (line) => {
    if (isBad(line) && pressedAt === 0) {
      pressedAt = performance.now();
      return json(429, { error: { message: 'slow' } }, { 'retry-after-ms': '400' })(line);
    }
    if (pressedAt > 0) seen.push(performance.now() - pressedAt);
    return good(line);
  });
  const early = seen.filter((ms) => ms > 60 && ms < 380);
  holds(
    rowOf('22-run', 'Retry-After in the middle of a run', 'R', 'rate-limited'),
    [codesOf(samples, 'bad'), early.length],
    [['rate-limited', null], 0],
  );
});
