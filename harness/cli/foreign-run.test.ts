/**
 * Run folders that somebody wrote by hand: checksums and hashes are right, and anything may stand under any name. What
 * comes is a word on the line and the field and a documented exit code, never a stack.
 */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { judgesHere } from '../../fixtures/checks/judges-here.ts';
import { recordedRun, writeRun, type Recorded } from '../../fixtures/shards/run-folders.ts';
import { runProgram } from '../../fixtures/test/start-program.ts';
import { exitCode, PersonError } from '../errors.ts';
import { kinds, type Kind } from '../record/kind.ts';
import { sealLine } from '../record/line.ts';
import { hashFile } from '../record/plan-file.ts';
import { readLines } from '../record/read-lines.ts';
import { recall } from '../record/recall.ts';
import type { Manifest } from '../types.ts';
import { renderRun, scoreRun } from './derived.ts';
import { invocationOf, reopenRun, type OpenRun } from './open-run.ts';
import { prepare } from './prepare.ts';

type Fields = Record<string, unknown>;

const format1 = path.join(import.meta.dirname, '..', '..', 'fixtures', 'record', 'format-1');
let place = '';
let folder = '';
beforeAll(() => {
  place = mkdtempSync(path.join(tmpdir(), 'visavis-foreign-'));
});
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(place, 'p-')), 'run');
  cpSync(path.join(format1, 'run'), folder, { recursive: true });
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const fileOf = (name: string): string => path.join(folder, name);
const manifestOf = (): Manifest => JSON.parse(readFileSync(fileOf('manifest.json'), 'utf8')) as Manifest;
const writeManifest = (manifest: object): void =>
  writeFileSync(fileOf('manifest.json'), JSON.stringify(manifest));

function recordsOf(name: string): Fields[] {
  const found: Fields[] = [];
  readLines(fileOf(name), (record) => found.push(record));
  return found;
}

/** With the hash in the manifest: nobody can tell by the bytes. */
function writePlan(records: readonly object[]): void {
  writeFileSync(fileOf('plan.jsonl'), Buffer.concat(records.map(sealLine)));
  writeManifest({ ...manifestOf(), planHash: hashFile(fileOf('plan.jsonl')) });
}

/** Every place in a value with what stands there, and how to put something else there. */
function places(
  value: unknown,
  pointer = '',
): { pointer: string; value: unknown; put: (other: unknown) => unknown }[] {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value as Fields) : [];
  return [
    { pointer, value, put: (other) => other },
    ...parts.flatMap(([name, part]) =>
      places(part, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).map((found) => ({
        ...found,
        put: (other: unknown) =>
          Array.isArray(value)
            ? value.map((one: unknown, at) => (String(at) === name ? found.put(other) : one))
            : { ...(value as Fields), [name]: found.put(other) },
      })),
    ),
  ];
}

/** Of no kind that can stand where `value` does. */
const wrongFor = (value: unknown): unknown => (typeof value === 'string' ? 5.5 : 'سلسلة\u001b[31m');

/** What a person is told; anything that is not for a person is thrown on. */
function refusal(act: () => unknown): { readonly exit: number; readonly message: string } | null {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof PersonError)) throw error;
    return { exit: error.exit, message: error.message };
  }
}

/** Not looked into: what servers, machines and suites say of themselves. */
const free = /^\/(?:environment|request|metadata|facts|params)\/|\/(?:facts|params)\//u;

