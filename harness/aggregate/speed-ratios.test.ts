import { describe, expect, it } from 'vitest';
import { answered, cell, failed, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import type { BlockReading, Sample, SpeedFloor, SpeedRatio, SpeedRequest } from '../types.ts';
import { namesOf, type JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import { measuredLevels } from './speed-blocks.ts';
import { speedLevels } from './speed-levels.ts';
import { speedCurves } from './speed-curves.ts';
import { loadRatios, qualityRatios } from './speed-ratios.ts';
import { timesOf } from './times.ts';

const languages = ['ar', 'th', 'hi', 'zh'];
const axes: Axes = { targets: ['alpha', 'beta'], languages, suites: ['orders'], metrics: [] };
const input = { axes, baseline: 'alpha', seed: 42 };
const client = { utilization: 0.1, delayP50Ms: 0, delayP99Ms: 1, lagP99Ms: null };

function timed(key: string, ms: number, more: Partial<Sample> = {}): Sample {
  const t0 = 10;
  return sample(cell(), {
    cell: key,
    leg: 'leg-1',
    flags: [],
    concurrency: 1,
    timing: {
      tSched: t0,
      tCall: t0,
      t0,
      tHdr: t0,
      tEvt1: t0 + ms / 4,
      tOut1: t0 + ms / 4,
      tAns1: t0 + ms / 4,
      tLast: t0 + ms,
      tDone: t0 + ms,
    },
    usage: { prompt: 1, completion: 8, reasoning: null, cached: null, source: 'usage' },
    outcome: answered(),
    ...more,
  });
}

/** Different for every item and language, the same for both targets. */
const wobble = (item: number, at: number): number => 100 + 17 * ((item * 7 + at * 3) % 5);

function rowsOf(
  target: string,
  factor: (item: number, at: number) => number,
  more: Partial<Sample> = {},
  items = 24,
): JoinedRow[] {
  return Array.from({ length: items }, (_, item) =>
    languages.map((language, at): JoinedRow => {
      const of = cell({ test: `item-${item}`, cluster: `item-${item}`, language, target, checks: [] });
      const one = timed(of.key, wobble(item, at) * factor(item, at), { block: 4 * item + at, ...more });
      return {
        cell: of,
        sample: one,
        attempts: 1,
        findings: [],
        score: null,
        pass: null,
        kind: 'observed',
        times: timesOf(one),
        byIndex: [],
        names: namesOf(of),
      };
    }),
  ).flat();
}
const overall = (ratios: readonly SpeedRatio[], metric: SpeedRatio['metric'] = 'e2eMs') => {
  const found = ratios.find((ratio) => ratio.language === null && ratio.metric === metric);
  if (found === undefined) throw new Error('no ratio over all languages');
  return found;
};
/** Half a per cent up or down, without a pattern of item or language. */
const noise = (item: number, at: number): number => 1 + 0.005 * (((item * 5 + at * 11) % 7) - 3);

describe('the ratio of times in the quality phase', () => {
  const alpha = rowsOf('alpha', () => 1);

  it('calls of the languages only that faster or slower which Holm leaves', () => {
    // Thai takes 1.0 to 1.6 times as long on five questions: clear by itself, one of four claims here.
    const slow = (item: number, at: number): number =>
      at === 1 ? 1.3 + 0.6 * ((item % 5) / 4 - 0.5) : noise(item, at);
    const thai = (tags: readonly string[]): SpeedRatio | undefined =>
      qualityRatios({ ...input, axes: { ...axes, languages: tags } }, [
        ...rowsOf('alpha', () => 1, {}, 5).filter(({ cell: { language } }) => tags.includes(language)),
        ...rowsOf('beta', slow, {}, 5).filter(({ cell: { language } }) => tags.includes(language)),
      ]).find(({ language, metric }) => language === 'th' && metric === 'e2eMs');
    const [alone, among] = [thai(['th']), thai(languages)];
    expect(alone).toMatchObject({ label: 'slower' });
    expect(alone?.ratio.low).toBeGreaterThan(1);
    expect(among?.ratio).toEqual(alone?.ratio);
    expect(among?.pHolm).toBeCloseTo(4 * (alone?.pHolm ?? 0), 12);
    expect(among?.label).toBe('no-difference');
    expect(among?.sentence).toContain('no difference left after Holm’s correction over the languages');
  });

  it('keeps its label and its words when the targets are swapped', () => {
    for (const factor of [1.049, 0.954, 1.3]) {
      const beta = rowsOf('beta', (item, at) => factor * noise(item, at));
      const there = overall(qualityRatios(input, [...alpha, ...beta]));
      const back = overall(qualityRatios({ ...input, baseline: 'beta' }, [...alpha, ...beta]));
      const turned = { faster: 'slower', slower: 'faster' } as const;
      const wanted = there.label === 'faster' || there.label === 'slower' ? turned[there.label] : there.label;
      expect(back.label).toBe(wanted);
      expect(back.ratio.low).toBeCloseTo(1 / (there.ratio.high ?? Number.NaN), 12);
    }
  });

  it('is what one target takes of the other, whatever the questions take', () => {
    const found = overall(qualityRatios(input, [...alpha, ...rowsOf('beta', (i, at) => 1.3 * noise(i, at))]));
    expect(found.ratio.value).toBeCloseTo(1.3, 1);
    expect(found).toMatchObject({
      label: 'slower',
      design: 'questions',
      units: 24,
      ratio: { n: 96, missing: 0, method: 'bca' },
    });
    expect(found.sentence).toMatch(
      /^total time: beta takes 1\.\d\d times as long as alpha \(95 % interval .*, 24 items\): beta was slower\.$/u,
    );
  });

  it('turns over when the targets do', () => {
    const rows = [...alpha, ...rowsOf('beta', (i, at) => 0.8 * noise(i, at))];
    const there = overall(qualityRatios(input, rows)).ratio;
    const back = overall(qualityRatios({ ...input, baseline: 'beta' }, rows)).ratio;
    expect(there.value).toBeLessThan(1);
    expect((there.value ?? 0) * (back.value ?? 0)).toBeCloseTo(1, 12);
  });

  it('says that a difference is too small to matter, or was not detected', () => {
    const small = overall(
      qualityRatios(input, [...alpha, ...rowsOf('beta', (i, at) => 1.01 * noise(i, at))]),
    );
    expect(small.label).toBe('negligible');
    const wild = rowsOf('beta', (i) => (i % 2 === 0 ? 2 : 0.5));
    const none = overall(qualityRatios(input, [...alpha, ...wild]));
    expect(none.label).toBe('no-difference');
    expect(none.sentence).toMatch(/no difference detected \(±\d+\.\d %\)/u);
  });

  it('counts pairs of blocks, not questions, where more than one question was in flight', () => {
    const more = { concurrency: 8, block: 3 };
    const found = overall(
      qualityRatios(input, [...rowsOf('alpha', () => 1, more), ...rowsOf('beta', () => 1.2, more)]),
    );
    expect(found).toMatchObject({ design: 'block-pairs', units: 1, label: 'no-interval' });
  });

  it('leaves out what needed a second attempt or was not answered, and counts it', () => {
    const beta = rowsOf('beta', () => 1.2).map((row, at): JoinedRow => {
      if (row.sample === null || at > 1) return row;
      const odd: Partial<Sample> = at === 0 ? { attempt: 2 } : { status: 'timeout', outcome: failed() };
      return { ...row, sample: { ...row.sample, ...odd } };
    });
    expect(overall(qualityRatios(input, [...alpha, ...beta])).ratio).toMatchObject({ n: 94, missing: 2 });
  });

  it('leaves out what this process disturbed, on either side', () => {
    const tainted = (rows: JoinedRow[], at: number): JoinedRow[] =>
      rows.map((row, index) =>
        index !== at || row.sample === null ? row : { ...row, sample: { ...row.sample, flags: ['tainted'] } },
      );
    const rows = [
      ...tainted(alpha, 3),
      ...tainted(
        rowsOf('beta', () => 1.2),
        7,
      ),
    ];
    expect(overall(qualityRatios(input, rows)).ratio).toMatchObject({ n: 94, missing: 2 });
    const counted = speedCurves(['alpha', 'beta'], rows).map(({ target, metric, n }) => [target, metric, n]);
    expect(counted).toContainEqual(['alpha', 'e2eMs', 95]);
    expect(counted).toContainEqual(['beta', 'ttftMs', 95]);
  });

  it('has a row per language, and none for a language nobody was asked in', () => {
    const ratios = qualityRatios({ ...input, axes: { ...axes, languages: [...languages, 'ko'] } }, [
      ...alpha,
      ...rowsOf('beta', () => 1.2),
    ]);
    expect(ratios.filter((ratio) => ratio.metric === 'ttftMs').map((ratio) => ratio.language)).toEqual([
      null,
      ...languages,
    ]);
  });
});

const request = (target: string, block: number, at: number, concurrency: number): SpeedRequest => ({
  key: `${target}-${block}-${at}`,
  series: 'all',
  level: `c${concurrency}`,
  load: { kind: 'closed', concurrency },
  target,
  cell: 'x',
  language: 'th',
  cluster: 'item',
  unit: `pair ${Math.floor(block / 2) + 1}`,
  repeat: 1,
  block,
  turn: 'AB',
  nonce: '',
  atMs: null,
  maxTokens: 8,
});
const reading = (target: string, block: number, concurrency: number): BlockReading => ({
  v: 1,
  kind: 'block',
  leg: 'leg-1',
  series: 'all',
  level: `c${concurrency}`,
  target,
  block,
  startMs: 0,
  fullMs: null,
  emptyMs: 1,
  endMs: 2,
  maxInFlight: concurrency,
  client,
  at: 1,
});

function load(
  factor: number,
  change: (sample: Sample, block: number) => Sample = (one) => one,
  busy = client,
) {
  const requests: SpeedRequest[] = [];
  const samples: Sample[] = [];
  const readings: BlockReading[] = [];
  for (let block = 0; block < 12; block += 1) {
    const target = [0, 3].includes(block % 4) ? 'alpha' : 'beta';
    // A machine that slows down by half over the phase slows both sides of each pair alike.
    const drift = 1 + block / 24;
    readings.push({ ...reading(target, block, 4), client: busy });
    for (let at = 0; at < 8; at += 1) {
      const one = request(target, block, at, 4);
      requests.push(one);
      const ms = wobble(at, 0) * drift * (target === 'beta' ? factor : 1);
      samples.push(change(timed(one.key, ms, { phase: 'speed', concurrency: 4 }), block));
    }
  }
  const levels = measuredLevels({ requests, objectives: { all: null } }, samples, readings);
  return (floors: readonly SpeedFloor[] = []): SpeedRatio[] =>
    loadRatios(input, levels, speedLevels(levels, { all: null }), floors);
}

describe('the ratio of times under load', () => {
  it('rests on pairs of adjacent blocks, so that a machine that drifts makes no winner', () => {
    const [, same] = load(1)();
    expect(same).toMatchObject({
      metric: 'e2eMs',
      design: 'block-pairs',
      units: 6,
      ratio: { method: 't', n: 6 },
    });
    expect(same?.label).toBe('negligible');
    const [ttft, total] = load(1.4)();
    expect(ttft?.label).toBe('slower');
    expect(total?.ratio.value).toBeCloseTo(1.4, 1);
    expect(total?.sentence).toMatch(/^4 in flight, total time: beta takes 1\.4\d? times/u);
  });

  it('has no total times where the answers were as long as they liked', () => {
    const natural = load(1.4, (one) => ({ ...one, flags: ['not-fixed-work'] }));
    expect(natural().map(({ metric, label, ratio }) => [metric, label, ratio.n])).toEqual([
      ['ttftMs', 'slower', 6],
      ['e2eMs', 'no-interval', 0],
    ]);
  });

  it('drops a pair in which anything failed: it may have been the slow ones', () => {
    const [, total] = load(1.4, (one, block) =>
      block === 0 && one.cell.endsWith('-0') ? { ...one, status: 'timeout', outcome: failed() } : one,
    )();
    expect(total).toMatchObject({ units: 5, ratio: { n: 5, missing: 1 } });
  });

  it('decides nothing by a client at its limit, nor below what the client adds by itself', () => {
    const [busy] = load(1.4, (one) => one, { ...client, utilization: 0.9 })();
    expect(busy).toMatchObject({ label: 'not-resolvable' });
    expect(busy?.sentence).toMatch(/not resolvable: the client was at its limit/u);
    const floor: SpeedFloor = {
      concurrency: 4,
      n: 12,
      ttftP50Ms: 30,
      addedTtftP50Ms: 50,
      addedTtftP99Ms: 60,
      gapErrorP99Ms: 1,
      connectP50Ms: 0,
      maxInFlight: 4,
      client,
      doubt: null,
    };
    expect(load(1.4)([floor])[0]?.sentence).toMatch(/smaller than what this client adds by itself/u);
    expect(load(1.4)([{ ...floor, addedTtftP50Ms: 1 }])[0]?.label).toBe('slower');
  });
});
