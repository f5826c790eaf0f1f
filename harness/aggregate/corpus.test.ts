import { describe, expect, it } from 'vitest';
import vectors from '../../fixtures/checks/metric-vectors.json' with { type: 'json' };
import { cell, failed, finding, manifest, sample, unscored } from '../../fixtures/aggregate/synthetic-run.ts';
import { bleuOf, bleuOrder, bleuStats } from '../score/checks/bleu-score.ts';
import { bleuTokens } from '../score/checks/bleu-tokenize.ts';
import { bestChrfStats, chrfDefaults, chrfOf } from '../score/checks/chrf-score.ts';
import { checks } from '../score/checks/index.ts';
import { ngramIndex } from '../score/checks/ngrams.ts';
import { scoreCell } from '../score/score.ts';
import type { Cell, CheckSpec, CorpusRow, Finding, Manifest, Sample } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { corpusBleu, corpusChrf } from './corpus-score.ts';
import { pcg32 } from './stats/pcg32.ts';
import { sumsBootstrap } from './stats/sums-bootstrap.ts';

const { segments, corpus } = vectors;
const tokenizers = ['13a', 'intl', 'zh', 'char'] as const;

function sum(rows: readonly (readonly number[])[]): number[] {
  return rows.reduce<number[]>((sums, row) => row.map((count, at) => count + (sums[at] ?? 0)), []);
}

describe('the formulas of this room', () => {
  const chrf = (wordOrder: number) =>
    segments.map(({ hyp, ref }) => bestChrfStats(hyp, [ref], { ...chrfDefaults, wordOrder }));
  const bleu = (name: (typeof tokenizers)[number]) =>
    segments.map(({ hyp, ref }) => {
      const cut = (line: string) => bleuTokens(line, name, false);
      return bleuStats(cut(hyp), ngramIndex([cut(ref)], bleuOrder));
    });

  it('agree with those of the checks on every segment', () => {
    for (const stats of [...chrf(0), ...chrf(2)])
      for (const beta of [1, 2, 3]) expect(corpusChrf(stats, beta)).toBeCloseTo(chrfOf(stats, beta), 9);
    for (const stats of tokenizers.flatMap(bleu))
      expect(corpusBleu(stats)).toBeCloseTo(Math.min(100, bleuOf(stats, false)), 9);
  });

  it('give the corpus figures of sacrebleu', () => {
    expect(Math.abs(corpusChrf(sum(chrf(0)), 2) - corpus.chrF2)).toBeLessThan(1e-9);
    expect(Math.abs(corpusChrf(sum(chrf(2)), 2) - corpus['chrF2++'])).toBeLessThan(1e-9);
    for (const name of tokenizers)
      expect(Math.abs(corpusBleu(sum(bleu(name))) - corpus[`BLEU_${name}`])).toBeLessThan(1e-9);
  });

  it('never pass 100, and are 0 where nothing matches', () => {
    expect(corpusChrf([3, 3, 3, 2, 2, 2, 1, 1, 1], 2)).toBe(100);
    expect(corpusBleu([7, 7, 7, 6, 5, 4, 7, 6, 5, 4])).toBe(100);
    expect(corpusChrf([3, 3, 0], 2)).toBe(0);
    expect(corpusBleu([4, 4, 0, 0, 0, 0, 4, 3, 2, 1])).toBe(0);
    expect(corpusBleu([0, 4, 0, 0, 0, 0, 0, 0, 0, 0])).toBe(0);
  });
});

describe('the bootstrap of sums', () => {
  it('gives the reference interval of eight values, bit for bit', () => {
    const rows = [0, 0.5, 0.25, 0.5, -0.25, 0.25, 0, 0.25].map((value) => [value, 1]);
    const figure = (sums: ArrayLike<number>) => (sums[0] ?? 0) / (sums[1] ?? 1);
    const doubled = { rows: rows.map(([value = 0, one = 1]) => [2 * value, one]), figure };
    expect(sumsBootstrap([{ rows, figure }, doubled], 10_000, { seed: 42, seq: 54 })).toEqual([
      { low: 0.03125, high: 0.34375 },
      { low: 0.0625, high: 0.6875 },
    ]);
  });
});

