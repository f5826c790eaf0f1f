import { describe, expect, it } from 'vitest';
import {
  check,
  syntheticRun,
  type RunOptions,
  type Scripted,
} from '../../fixtures/aggregate/synthetic-run.ts';
import type { CheckSpec, Finding, MemoryFigure, MemoryRow, Standings, Summary } from '../types.ts';
import { sameRuler } from './across-languages.ts';
import { aggregate } from './aggregate.ts';
import { effectiveSamples } from './effective.ts';
import { axesOf } from './facts.ts';
import { observe } from './observation.ts';
import { joinRows } from './rows.ts';
import { scoreRows } from './scores.ts';
import { standingsOf } from './standings.ts';

const targets = ['ก', 'ب', 'क', '中'];

/** The first two alike and good, the third less, the last one worst. */
const script = (target: string, _language: string, item: number): Scripted => {
  const wrong = { ก: 2, ب: 2, क: 12, 中: 30 }[target] ?? 0;
  return item < wrong ? 0 : 1;
};

function figure(bytes: number, basis: MemoryFigure['basis'] = 'pss'): MemoryFigure {
  return { bytes, basis, isUpperBound: false, n: 1 };
}

const emptyMeasure = { probe: null, readings: 0, missing: 0, why: null };
function memoryRow(target: string, parts: { host?: MemoryFigure; gpu?: MemoryFigure }): MemoryRow {
  return {
    target,
    host: { ...emptyMeasure, afterLoad: parts.host ?? null },
    gpu: { ...emptyMeasure, peak: parts.gpu ?? null, afterLoad: null },
    estimate: { ...emptyMeasure, total: null },
  } as unknown as MemoryRow;
}

function standings(
  options: Partial<RunOptions>,
  memory: readonly MemoryRow[] = [],
  speeds: Readonly<Record<string, number>> = {},
): Standings {
  const truth = syntheticRun({ targets, languages: ['ar', 'th'], items: 40, script, ...options });
  const rows = joinRows(truth.plan, effectiveSamples(truth.plan, truth.samples), truth.findings);
  const axes = axesOf(truth.manifest, rows);
  const observations = observe(rows);
  const speed = Object.entries(speeds).map(([target, value]) => ({
    target,
    language: null,
    charsPerSecond: { value, low: null, high: null, n: 9, missing: 0, unit: 'chars/s', method: null },
  })) as unknown as Summary['speed'];
  return standingsOf({
    axes,
    seed: 42,
    observations,
    comparisons: [],
    scores: scoreRows(axes, observations, 42),
    speed,
    memory,
  });
}

describe('targets beside each other', () => {
  it('have the places that decided comparisons leave open, best first', () => {
    const { rows, pairs } = standings({});
    expect(pairs.map(({ other, baseline }) => `${other}-${baseline}`)).toEqual([
      'ب-ก',
      'क-ก',
      '中-ก',
      'क-ب',
      '中-ب',
      '中-क',
    ]);
    expect(rows.map(({ target, from, to, open }) => [target, from, to, open])).toEqual([
      ['ก', 1, 2, ['ب']],
      ['ب', 1, 2, ['ก']],
      ['क', 3, 3, []],
      ['中', 4, 4, []],
    ]);
    expect(rows[2]).toMatchObject({ better: ['中'], worse: ['ก', 'ب'] });
  });

  it('are corrected over all pairs', () => {
    const { pairs } = standings({});
    const ps = pairs.flatMap(({ p, pHolm }) => (p === null || pHolm === null ? [] : [[p, pHolm] as const]));
    const smallest = ps.toSorted((a, b) => a[0] - b[0])[0];
    expect(smallest?.[1]).toBeCloseTo(6 * (smallest?.[0] ?? 0), 9);
  });

  it('all hold the first place while nothing is decided', () => {
    const { rows } = standings({ items: 9 });
    for (const { from, to } of rows) expect([from, to]).toEqual([1, 4]);
  });

  it('of two are told by the comparison with the baseline, without pairs of their own', () => {
    const two = syntheticRun({
      targets: ['alpha', 'beta'],
      items: 30,
      script: (target, _l, item) => (target === 'beta' && item < 12 ? 0 : 1),
    });
    const { standings: found, comparisons } = aggregate(two).summary;
    expect(found.pairs).toEqual([]);
    expect(comparisons[0]?.label).toBe('worse');
    expect(found.rows.map(({ target, from, to }) => [target, from, to])).toEqual([
      ['alpha', 1, 1],
      ['beta', 2, 2],
    ]);
  });
});

