import { describe, expect, it } from 'vitest';
import vectors from '../../../fixtures/checks/metric-vectors.json' with { type: 'json' };
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { JsonObject } from '../../types.ts';
import { bleuOf, bleuOrder, bleuStats } from './bleu-score.ts';
import { bleuTokens, type TokenizerName } from './bleu-tokenize.ts';
import { bleu } from './bleu.ts';
import { ngramIndex } from './ngrams.ts';

const names = ['13a', 'intl', 'zh', 'char', 'none'] as const;

function statsOf(hyp: string, refs: readonly string[], tokenizer: TokenizerName): number[] {
  const cut = (line: string) => bleuTokens(line, tokenizer, false);
  return bleuStats(cut(hyp), ngramIndex(refs.map(cut), bleuOrder));
}

function sum(rows: readonly (readonly number[])[]): number[] {
  return rows.reduce<number[]>((sums, row) => row.map((count, at) => count + (sums[at] ?? 0)), []);
}

describe.each(names)('BLEU with tokenizer %s against sacrebleu', (name) => {
  it.each(vectors.segments)('$name', (segment) => {
    const stats = statsOf(segment.hyp, [segment.ref], name);
    expect(Math.abs(bleuOf(stats, true) - segment[`sBLEU_${name}`])).toBeLessThan(1e-9);
    const line = bleuTokens(segment.hyp, name, false).join(' ');
    // Where spaces are among the characters, the reference joins them too.
    expect(line.split(/\s+/u)).toEqual(segment[`tok_${name}`].split(/\s+/u));
  });
});

describe('corpus BLEU', () => {
  it.each(['13a', 'intl', 'zh', 'char'] as const)('adds up with tokenizer %s', (name) => {
    const stats = sum(vectors.segments.map(({ hyp, ref }) => statsOf(hyp, [ref], name)));
    expect(Math.abs(bleuOf(stats, false) - vectors.corpus[`BLEU_${name}`])).toBeLessThan(1e-9);
  });

  it('of several references gives the published line', () => {
    const { hyps, refs, line } = vectors.multi;
    const stats = sum(hyps.map((hyp, at) => statsOf(hyp, refs[at] ?? [], '13a')));
    const [hypLen = 0, refLen = 0] = stats;
    const precisions = [0, 1, 2, 3].map((at) => (100 * (stats[2 + at] ?? 0)) / (stats[6 + at] ?? 1));
    const brevity = Math.exp(1 - refLen / hypLen);
    expect(
      `BLEU = ${bleuOf(stats, false).toFixed(2)} ${precisions.map((each) => each.toFixed(1)).join('/')} ` +
        `(BP = ${brevity.toFixed(3)} ratio = ${(hypLen / refLen).toFixed(3)} hyp_len = ${hypLen} ref_len = ${refLen})`,
    ).toBe(line);
  });

  it('is 0 where all segments are too short for four words, unlike that of a sentence', () => {
    const stats = statsOf('a b c', ['a b c'], 'none');
    expect(bleuOf(stats, false)).toBe(0);
    expect(bleuOf(stats, true)).toBeCloseTo(100, 9);
  });
});

describe('BLEU statistics', () => {
  it('take the closest reference length, of ties the shorter, wherever it stands', () => {
    expect(statsOf('a b c', ['a b c d', 'a b'], 'none')[1]).toBe(2);
    expect(statsOf('a b c', ['a b', 'a b c d'], 'none')[1]).toBe(2);
    expect(statsOf('a b c', ['a b c d e f', 'a b c d'], 'none')[1]).toBe(4);
    expect(statsOf('', ['a b', 'a'], 'none')).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('clip a word at the reference that has it most often', () => {
    expect(statsOf('the the the the', ['the cat', 'the the dog'], 'none').slice(2, 6)).toEqual([2, 1, 0, 0]);
  });
});

describe('tokenizers', () => {
  it.each([
    ['13a', 'a &quot;b&quot; &amp;lt; <skipped>c-\nd 1,5 3. x-y 4-5', 'a " b " < cd 1,5 3 . x-y 4 - 5'],
    ['intl', '1.8 ist «gut», 5€.', '1.8 ist « gut » , 5 € .'],
    ['zh', '他说“好”𠮷A，1.5。', '他 说 “ 好 ” 𠮷A ， 1.5 。'],
    ['char', 'แมว 👍🏽', 'แ ม ว 👍 🏽'],
    ['none', 'a\u0085b\uFEFF c', 'a b\uFEFF c'],
  ] as const)('%s cuts %j', (name, line, tokens) => {
    expect(bleuTokens(line, name, false).join(' ')).toBe(tokens);
  });
});

describe('the bleu check', () => {
  const signature = async (language: string, params: JsonObject) =>
    (await bleu.run(checkInput('x', language, params))).details['signature'];

  it.each([
    ['en', '13a'],
    ['ar', '13a'],
    ['hi', '13a'],
    ['am', '13a'],
    ['zh', 'zh'],
    ['zh-Hant', 'zh'],
    ['yue', 'zh'],
    ['ja', 'char'],
    ['ko', 'char'],
    ['th', 'char'],
    ['lo', 'char'],
    ['km', 'char'],
    ['my', 'char'],
    ['bo', 'char'],
  ])('cuts %s by %s unless told otherwise', async (language, tokenizer) => {
    const found = `BLEU|nrefs:2|case:mixed|eff:yes|tok:${tokenizer}|smooth:exp|norm:nfc`;
    expect(await signature(language, { value: ['x', 'y'] })).toBe(found);
    expect(bleu.problem?.({ value: 'x', tokenize: tokenizer }, language)).toBeNull();
  });

  it.each(['zh', 'yue', 'ja', 'th', 'lo', 'km', 'my', 'bo', 'th-TH'])(
    'refuses tokenizers of spaced text in %s',
    (language) => {
      for (const tokenize of ['13a', 'intl', 'none'])
        expect(bleu.problem?.({ value: 'x', tokenize }, language)).toMatch(/written without spaces/u);
    },
  );

  it('refuses zh where there are no Han characters to cut at', () => {
    expect(bleu.problem?.({ value: 'x', tokenize: 'zh' }, 'th')).toMatch(/use tokenize: char/u);
    expect(bleu.problem?.({ value: 'x', tokenize: 'zh' }, 'ja')).toBeNull();
  });

  it.each(['ja-mecab', 'ko-mecab', 'flores101', 'flores200', 'spBLEU-1K'])(
    'refuses %s and says why',
    (name) => {
      expect(bleu.problem?.({ value: 'x', tokenize: name }, 'en')).toContain(
        'needs a dictionary or model that is not shipped; use tokenize: char',
      );
    },
  );

  it('refuses an empty reference', () => {
    expect(bleu.problem?.({ value: '' }, 'en')).toMatch(/empty/u);
    expect(bleu.problem?.({ value: ['a', '\u00A0'] }, 'en')).toMatch(/nothing is left/u);
  });
});