const spec = (type: string, value: string, params: CheckSpec['params'] = {}): CheckSpec => ({
  type,
  not: false,
  params: { value, ...params },
  threshold: null,
  weight: 1,
  metric: type,
  transform: [],
});

interface Answer extends Partial<Pick<Cell, 'target' | 'language' | 'test' | 'cluster' | 'repeat'>> {
  readonly checks: readonly CheckSpec[];
  /** null: the endpoint failed. */
  readonly text: string | null;
}

/** The corpus rows of a run with these answers, scored by the checks themselves. */
async function rowsOf(
  answers: readonly Answer[],
  more: Partial<Manifest> = {},
): Promise<readonly CorpusRow[]> {
  const cells: Cell[] = [];
  const samples: Sample[] = [];
  const findings: Finding[] = [];
  for (const { text, ...where } of answers) {
    const planned = cell(where);
    cells.push(planned);
    const outcome =
      text === null
        ? failed()
        : ({ kind: 'answered', text, reasoning: '', toolCalls: [], refusal: null, finish: 'stop' } as const);
    const record = sample(planned, { outcome });
    samples.push(record);
    findings.push(
      ...(await scoreCell(planned, record, { catalogue: checks, times: () => null, takesTools: () => null })),
    );
  }
  const run = { manifest: manifest(more), plan: { cells }, samples, findings, readings: [] };
  return aggregate(run).summary.corpus;
}

/** The segments of the vectors as answers of one target in one language. */
const translations = (language: string, check: CheckSpec['type'], params: CheckSpec['params']): Answer[] =>
  segments.map(({ name, hyp, ref }) => ({
    test: name,
    cluster: name,
    language,
    text: hyp,
    checks: [spec(check, ref, params)],
  }));

/** The interval of corpus BLEU by the plainest means and other draws. */
function resampled(): { low: number; high: number } {
  const cut = (line: string) => bleuTokens(line, '13a', false);
  const rows = segments.map(({ hyp, ref }) => bleuStats(cut(hyp), ngramIndex([cut(ref)], bleuOrder)));
  const next = pcg32(7, 7);
  const figures = Array.from({ length: 10_000 }, () =>
    bleuOf(sum(rows.map(() => rows[next() % rows.length] ?? [])), false),
  ).toSorted((a, b) => a - b);
  return { low: figures[250] ?? 0, high: figures[9749] ?? 0 };
}

