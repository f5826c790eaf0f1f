import { describe, expect, it } from 'vitest';
import { check } from '../../../fixtures/aggregate/synthetic-run.ts';
import type { Gate, GateFault } from './expression.ts';
import { gateNames } from './names.ts';
import { parseGate } from './parse.ts';

const targets = ['qwen', 'llama-3.1', 'baseline', 'ไทย', 'قوين'];
const languages = ['en', 'ar', 'th', 'hi', 'zh-TW', 'ja', 'ko', 'sw', 'tr'];
const metrics = ['language', 'rouge-l', 'ครบ ถ้วน', 'score'];
const cells = targets.flatMap((target) =>
  languages.map((language) => ({
    target,
    language,
    checks: metrics
      .filter((metric) => metric !== 'language' || language !== 'sw')
      .map((metric) => ({ ...check, metric })),
  })),
);
const names = gateNames(cells, targets, true);

function gateOf(expression: string, more: Partial<typeof names> = {}): Gate {
  const parsed = parseGate(expression, { ...names, ...more });
  if ('fault' in parsed) throw new Error(`${parsed.fault.at}: ${parsed.fault.message}`);
  return parsed.gate;
}

function faultOf(expression: string, more: Partial<typeof names> = {}): GateFault {
  const parsed = parseGate(expression, { ...names, ...more });
  if (!('fault' in parsed)) throw new Error(`read as ${JSON.stringify(parsed.gate)}`);
  return parsed.fault;
}

const score = { kind: 'score' } as const;
const metric = (name: string) => ({ kind: 'metric', name }) as const;

describe('a gate with a limit', () => {
  it.each([
    [
      'qwen.score >= 0.8',
      { targets: ['qwen'], language: null, measure: score, comparison: '>=', limit: 0.8 },
    ],
    ['  qwen.score>=80% ', { measure: score, limit: 0.8, unit: 'share' }],
    ['*.errors <= 0', { targets, measure: { kind: 'errors' }, limit: 0, unit: 'cells' }],
    ['*.errors < 1%', { measure: { kind: 'errors' }, comparison: '<', limit: 0.01, unit: 'share' }],
    ['qwen[th].language >= 0.95', { language: 'th', measure: metric('language'), limit: 0.95 }],
    ['qwen[zh-TW].pass > .5', { language: 'zh-TW', measure: { kind: 'pass' }, limit: 0.5 }],
    ['qwen[*].rouge-l >= 0.3 by ci', { language: '*', measure: metric('rouge-l'), by: 'ci' }],
    ['ไทย[th]."ครบ ถ้วน" >= 0.5', { targets: ['ไทย'], measure: metric('ครบ ถ้วน') }],
    ['قوين[ar].score >= 0.5', { targets: ['قوين'], language: 'ar' }],
    ['llama-3.1.ttft.p95 <= 800', { measure: { kind: 'time', time: 'ttft', quantile: 'p95' }, limit: 800 }],
    [
      'qwen.e2e.p50 <= 1.5s',
      { measure: { kind: 'time', time: 'e2e', quantile: 'p50' }, limit: 1500, unit: 'ms' },
    ],
    ['qwen.tpot.p99 <= 40ms', { limit: 40, unit: 'ms' }],
    // In quotes a name is the suite's own, whatever else it could mean.
    ['qwen."score" >= 0.8', { measure: metric('score') }],
    ['"baseline".score >= 0.1', { targets: ['baseline'] }],
    ['baseline.score >= 0.1', { targets: ['baseline'] }],
  ])('is read: %s', (expression, expected) => {
    expect(gateOf(expression)).toMatchObject({ kind: 'absolute', by: 'value', ...expected });
  });

  it('speaks of the target with the longest name that fits', () => {
    for (const ids of [
      ['qwen.v2', 'qwen'],
      ['qwen', 'qwen.v2'],
    ]) {
      expect(gateOf('qwen.v2.score >= 0.5', { targets: ids, isPlanned: () => true })).toMatchObject({
        targets: ['qwen.v2'],
      });
      expect(gateOf('qwen.score >= 0.5', { targets: ids, isPlanned: () => true })).toMatchObject({
        targets: ['qwen'],
      });
    }
  });

  it('is `all-pass` as well', () => {
    expect(gateOf(' all-pass ')).toEqual({ kind: 'all-pass' });
  });
});

