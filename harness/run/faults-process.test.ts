/** Rows of the catalogue of faults that lie with this process, its machine, or with time itself. */
import { lateMs } from '../../fixtures/test/cpu-time.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { manifest } from '../../fixtures/aggregate/synthetic-run.ts';
import { faultAsker, faultCell, faultTarget, FaultTable } from '../../fixtures/servers/fault-bench.ts';
import type { FaultRow } from '../../fixtures/servers/fault-row.ts';
import {
  delta,
  json,
  lastChunk,
  sse,
  startFaultServer,
  streamThen,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import { aggregate } from '../aggregate/aggregate.ts';
import type { Cell, Report, Sample } from '../types.ts';
import { startClock } from './clock.ts';
import { execute, type ExecuteResult } from './execute.ts';
import { startWatch, type Watch } from './watch.ts';

const table = new FaultTable();
afterAll(() => table.print());

const text = 'হ্যাঁ';
const rows = new Map<string, FaultRow>();
function rowOf(row: string, name: string, outcome: FaultRow['outcome'], code: string | null): FaultRow {
  const known = rows.get(row) ?? { row, name, outcome, code };
  rows.set(row, known);
  return known;
}

/** Keeps the event loop from everything else, as a long calculation does. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** The answer in two pieces or in one; `between` happens while it is under way. */
const ways: readonly (readonly [how: string, letter: string, (between: () => void, ms: number) => Script])[] =
  [
    [
      'streamed',
      '',
      (between, ms) =>
        streamThen(async ({ chunk, write, pause }) => {
          chunk(sse(delta({ role: 'assistant', content: '' })));
          await pause(ms / 2);
          between();
          chunk(sse(delta({ content: text })));
          await pause(ms / 2);
          chunk(sse(delta({}, 'stop'), '[DONE]'));
          write(lastChunk);
        }),
    ],
    [
      'in one piece',
      'b',
      (between, ms) => async (line) => {
        await line.pause(ms);
        between();
        const choices = [{ index: 0, message: { content: text }, finish_reason: 'stop' }];
        return json(200, { choices })(line);
      },
    ],
  ];

interface Ran extends ExecuteResult {
  readonly samples: readonly Sample[];
  readonly cells: readonly Cell[];
}

/** Asks the cells one by one, or `concurrency` at a time. */
async function run(
  names: readonly string[],
  script: Script,
  watch: Watch,
  { concurrency = 1, clock = startClock() } = {},
): Promise<Ran> {
  const server = await startFaultServer(script);
  const target = { ...faultTarget, concurrency };
  const asker = faultAsker(server.baseUrl, { target, clock });
  const samples: Sample[] = [];
  const never = new AbortController().signal;
  const cells = names.map((name) => faultCell(name));
  try {
    const result = await execute({
      lanes: [[{ index: 0, turn: 'A', target: target.id, cells }]],
      askers: new Map([[target.id, { target, ask: asker.ask }]]),
      attemptsBefore: new Map(),
      leg: 'leg-1',
      clock,
      random: () => 0,
      record: (sample) => samples.push(sample),
      stop: never,
      cut: never,
      watch,
    });
    return { ...result, samples, cells };
  } finally {
    watch.stop();
    await asker.close();
    await server.close();
  }
}

const isBad = (line: Parameters<Script>[0]): boolean => line.request.body.includes('bad');
const tainted = (samples: readonly Sample[]): string[] =>
  samples.filter(({ flags }) => flags.includes('tainted')).map(({ cell }) => cell);

function holds(row: FaultRow, when: 'first' | 'run', found: unknown, wanted: unknown): void {
  const isSame = JSON.stringify(found) === JSON.stringify(wanted);
  table.note(row, when, isSame ? '' : JSON.stringify(found));
  expect(found).toEqual(wanted);
}

describe.each(ways)('an answer %s', (how, letter, answer) => {
  const good = answer(() => {}, 2);
  const places = [
    ['first', ['bad', '2', '3', '4']],
    ['run', ['1', '2', 'bad', '4']],
  ] as const;

  it.each(places)('106 while the event loop is blocked, %s', { retry: 3 }, async (when, names) => {
    const clock = startClock();
    const bad = answer(() => block(130), 20);
    const script: Script = (line) => (isBad(line) ? bad(line) : good(line));
    const ran = await run(names, script, startWatch({ clock, now: Date.now }), { clock });
    holds(
      rowOf(`106${letter}`, `our event loop blocked, ${how}`, 'W', 'tainted'),
      when,
      [tainted(ran.samples), ran.samples.map(({ status, attempt }) => `${status} ${attempt}`)],
      [['bad'], Array.from({ length: 4 }, () => 'ok 1')],
    );
  });

  it.each(places)('107 while the clock is set, %s', { retry: 3 }, async (when, names) => {
    const clock = startClock();
    let step = 0;
    const bad = answer(() => (step = 3_600_000), 60);
    const script: Script = (line) => (isBad(line) ? bad(line) : good(line));
    const ran = await run(names, script, startWatch({ clock, now: () => Date.now() + step }), { clock });
    holds(
      rowOf(`107${letter}`, `clock stepped, as after a sleep, ${how}`, 'W', 'tainted'),
      when,
      [tainted(ran.samples), ran.samples.map(({ status }) => status)],
      [['bad'], ['ok', 'ok', 'ok', 'ok']],
    );
  });

  it('106 taints all answers under way, and none that is over', { retry: 3 }, async () => {
    const clock = startClock();
    const slow = answer(() => {}, 80);
    const bad = answer(() => block(130), 20);
    const script: Script = (line) =>
      isBad(line) ? bad(line) : line.request.body.includes('slow') ? slow(line) : good(line);
    const ran = await run(['1', '2', 'slow', 'bad', '5', '6'], script, startWatch({ clock, now: Date.now }), {
      clock,
      concurrency: 2,
    });
    expect(tainted(ran.samples).toSorted()).toEqual(['bad', 'slow']);
  });

  it('105 ten times slower from the middle on', { retry: 2 }, async () => {
    const clock = startClock();
    const quick = answer(() => {}, 3);
    const slow = answer(() => {}, 36);
    const names = Array.from({ length: 72 }, (_, at) => String(at));
    const script: Script = (line) => (line.number <= 36 ? quick : slow)(line);
    const ran = await run(names, script, startWatch({ clock, now: Date.now }), { clock });
    const notes = (samples: readonly Sample[]) =>
      notesOf(ran.cells, samples).filter(({ code }) => code === 'drift');
    holds(
      rowOf(`105${letter}`, `answers ten times slower from now on, ${how}`, 'OK', null),
      'run',
      [ran.samples.map(({ status, attempt }) => `${status} ${attempt}`).join(), notes(ran.samples).length],
      [names.map(() => 'ok 1').join(), 1],
    );
    expect(notes(ran.samples)[0]?.text).toMatch(/^faulty became slower while it was asked: median \d+ ms/u);
    // The quick half alone moves nowhere.
    const before = ran.samples.slice(0, 36);
    expect(notesOf(ran.cells.slice(0, 36), before).filter(({ code }) => code === 'drift')).toEqual([]);
  });
});

function notesOf(cells: readonly Cell[], samples: readonly Sample[]): Report['summary']['notes'] {
  const { id, model, concurrency, params } = faultTarget;
  const target = { id, model, concurrency, params, endpoint: 'http://127.0.0.1/v1', authored: null };
  return aggregate({
    manifest: manifest({
      baseline: id,
      targets: [{ ...target, languages: null, license: null, dialect: 'auto', facts: null }],
    }),
    plan: { cells },
    // The bench's wall clock stands still.
    samples: samples.map((sample) => ({ ...sample, endedAt: sample.timing.tDone ?? 0 })),
    findings: [],
    readings: [],
  }).summary.notes;
}

describe('row 110, a heap that is nearly full', () => {
  const names = Array.from({ length: 20 }, (_, at) => String(at));
  /** Rings when told. */
  function alarm(): { watch: Watch; ring: () => void } {
    const full = new AbortController();
    return {
      watch: { disturbed: () => false, full: full.signal, stop: () => {} },
      ring: () => full.abort(),
    };
  }

  it.each(ways)('nothing more is sent, what is under way is taken, %s', async (how, letter, answer) => {
    const { watch, ring } = alarm();
    const slow = answer(() => {}, 40);
    let sent = 0;
    const script: Script = (line) => {
      sent = line.number;
      if (line.number === 6) ring();
      return slow(line);
    };
    const ran = await run(names, script, watch, { concurrency: 3 });
    const aborted = ran.aborted.map(({ target, failure }) => `${target} ${failure.code} ${failure.remedy}`);
    holds(
      rowOf(`110${letter}`, `heap at 80 % of its limit, ${how}`, 'A', 'heap-limit'),
      'run',
      [aborted, ran.samples.length === sent && sent < 10, ran.samples.every(({ status }) => status === 'ok')],
      [['faulty heap-limit abort'], true, true],
    );
  });

  it('at the first request', async () => {
    const { watch, ring } = alarm();
    const [, , answer] = ways[0] ?? [];
    if (answer === undefined) throw new Error('no way');
    const script: Script = (line) => {
      ring();
      return answer(() => {}, 10)(line);
    };
    const ran = await run(names, script, watch);
    holds(
      rowOf('110-1st', 'heap at 80 % at the first request', 'A', 'heap-limit'),
      'first',
      [ran.aborted.map(({ failure }) => failure.code), ran.samples.length],
      [['heap-limit'], 1],
    );
  });

  it('a wait for another attempt ends at once', async () => {
    const { watch, ring } = alarm();
    const started = performance.now();
    const script: Script = (line) => {
      setTimeout(ring, 30);
      return json(429, { error: { message: 'slow' } }, { 'retry-after': '60' })(line);
    };
    const ran = await run(names, script, watch);
    expect(ran.aborted.map(({ failure }) => failure.code)).toEqual(['heap-limit']);
    expect(ran.samples).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2000 + lateMs);
  });

  it('a target whose last answer was under way is done', async () => {
    const { watch, ring } = alarm();
    const [, , answer] = ways[0] ?? [];
    if (answer === undefined) throw new Error('no way');
    const script: Script = (line) => {
      if (line.number === 2) ring();
      return answer(() => {}, 10)(line);
    };
    const ran = await run(['1', '2'], script, watch);
    expect([ran.aborted, ran.samples.length]).toEqual([[], 2]);
  });
});
