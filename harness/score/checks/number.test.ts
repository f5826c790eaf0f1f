import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import rows from '../../../fixtures/checks/number-readings.json' with { type: 'json' };
import type { JsonObject, Judgement } from '../../types.ts';
import { number } from './number.ts';
import { decimalMark } from './number-separators.ts';

const run = async (text: string, language: string, params: JsonObject): Promise<Judgement> => {
  return number.run(checkInput(text, language, params));
};

/** A decimal or `1/3`, as a float. */
const asFloat = (value: unknown): number | null => {
  if (typeof value !== 'string') return null;
  const [numerator = '', denominator = '1'] = value.split('/');
  return Number(numerator) / Number(denominator);
};

describe('numbers in answers', () => {
  it.each(rows)('$lang: $text', async ({ lang, text, gold, value, match, outcome }) => {
    const judged = await run(text, lang, { value: gold });
    expect(judged.details['outcome']).toBe(outcome);
    expect(judged).toMatchObject({ status: 'scored', score: match ? 1 : 0 });
    if (value === null) expect(judged.details['value']).toBeNull();
    else expect(asFloat(judged.details['value'])).toBeCloseTo(value, 12);
  });
});

describe('the number check', () => {
  it('cannot be passed by an unreadable answer, whatever the polarity', async () => {
    expect(await run('Sijui.', 'sw', { value: 18 })).toMatchObject({ score: 0, unreadable: true });
    expect(await run('หนึ่ง 1,234', 'und', { value: 1234 })).toMatchObject({ score: 0, unreadable: true });
    expect(await run('17', 'sw', { value: 18 })).not.toHaveProperty('unreadable');
  });

  it('says when the other separator convention would have matched', async () => {
    const other = async (text: string, lang: string, value: number): Promise<unknown> =>
      (await run(text, lang, { value })).details['otherReading'];
    expect(await other('Cevap: 1,234', 'tr', 1234)).toBe(true);
    expect(await other('Answer: -1,234', 'en', -1.234)).toBe(true);
    expect(await other('Cevap: 1,234', 'tr', 99)).toBe(false);
    const both = await run('Cevap: 1,234', 'tr', { value: [1234, 1.234] });
    expect(both).toMatchObject({ score: 1, details: { otherReading: false } });
  });

  it.each([
    ['1.234,5'],
    ['eighteen'],
    ['18'.repeat(400)],
    ['१८'],
    ['1,23'],
    [''],
    ['1e9999'],
    [['18', '1.234,5']],
    [[]],
  ])('refuses %j as an expected number', (value) => {
    expect(number.problem?.({ value }, 'de')).toMatch(/^value .+/u);
  });

  it.each([[18], ['2,125'], ['-3.5'], ['1e6'], [1e21], [' 18 '], [[1, '2']]])('takes %j', (value) => {
    expect(number.problem?.({ value }, 'de')).toBeNull();
  });

  it('computes with decimals, not with doubles', async () => {
    const tenth = { value: '0.3', abs_tol: 0.1 };
    expect(await run('Jibu: 0.4', 'sw', tenth)).toMatchObject({ score: 1 });
    expect(await run('Jibu: 0.40000000000000001', 'sw', tenth)).toMatchObject({ score: 0 });
    const twins = 'Jibu: 9007199254740992 au 9007199254740993';
    expect(await run(twins, 'sw', { value: 1 })).toMatchObject({ details: { outcome: 'ambiguous' } });
    expect(await run('Jibu: -0', 'sw', { value: 0 })).toMatchObject({ score: 1 });
  });

  it('keeps no long copy of the answer', async () => {
    const { details } = await run('7'.repeat(300), 'am', { value: 1 });
    expect(JSON.stringify(details).length).toBeLessThan(400);
  });
});

/** Languages and regions of the pinned table, as CLDR 48 has them. */
const marked =
  'en de fr es it pt nl pl ru uk bg tr sw am ar fa ur ps hi bn ta te mr ne gu kn ml si zh ja ko th km my lo he el vi id ms ' +
  'cs sk sl hr sr ro hu fi sv da nb nn is et lv lt ka kk az uz af mn yo ha zu ca hy be sq ig so rw ' +
  'de-CH de-AT en-ZA es-MX es-419 es-AR pt-PT pt-BR ar-EG ar-MA it-CH en-IN';

describe('separators', () => {
  it.runIf(process.versions['icu']?.startsWith('78.') === true).each(marked.split(' '))(
    'decimal mark of %s is the one of CLDR 48',
    (tag) => {
      // Pashto is pinned with the Arabic marks, beside which a point is decimal.
      const expected = tag === 'ps' ? '.' : decimalOf(tag);
      expect(decimalMark(tag)).toBe(expected);
    },
  );

  it('knows the retired and the script-bearing tags', () => {
    expect(decimalMark('pt-Latn-BR')).toBe(',');
    expect(decimalMark('es_mx')).toBe('.');
    expect(decimalMark('iw')).toBe('.');
    expect(decimalMark('und')).toBeNull();
  });
});

function decimalOf(tag: string): string | undefined {
  const parts = new Intl.NumberFormat(tag, { numberingSystem: 'latn' }).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value;
}

describe('long answers', () => {
  it.each(
    [
      '1,',
      ' ',
      '1 ',
      '1',
      '一',
      '1万',
      '½',
      '1/',
      '1e',
      '-1',
      '.5',
      'answer: ',
      'Answer: 1 ',
      '选1',
      '\\boxed{',
      '\\frac{1}{',
      '= 1',
      '፩',
      '\n',
    ].map((part) => [part]),
  )('a mebibyte of %j is read, and soon', async (part) => {
    const text = part.repeat(Math.ceil(2 ** 20 / part.length));
    const started = cpuMs();
    await run(text, 'zh', { value: 1 });
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });
});
