import { growth } from '../../../fixtures/test/cpu-time.ts';
import { describe, expect, it } from 'vitest';
import vectors from '../../../fixtures/checks/metric-vectors.json' with { type: 'json' };
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { CheckInput, JsonObject } from '../../types.ts';
import { chrf } from './chrf.ts';
import { bestChrfStats, chrfDefaults, chrfOf, type ChrfOptions } from './chrf-score.ts';

const plain: ChrfOptions = { ...chrfDefaults, wordOrder: 0 };
const score = (hyp: string, ref: string, options: ChrfOptions): number =>
  chrfOf(bestChrfStats(hyp, [ref], options), options.beta);
const input = (text: string, params: JsonObject): CheckInput => checkInput(text, 'en', params);

describe('chrF against sacrebleu', () => {
  it.each(vectors.segments)('$name', (segment) => {
    const { hyp, ref } = segment;
    expect(Math.abs(score(hyp, ref, plain) - segment.chrF2)).toBeLessThan(1e-9);
    expect(Math.abs(score(hyp, ref, chrfDefaults) - segment['chrF2++'])).toBeLessThan(1e-9);
    expect(Math.abs(score(hyp, ref, { ...plain, lowercase: true }) - segment.chrF2_lc)).toBeLessThan(1e-9);
    expect(Math.abs(score(hyp, ref, { ...plain, whitespace: true }) - segment.chrF2_space)).toBeLessThan(
      1e-9,
    );
  });

  it.each([
    ['chrF2', plain, vectors.corpus.chrF2],
    ['chrF2++', chrfDefaults, vectors.corpus['chrF2++']],
  ] as const)('adds up to the corpus %s', (_, options, expected) => {
    const sums: number[] = [];
    for (const { hyp, ref } of vectors.segments) {
      for (const [index, count] of bestChrfStats(hyp, [ref], options).entries())
        sums[index] = (sums[index] ?? 0) + count;
    }
    expect(Math.abs(chrfOf(sums, options.beta) - expected)).toBeLessThan(1e-9);
  });
});

describe('the chrf check', () => {
  it('signs the definition and carries the statistics', async () => {
    const judged = await chrf.run(input('The cat is here', { value: ['A cat is here', 'The cat was here'] }));
    expect(judged.details['signature']).toBe(
      'chrF2++|nrefs:2|case:mixed|eff:yes|nc:6|nw:2|space:no|norm:nfc',
    );
    expect(judged.details['stats']).toHaveLength(24);
  });

  it('takes the best of several references, wherever it stands', async () => {
    const best = await chrf.run(input('habari yako', { value: ['xyz', 'habari yako', 'jambo'] }));
    expect(best).toMatchObject({ score: 1 });
  });

  it('equates normal forms unless told to do as sacrebleu does', async () => {
    const value = 'Tiếng Việt rất hay.';
    expect(await chrf.run(input(value.normalize('NFD'), { value }))).toMatchObject({ score: 1 });
    const raw = await chrf.run(input(value.normalize('NFD'), { value, normalize: 'none' }));
    expect(raw).toMatchObject({ status: 'scored' });
    if (raw.status === 'scored') expect(raw.score).toBeLessThan(0.5);
  });

  it('counts no n-grams of an order that the reference is too short for', () => {
    expect(bestChrfStats('abcde', ['ab'], { ...chrfDefaults, wordOrder: 0 })).toEqual([
      5,
      2,
      2,
      4,
      1,
      1,
      ...Array.from({ length: 12 }, () => 0),
    ]);
  });

  it('refuses an empty reference', () => {
    expect(chrf.problem?.({ value: ' ' }, 'en')).toMatch(/nothing is left/u);
    expect(chrf.problem?.({ value: ['a', ''] }, 'en')).toMatch(/empty/u);
    expect(chrf.problem?.({ value: 'a' }, 'en')).toBeNull();
  });

  it('grows with the length of the text, not with its square', () => {
    const work = (length: number): void => {
      const text = Array.from({ length }, (_, index) =>
        String.fromCodePoint(0x4e00 + ((index * 7919) % 9000)),
      ).join('');
      score(text, text.slice(5), chrfDefaults);
    };
    expect(growth(work, 3000, 16)).toBeLessThan(90);
  });
});