describe('a gate on a difference', () => {
  it.each([
    [
      'qwen - llama-3.1 >= -0.02 by ci',
      { targets: ['qwen'], against: 'llama-3.1', limit: -0.02, by: 'ci', measure: score },
    ],
    ['qwen - llama-3.1 >= \u22122%', { limit: -0.02, by: 'value' }],
    ['* - llama-3.1 >= 0', { targets: targets.filter((id) => id !== 'llama-3.1') }],
    ['* - baseline >= -0.02 by ci', { targets, against: null }],
    ['qwen - "baseline" >= 0', { against: 'baseline' }],
    ['qwen[ar].language - llama-3.1 >= 0', { language: 'ar', measure: metric('language') }],
    ['qwen.pass - llama-3.1.pass <= 0.1', { measure: { kind: 'pass' }, comparison: '<=' }],
    ['qwen - llama-3.1.pass >= 0', { measure: { kind: 'pass' } }],
    ['qwen[hi] - llama-3.1[hi] >= 0', { language: 'hi' }],
  ])('is read: %s', (expression, expected) => {
    expect(gateOf(expression)).toMatchObject({ kind: 'relative', ...expected });
  });
});

describe('what is wrong with a gate', () => {
  it.each([
    ['', 0, 'an empty gate'],
    ['qwem.score >= 0.8', 0, 'no target "qwem"'],
    ['qwen-baseline >= 0', 0, 'no target "qwen-baseline"'],
    ['qwen -baseline >= 0', 5, 'expected >=, <=, > or <, got "-baseline >= 0"'],
    ['qwen[tr.score >= 0.8', 7, 'expected ] after the language'],
    ['qwen[thh].score >= 0.8', 5, 'no language "thh"'],
    ['qwen[].score >= 0.8', 5, 'no language between [ and ]'],
    ['qwen.skore >= 0.8', 5, 'no figure and no metric "skore"'],
    ['qwen. >= 0.8', 5, 'expected what to judge: score, pass, errors, ttft.p95 or a metric, got " >= 0.8"'],
    ['qwen."score >= 0.8', 5, 'a quotation mark that is never closed'],
    ['qwen.ttft <= 800', 9, 'which percentile of ttft?'],
    ['qwen.ttft.p96 <= 800', 10, 'no percentile "p96"'],
    ['qwen >= 0.8', 0, 'what of qwen?'],
    ['qwen.score == 0.8', 11, 'expected >=, <=, > or <, got "== 0.8"'],
    ['qwen.score ≥ 0.8', 11, 'expected >=, <=, > or <, got "≥ 0.8"'],
    ['qwen.score', 10, 'expected >=, <=, > or <, got the end'],
    ['qwen.score >== 1', 11, 'expected >=, <=, > or <, got ">== 1"'],
    ['qwen.score >= 0,8', 14, 'expected a number, got "0,8"'],
    ['qwen.score >= ٠٫٨', 14, 'expected a number, got "٠٫٨"'],
    ['qwen.score >= 0.8x', 14, 'expected a number, got "0.8x"'],
    ['qwen.score >=', 13, 'expected a number, got the end'],
    ['qwen.score >= 80', 14, 'a share lies between 0 and 1'],
    ['qwen.score >= 8ms', 14, '"ms" belongs to a time'],
    ['qwen.ttft.p95 <= 8%', 17, 'a time is not a percentage'],
    ['qwen.score >= 0.8 and more', 18, 'expected "by ci" or the end, got "and more"'],
    ['qwen.errors <= 0 by ci', 5, 'errors are counted, without an interval'],
    ['qwen.ttft.p95 <= 9 by ci', 5, 'a percentile is read off, without an interval'],
    ['qwen - qwen >= 0', 7, 'qwen minus itself'],
    ['qwen - * >= 0', 7, 'only one target can be subtracted'],
    ['qwen[th] - llama-3.1[hi] >= 0', 11, 'two languages are never subtracted'],
    ['qwen.pass - llama-3.1.score >= 0', 22, 'the two sides are different figures'],
    ['qwen.errors - llama-3.1 >= 0', 5, 'errors are not subtracted in a gate'],
    ['qwen - llama-3.1 >= -2', 20, 'a difference of shares lies between -1 and 1'],
    ['qwen[sw].language >= 0.5', 0, 'nothing is planned for qwen in sw with the metric "language"'],
  ])('is told with its place: %s', (expression, at, message) => {
    expect(faultOf(expression)).toMatchObject({ at, message });
  });

  it('comes with what could stand there', () => {
    expect(faultOf('qwem.score >= 1')).toMatchObject({ word: 'qwem', known: targets });
    expect(faultOf('qwen[thh].score >= 1')).toMatchObject({ word: 'thh', known: languages });
    expect(faultOf('qwen.skore >= 1').known).toEqual(expect.arrayContaining(['score', 'ttft', 'rouge-l']));
    expect(faultOf('qwen-baseline >= 0').hint).toBe('a minus between two targets has a space on either side');
    expect(faultOf('qwen.score >= 80').hint).toBe('80 % is 0.8 or 80%');
    expect(faultOf('qwen.score >= 0,8').hint).toBe('write a point: 0.8');
  });

  it('is an earlier run that nobody named', () => {
    expect(faultOf('qwen - baseline >= 0', { hasEarlier: false })).toMatchObject({
      at: 7,
      message: 'there is no earlier run to compare with',
    });
  });
});