/** Of every kind there is. */
const readings: readonly object[] = [
  ...[
    {
      basis: 'cgroup',
      bytes: 1,
      anonShmemBytes: 1,
      fileBytes: null,
      swapBytes: 1,
      rssBytes: null,
      peakBytes: 1,
      processes: 1,
    },
    {
      basis: 'gpu-delta',
      bytes: 1,
      devices: [
        { index: 0, uuid: 'u', usedBytes: 1, totalBytes: 2, utilization: 1, powerWatts: 1, clockMhz: 1 },
      ],
    },
    { basis: 'api-ps', bytes: 1, vramBytes: 1, contextTokens: 1 },
    {
      basis: 'metrics',
      server: 'vllm',
      values: {
        kvCapacityTokens: 1,
        kvUsedRatio: 1,
        kvUsedTokens: 1,
        kvPeakTokens: 1,
        running: 1,
        waiting: 1,
        preemptions: 1,
        promptTokens: 1,
        cachedTokens: 1,
        generationTokens: 1,
        generationSeconds: 1,
      },
      histograms: { ttft: { le: [1, null], counts: [1, 2], sum: 1, count: 2 }, tpot: null },
      named: { 'a/b~c': 1 },
    },
    { basis: 'log', bytes: 1, kvCapacityTokens: 1, kvBytes: 1, computeBytes: 1, server: 'vllm' },
  ].map((figures) => ({
    v: 2,
    kind: 'reading',
    target: 'weak',
    probe: 'p',
    leg: 'leg-1',
    moment: 'loaded',
    phase: 'quality',
    at: 1,
    status: 'read',
    flags: ['x'],
    ...figures,
  })),
  { v: 1, kind: 'breaker', at: 1 },
];

const mutable: readonly (readonly [Kind, () => readonly object[]])[] = [
  [kinds.samples, () => recordsOf('samples.jsonl')],
  [
    kinds.readings,
    () => [...recordsOf('readings.jsonl'), ...readings, ...recordedRun({ items: 1 }).readings],
  ],
  [kinds.speedPlan, () => recordedRun({ items: 1 }).speedPlan.requests.map((one) => ({ v: 1, ...one }))],
  [kinds.plan, () => recordsOf('plan.jsonl')],
];

describe('a sealed line with one field of another kind', () => {
  it.each(mutable.map(([kind, records]) => [kind.file, kind, records] as const))(
    'of %s is none, and the field is named',
    (_, kind, records) => {
      const seen = new Set<string>();
      const changed = records().flatMap((record) =>
        places(record).flatMap(({ pointer, value, put }) => {
          // One of each field is enough, where the records are alike.
          const { basis, status, kind: what } = record as Fields;
          const name = JSON.stringify([
            pointer.replaceAll(/\/\d+/gu, '/0'),
            value === null,
            basis,
            status,
            what,
          ]);
          if (pointer === '' || value === null || free.test(pointer) || seen.has(name)) return [];
          seen.add(name);
          return [{ pointer, record: put(wrongFor(value)) as object }];
        }),
      );
      writeFileSync(fileOf(kind.file), Buffer.concat(changed.map(({ record }) => sealLine(record))));
      let taken: Fields[] = [];
      const { damaged } = readLines(fileOf(kind.file), (record) => taken.push(record), kind);
      expect(damaged.map(({ unfit }) => unfit).every((why) => !/\p{Cc}/u.test(why ?? ''))).toBe(true);
      // A remark of a kind that is not known here has no more than a time.
      taken = taken.filter((record) => record['kind'] === undefined || record['basis'] !== undefined);
      const wrong = new Map(damaged.map(({ number, unfit }) => [number, unfit]));
      expect(taken).toEqual([]);
      const unnamed = changed.flatMap(({ pointer, record }, at) => {
        const why = wrong.get(at + 1);
        // What says which of several kinds a record is leads to the fields of that kind.
        const isTag = /\/(?:kind|basis|status|v)$/u.test(pointer);
        return why === undefined
          ? []
          : isTag || why?.includes(`: ${pointer}: expected`) === true
            ? []
            : [[pointer, record, why]];
      });
      expect(unnamed).toEqual([]);
      expect(damaged.length).toBeGreaterThan(12);
    },
  );

  it('opens its cell again, is set aside and told once, and is not cut off at the end of the file', async () => {
    const [first, ...rest] = recordsOf('samples.jsonl');
    const last = rest.pop();
    const spoilt = [{ ...first, timing: [] }, ...rest, { ...last, outcome: { kind: 'failed', partial: 3 } }];
    const bytes = Buffer.concat(spoilt.map(sealLine));
    writeFileSync(fileOf('samples.jsonl'), bytes);
    const invocation = { ...invocationOf(folder), suites: [path.join(format1, 'sums.yaml')] };
    const prepared = await prepare(invocation);
    const reopen = (): OpenRun => {
      const run = reopenRun(folder, { prepared, invocation, retryErrors: false, forceUnlock: false });
      run.lock.release();
      return run;
    };
    const run = reopen();
    expect(run.open.map(({ key }) => key)).toEqual(expect.arrayContaining([first?.['cell'], last?.['cell']]));
    expect(run.manifest.repairs).toEqual([
      'samples.jsonl:1: the line is no record of an answer: /timing: expected an object, got a list of 0; it was set aside and counts as not there',
      `samples.jsonl:${spoilt.length}: the line is no record of an answer: /outcome/failure: expected an object, got nothing; it was set aside and counts as not there`,
    ]);
    expect(readFileSync(fileOf('samples.jsonl')).equals(bytes)).toBe(true);
    expect(readdirSync(fileOf('quarantine'))).toHaveLength(2);
    expect(reopen().remarks).toEqual([]);
    expect(recall(folder).damage).toEqual([
      expect.stringMatching(/^samples\.jsonl:1: the line is no record of an answer: \/timing: .*; skipped$/u),
      expect.stringMatching(/^samples\.jsonl:\d+: .*\/outcome\/failure: .*; skipped$/u),
    ]);
  });

  it('is named up to ten times in a file, and then counted', () => {
    const lines = Array.from({ length: 25 }, (_, at) => sealLine({ v: 1, cell: `ต${at}` }));
    writeFileSync(fileOf('samples.jsonl'), Buffer.concat(lines));
    const { damage } = recall(folder);
    expect(damage).toHaveLength(11);
    expect(damage.at(-1)).toBe('samples.jsonl: 15 more damaged lines skipped');
  });
});