describe('corpus rows', () => {
  it('hold the corpus figure of the answers, with n, interval and definition', async () => {
    const [row, ...others] = await rowsOf(translations('en', 'bleu', { normalize: 'none' }));
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      target: 'alpha',
      language: 'en',
      suite: 'orders',
      metric: 'bleu',
      check: 'bleu',
      signature: 'BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|norm:none',
      clusters: 26,
      score: { n: 26, missing: 0, unit: 'points', method: 'bootstrap-10000' },
    });
    const { value, low, high } = row?.score ?? {};
    expect(value).toBeCloseTo(corpus.BLEU_13a, 9);
    const again = resampled();
    expect(Math.abs((low ?? 0) - again.low)).toBeLessThan(1.5);
    expect(Math.abs((high ?? 0) - again.high)).toBeLessThan(1.5);
  });

  it('take beta from the parameters', async () => {
    const [row] = await rowsOf(translations('th', 'chrf', { normalize: 'none', beta: 1, word_order: 0 }));
    const options = { ...chrfDefaults, wordOrder: 0 };
    const stats = sum(segments.map(({ hyp, ref }) => bestChrfStats(hyp, [ref], options)));
    expect(row?.score.value).toBeCloseTo(chrfOf(stats, 1), 9);
    expect(row?.signature).toMatch(/^chrF1\|/u);
  });

  it('never add up different definitions, languages or targets', async () => {
    const checksOf = (value: string) => [spec('chrf', value), spec('chrf', value, { lowercase: true })];
    const rows = await rowsOf(
      ['ar', 'th'].flatMap((language) =>
        ['alpha', 'beta'].flatMap((target) => [
          { target, language, test: 'a', cluster: 'a', text: 'นก Bird', checks: checksOf('นก bird') },
          { target, language, test: 'b', cluster: 'b', text: 'قطة', checks: checksOf('قطط') },
          { target, language, test: 'c', cluster: 'c', text: 'قطة', checks: [spec('bleu', 'قطط')] },
        ]),
      ),
    );
    const names = rows.map((row) => `${row.target} ${row.language} ${row.metric} ${row.signature}`);
    expect(new Set(names).size).toBe(12);
    expect(rows.map((row) => row.score.n).toSorted((a, b) => a - b)).toEqual([
      1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2,
    ]);
  });

  it('count a missing answer, in the row of those that came, and leave a negated check out', async () => {
    const ask = (target: string, test: string, text: string | null): Answer => ({
      target,
      test,
      cluster: test,
      text,
      language: 'ja',
      checks: [spec('chrf', `${test} 猫がいる`), { ...spec('chrf', '犬'), not: true }],
    });
    const rows = await rowsOf([
      ask('alpha', 'a', '猫がいた'),
      ask('alpha', 'b', null),
      ask('beta', 'a', null),
      ask('beta', 'b', null),
    ]);
    expect(
      rows.map(({ target, signature, clusters, score }) => ({ target, signature, clusters, score })),
    ).toEqual([
      {
        target: 'alpha',
        signature: 'chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|norm:nfc',
        clusters: 1,
        score: expect.objectContaining({ n: 1, missing: 1, low: null, high: null, method: null }),
      },
      {
        target: 'beta',
        signature: 'chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|norm:nfc',
        clusters: 0,
        score: { value: null, low: null, high: null, n: 0, missing: 2, unit: 'points', method: null },
      },
    ]);
  });

  it('name the check where nothing was ever scored', async () => {
    const [row] = await rowsOf([{ text: null, language: 'ko', checks: [spec('bleu', '고양이')] }]);
    expect(row).toMatchObject({ signature: 'bleu', score: { value: null, n: 0, missing: 1 } });
  });

  it('give no interval without spread, however many answers', async () => {
    const right = (at: number): Answer => ({
      test: `t${at}`,
      cluster: `t${at}`,
      text: 'Paka alikaa kwenye mkeka.',
      language: 'sw',
      checks: [spec('bleu', 'Paka alikaa kwenye mkeka.')],
    });
    const [row] = await rowsOf([0, 1, 2, 3].map(right));
    expect(row?.score).toMatchObject({ value: 100, low: null, high: null, method: null, n: 4 });
  });

  it('draw clusters, not answers: copies of an item in its cluster make nothing surer', async () => {
    const once = translations('en', 'chrf', {});
    const often = once.flatMap((answer) => [1, 2, 3].map((repeat) => ({ ...answer, repeat })));
    const [single] = await rowsOf(once);
    const [triple] = await rowsOf(often);
    expect(triple).toMatchObject({ clusters: 26, score: { n: 78 } });
    expect(triple?.score.value).toBeCloseTo(single?.score.value ?? 0, 9);
    expect(triple?.score.low).toBeCloseTo(single?.score.low ?? 0, 9);
    expect(triple?.score.high).toBeCloseTo(single?.score.high ?? 0, 9);
  });

  it('keep every bit when items come in another order or another language joins', async () => {
    const answers = translations('hi', 'chrf', {});
    const [alone] = await rowsOf(answers);
    const [turned] = await rowsOf(answers.toReversed());
    const joined = await rowsOf([...translations('tr', 'chrf', {}), ...answers]);
    expect(turned).toEqual(alone);
    expect(joined.find((row) => row.language === 'hi')).toEqual(alone);
  });

  it('leave out a crashed check and statistics that are none', () => {
    const planned = [0, 1].map((at) => cell({ test: `t${at}`, checks: [spec('chrf', 'x')] }));
    const [first, second] = planned;
    if (first === undefined || second === undefined) throw new Error('two cells');
    const broken = { status: 'scored', score: 1, pass: null, because: '', details: { stats: [1, 'x', 1] } };
    const findings = [finding(first, unscored('check-error')), finding(second, broken as Finding['verdict'])];
    const run = {
      manifest: manifest(),
      plan: { cells: planned },
      samples: planned.map((each) => sample(each)),
    };
    expect(aggregate({ ...run, findings, readings: [] }).summary.corpus).toMatchObject([
      { score: { value: null, n: 0, missing: 2 } },
    ]);
  });

  it('are none where no check has statistics', async () => {
    expect(await rowsOf([{ text: 'x', language: 'am', checks: [spec('equals', 'x')] }])).toEqual([]);
  });
});
