import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segments } from './segments.ts';

const pieces = [
  'The rain, as Dr. Who said, wasn’t 3.5 mm; it was 1,200 l. ',
  'Yağmur İstanbul’da dün gece başladı. ',
  'Mvua inanyesha tangu alfajiri! ',
  'ينهمر المطر على السطح منذ الفجر، والشارع خالٍ. ',
  'सुबह से ही छत पर बारिश की बूँदें गिर रही हैं। ',
  'ভোর থেকেই টিনের চালে বৃষ্টি পড়ছে। ',
  '天刚亮，雨就淅淅沥沥地下了起来。',
  '明け方から静かな雨が屋根をたたいている。',
  '새벽부터 비가 조용히 지붕을 두드린다. ',
  'ฝนตกพรำ ๆ มาตั้งแต่เช้ามืด เสียงเม็ดฝนกระทบหลังคา ',
  'ጠዋት ላይ ዝናብ መዝነብ ጀመረ። ',
  '👨‍👩‍👧🏽🇹🇷🇰🇪 e\u0301\u0323 가\u1100\u1161 ',
  '\r\n\n\n',
  '<<<[[[***',
  '"\\u0000 _-_ ',
];
const granularities = ['word', 'sentence', 'grapheme'] as const;

describe('segments of a long text', () => {
  it.each(granularities)('are those of the whole text: %s', (granularity) => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { minLength: 100, maxLength: 160 }),
        fc.constantFrom('en', 'th', 'zh', 'ar', 'tr'),
        (parts, language) => {
          const text = parts.join('');
          const segmenter = new Intl.Segmenter(language, { granularity });
          const plain = Array.from(segmenter.segment(text), (part) => part.segment);
          const windowed = Array.from(segments(text, segmenter), (part) => part.segment);
          expect(windowed).toEqual(plain);
        },
      ),
      { numRuns: 20, seed: 42 },
    );
  });

  it('keep a word whole that is longer than a window', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
    const text = `${'x'.repeat(50_000)} end`;
    expect(Array.from(segments(text, segmenter), (part) => part.segment.length)).toEqual([50_000, 1, 3]);
  });

  it('hand little of a text over twice, and never the whole of a long one', () => {
    const real = new Intl.Segmenter('en', { granularity: 'word' });
    const handed: number[] = [];
    const counting = {
      segment: (text: string) => {
        handed.push(text.length);
        return real.segment(text);
      },
    };
    const text = '< a'.repeat(10_000);
    expect(Array.from(segments(text, counting))).toHaveLength(30_000);
    expect(Math.max(...handed)).toBeLessThan(5000);
    expect(handed.reduce((sum, length) => sum + length)).toBeLessThan(1.5 * text.length);
  });
});