describe('a manifest with one field of another kind', () => {
  it('is refused by every reader, and the field is named; what servers say of themselves is let through', () => {
    const manifest = {
      ...manifestOf(),
      ...recordedRun({ items: 1 }).manifest,
      planHash: manifestOf().planHash,
      legs: manifestOf().legs,
      gates: [{ expression: 'weak.score >= 0', from: '--gate' }],
      unknown: { पता: 1 },
    };
    writeManifest(manifest);
    expect(recall(folder).damage).toEqual([]);
    const told = places(manifest).map(({ pointer, value, put }) => {
      writeManifest(put(value === null ? [[]] : wrongFor(value)) as object);
      return [pointer, refusal(() => recall(folder)), refusal(() => invocationOf(folder))] as const;
    });
    const passed = told.filter(([, read]) => read === null).map(([pointer]) => pointer);
    expect(passed.filter((pointer) => !free.test(pointer) && !pointer.startsWith('/unknown'))).toEqual([]);
    for (const [pointer, read, resumed] of told) {
      expect([pointer, resumed]).toEqual([pointer, read]);
      if (read === null || pointer === '' || pointer === '/format') continue;
      expect([pointer, read.exit]).toEqual([pointer, exitCode.storage]);
      expect(read.message).toContain(`manifest.json is not whole: ${pointer}`);
    }
    expect(told.length - passed.length).toBeGreaterThan(60);
  });

  it.each([
    ['{"format": {"toString": 1}}', exitCode.invalid, /has format of another kind/u],
    ['[]', exitCode.invalid, /has format undefined/u],
    ['null', exitCode.invalid, /has format undefined/u],
    ['[1, 2', exitCode.storage, /is not JSON/u],
  ])('that is %s is none', (text, exit, words) => {
    writeFileSync(fileOf('manifest.json'), text);
    expect(refusal(() => recall(folder))).toEqual({ exit, message: expect.stringMatching(words) as string });
  });

  it('may nest, but not until whoever walks through it runs out of stack', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const text = JSON.stringify({ ...manifestOf(), unknown: '@' });
    writeFileSync(fileOf('manifest.json'), text.replace('"@"', nested(100)));
    expect(recall(folder).damage).toEqual([]);
    writeFileSync(fileOf('manifest.json'), text.replace('"@"', nested(100_000)));
    expect(refusal(() => recall(folder))?.message).toMatch(/nests too deep/u);
    const [first, second] = recordsOf('samples.jsonl');
    // As text: writing it from a value would need the stack, too.
    const deep = JSON.parse(`{"v":1,"deep":${nested(2000)}}`) as object;
    writeFileSync(fileOf('manifest.json'), text);
    writeFileSync(
      fileOf('samples.jsonl'),
      Buffer.concat([sealLine({ ...first, ...deep }), sealLine({ ...second })]),
    );
    expect(recall(folder).damage).toEqual([
      expect.stringMatching(/^samples\.jsonl:1: .*nests too deep; skipped$/u),
    ]);
  });
});