describe('quality, speed and memory', () => {
  const speeds = { ก: 100, ب: 90, क: 200, 中: 150 };

  it('name who leaves no reason to take a target, memory among the reasons', () => {
    expect(
      Object.fromEntries(standings({}, [], speeds).rows.map(({ target, outdoneBy }) => [target, outdoneBy])),
    ).toEqual({
      ก: [],
      ب: ['ก'],
      क: [],
      中: ['क'],
    });
    const small = targets.map((id, at) => memoryRow(id, { host: figure(10 - at) }));
    const found = standings({}, small, speeds);
    expect(found).toMatchObject({ memoryOf: 'host.afterLoad', basis: 'pss' });
    expect(found.rows.map(({ outdoneBy }) => outdoneBy)).toEqual([[], [], [], []]);
  });

  it('say nothing of a target without a figure', () => {
    const { rows } = standings({}, [], { ก: 100, क: 200, 中: 150 });
    expect(rows.find(({ target }) => target === 'ب')?.outdoneBy).toBeNull();
    expect(rows.find(({ target }) => target === '中')?.outdoneBy).toEqual(['क']);
  });

  it.each([
    ['bases differ', (at: number) => ({ host: figure(1, at === 0 ? 'pss' : 'rss') }), null],
    ['one is not known', (at: number) => (at === 0 ? {} : { host: figure(1) }), null],
    [
      'devices are known of one only',
      (at: number) => ({ host: figure(1), ...(at === 0 ? { gpu: figure(9, 'gpu-delta') } : {}) }),
      'host.afterLoad',
    ],
    ['devices are known of all', () => ({ host: figure(1), gpu: figure(9, 'gpu-delta') }), 'gpu.peak'],
  ] as const)('never mix memory where %s', (_what, parts, memoryOf) => {
    const found = standings(
      {},
      targets.map((id, at) => memoryRow(id, parts(at))),
      speeds,
    );
    expect(found.memoryOf).toBe(memoryOf);
    expect(new Set(found.rows.flatMap(({ memory }) => memory?.basis ?? [])).size).toBe(
      memoryOf === null ? 0 : 1,
    );
  });
});

it('a target is named with what its server told, and nothing else', () => {
  const run = syntheticRun({ targets: ['alpha', 'beta'], items: 1, script: () => 1 });
  const facts = [
    { quantization: 'Q4_K_M', contextTokens: 8192 },
    { quantization: 4, contextTokens: null },
  ];
  const told = run.manifest.targets.map((target, at) => ({ ...target, facts: facts[at] ?? null }));
  const { targets: found } = aggregate({ ...run, manifest: { ...run.manifest, targets: told } }).summary;
  expect(found.map(({ quantization, contextTokens }) => [quantization, contextTokens])).toEqual([
    ['Q4_K_M', 8192],
    [null, null],
  ]);
});

describe('one item in two languages', () => {
  const judged = (type: string, signature: string, threshold: number | null = 1) => ({
    checks: [{ ...check, type, threshold }],
    signatures: [signature],
  });
  it.each([
    ['the same definition', judged('number', 'number|take:auto|sep:v1'), 'number|take:auto|sep:v1', true],
    [
      'another definition',
      judged('length', 'length|unit:words|tok:icu-78.2'),
      'length|unit:words|tok:icu-79.1',
      false,
    ],
    [
      'each its own script',
      judged('script', 'script|scx:Arab|impl:visavis-1'),
      'script|scx:Hani+Hira+Kana|impl:visavis-1',
      true,
    ],
    [
      'two makers',
      judged('script', 'script|scx:Arab|impl:visavis-1'),
      'script|scx:Thai|impl:visavis-2',
      false,
    ],
    ['a lexical metric with a threshold', judged('chrf', 'chrF2++|nrefs:1'), 'chrF2++|nrefs:1', false],
    ['a lexical metric without one', judged('bleu', 'BLEU|tok:13a', null), 'BLEU|tok:zh', true],
  ])('is compared by %s: %s', (_what, one, signature, expected) => {
    expect(sameRuler(one, { ...one, signatures: [signature] })).toBe(expected);
  });

  it('judged by a lexical threshold leaves gaps and consistency, and a note says so', () => {
    const lexical: CheckSpec = { ...check, type: 'chrf', metric: 'wording', threshold: 0.5 };
    const run = syntheticRun({ targets: ['alpha'], languages: ['en', 'zh'], items: 12, script: () => 1 });
    const cells = run.plan.cells.map((cell, at) => (at < 4 ? { ...cell, checks: [lexical] } : cell));
    const { summary } = aggregate({ ...run, plan: { cells } });
    expect(summary.spread[0]?.gaps[0]?.difference).toMatchObject({ n: 10, missing: 2 });
    expect(summary.consistency[0]?.consistent).toMatchObject({ n: 10, missing: 2 });
    expect(summary.notes.map(({ code }) => code)).toContain('lexical-threshold');
    expect(aggregate(run).summary.notes.map(({ code }) => code)).not.toContain('lexical-threshold');
  });

  it('judged by two definitions is missing, not subtracted', () => {
    const run = syntheticRun({ targets: ['alpha'], languages: ['en', 'ja'], items: 12, script: () => 1 });
    const signed = (finding: Finding, signature: string): Finding =>
      finding.verdict.status === 'scored'
        ? { ...finding, verdict: { ...finding.verdict, details: { signature } } }
        : finding;
    const findings = run.findings.map((each, at) =>
      signed(each, at === 1 ? 'number|sep:v2' : 'number|sep:v1'),
    );
    const { spread, consistency } = aggregate({ ...run, findings }).summary;
    expect(spread[0]?.gaps[0]?.difference).toMatchObject({ n: 11, missing: 1 });
    expect(consistency[0]?.consistent).toMatchObject({ n: 11, missing: 1 });
  });
});