describe('a plan whose hash is right', () => {
  it('and of which a line is no planned cell is damaged, with the place in it', () => {
    const [first, second, ...rest] = recordsOf('plan.jsonl');
    writePlan([{ ...first }, { ...second, messages: [{ role: 'root', content: 'ชื่อ' }] }, ...rest]);
    expect(refusal(() => recall(folder))).toEqual({
      exit: exitCode.storage,
      message: `${fileOf('plan.jsonl')}:2:1 plan damaged: the line is no planned cell: /messages/0/role: expected "system" or "developer" or "user" or "assistant", got "root" - restore the file, or start a new run`,
    });
  });

  it('and in which two cells have one key is damaged', () => {
    const [first, ...rest] = recordsOf('plan.jsonl');
    writePlan([{ ...first }, { ...first, language: 'ja' }, ...rest]);
    expect(refusal(() => recall(folder))?.message).toMatch(/plan damaged: two cells .* have one key/u);
  });
});

describe('values of the right kind that nobody measured', () => {
  type Change = (value: unknown, pointer: string) => unknown;
  const everywhere = (value: unknown, change: Change, pointer = ''): unknown =>
    Array.isArray(value)
      ? value.map((part: unknown, at) => everywhere(part, change, `${pointer}/${at}`))
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value).map(([name, part]) => [
              name,
              everywhere(part, change, `${pointer}/${name}`),
            ]),
          )
        : change(value, pointer);

  /** As large as it may be, where it is no number that tells records apart. */
  const largest: Change = (value, pointer) =>
    typeof value !== 'number' || /\/(?:v|format|repeat|attempt|block)$/u.test(pointer)
      ? value
      : /^\/readings\/.*[bB]ytes$/u.test(pointer)
        ? 1e308
        : Number.MAX_SAFE_INTEGER;
  const names: Readonly<Record<string, string>> = {
    alpha: '__proto__',
    beta: 'constructor',
    orders: 'toString',
    'leg-1': '__proto__',
    exact: '__proto__',
    ja: 'no language \n__proto__',
  };

  it.each<readonly [string, Change]>([
    ['numbers as large as they may be', largest],
    ['numbers that are all 0', (value, pointer) => (largest(value, pointer) === value ? value : 0)],
    ['names that every object has', (value) => names[String(value)] ?? value],
    [
      'times that are none',
      (value, pointer) => (/(?:createdAt|startedAt)$/u.test(pointer) ? 'เมื่อวาน' : value),
    ],
  ])('make a report all the same: %s', async (_, change) => {
    const recorded = everywhere(recordedRun({ items: 1 }), change) as Recorded;
    const run = writeRun(mkdtempSync(path.join(place, 'v-')), recorded, { run: 'r' });
    const truth = recall(run);
    expect(truth.damage).toEqual([]);
    await scoreRun(run, truth, judgesHere, () => ({ tick: () => {}, stop: () => {} }));
    const { summary } = renderRun(run, truth);
    expect(summary.totals.planned).toBe(16);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('prev' in {}).toBe(false);
  });

  it.each([
    ['below zero', { timing: { tDone: -1 } }],
    ['beyond what can be added up', { timing: { tDone: 1e308 } }],
    ['an attempt below zero', { attempt: -1 }],
    ['an attempt in parts', { attempt: 1.5 }],
  ])('are no record where a time or a count is %s', (_, change: { timing?: object; attempt?: number }) => {
    const [first] = recordsOf('samples.jsonl');
    const timing = { ...(first?.['timing'] as object), ...change.timing };
    writeFileSync(fileOf('samples.jsonl'), sealLine({ ...first, ...change, timing }));
    expect(recall(folder)).toMatchObject({
      samples: [],
      damage: [expect.stringMatching(/\/(?:timing\/tDone|attempt): expected a /u)],
    });
  });

  it('are a record where a list is long, and where a key is unknown', () => {
    const [first] = recordsOf('samples.jsonl');
    const iclMs = Array.from({ length: 1_000_000 }, () => 1);
    writeFileSync(
      fileOf('samples.jsonl'),
      sealLine({ ...first, iclMs, ...(JSON.parse('{"__proto__":{"polluted":1},"ключ":1}') as object) }),
    );
    const { samples, damage } = recall(folder);
    expect([samples.length, damage, (samples[0] as unknown as Fields)['polluted']]).toEqual([
      1,
      [],
      undefined,
    ]);
    expect((samples[0] as unknown as Fields)['ключ']).toBe(1);
  });
});

describe('a link in a run folder', () => {
  it.each(['samples.jsonl', 'readings.jsonl', 'plan.jsonl', 'manifest.json'])(
    'is not followed where %s should be',
    (name) => {
      const elsewhere = path.join(path.dirname(folder), 'elsewhere');
      cpSync(fileOf(name), elsewhere);
      rmSync(fileOf(name));
      symlinkSync(elsewhere, fileOf(name));
      expect(refusal(() => recall(folder))).toEqual({
        exit: exitCode.storage,
        message: `${fileOf(name)} is not a regular file - is this a whole run folder?`,
      });
    },
  );

  it('keeps a resume from writing where it leads, even to what is not there yet', async () => {
    const invocation = { ...invocationOf(folder), suites: [path.join(format1, 'sums.yaml')] };
    const prepared = await prepare(invocation);
    const elsewhere = path.join(path.dirname(folder), 'new');
    for (const name of ['readings.jsonl', 'quarantine', 'logs']) {
      rmSync(fileOf(name), { force: true });
      symlinkSync(elsewhere, fileOf(name));
      const told = refusal(() =>
        reopenRun(folder, { prepared, invocation, retryErrors: true, forceUnlock: false }),
      );
      expect(told).toEqual({
        exit: exitCode.storage,
        message: expect.stringContaining(`${fileOf(name)} is a link or a device`) as string,
      });
      rmSync(fileOf(name));
    }
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe('the program, given such a folder', () => {
  const spoilSample = (): void =>
    appendFileSync(
      fileOf('samples.jsonl'),
      sealLine({ ...recordsOf('samples.jsonl')[0], outcome: { kind: 'answered', text: 'ماء' } }),
    );
  const spoilManifest = (more: object) => (): void => writeManifest({ ...manifestOf(), ...more });
  const spoilPlan = (): void => {
    const [first, ...rest] = recordsOf('plan.jsonl');
    writePlan([{ ...first, checks: { length: 3 } }, ...rest]);
  };

  it.each<readonly [string, () => void, (run: string) => readonly string[], number, RegExp]>([
    [
      'report',
      spoilSample,
      (run) => ['report', run],
      6,
      /^samples\.jsonl:\d+: .*\/outcome\/reasoning: expected a text, got nothing; skipped$/mu,
    ],
    [
      'compare',
      spoilManifest({ legs: {} }),
      (run) => ['compare', run, run],
      5,
      /not whole: \/legs: expected a list, got an object/u,
    ],
    [
      'eval --resume',
      spoilManifest({ invocation: { suites: ['x'], targetFlags: [{}] } }),
      (run) => ['eval', '--resume', run],
      5,
      /\/invocation\/targetFlags\/0: expected a text, got an object/u,
    ],
    [
      'eval --baseline',
      spoilPlan,
      (run) => ['eval', 'suites/translation.yaml', '--limit', '1', '--baseline', run],
      5,
      /plan damaged/u,
    ],
  ])('%s says what is wrong and leaves with its code', async (_, spoil, words, exit, told) => {
    spoil();
    const { code, err } = await runProgram([...words(folder), '-o', path.dirname(folder)]);
    expect(err).toMatch(told);
    expect(err).not.toMatch(/^\s+at /mu);
    expect(code).toBe(exit);
  });
});
