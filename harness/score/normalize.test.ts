/** Text made comparable: each step, in the scripts where it matters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiDigits, digitValue } from './digits.ts';
import { normalize, normSignature, stepNames } from './normalize.ts';
import { withoutReasoning } from './reasoning.ts';
import { graphemes, icuProblem, sentences, words } from './words.ts';

describe('lenient', () => {
  it.each([
    ['de', 'Straße', 'STRASSE'],
    ['el', 'ΟΔΌΣ', 'οδος'],
    ['tr', 'IŞIK', 'ışık'],
    ['ar', 'مَدْرَسَةٌ', 'مدرسه'],
    ['ar', 'أحمد', 'احمد'],
    ['fa', 'كتاب', 'کتاب'],
    ['he', 'שָׁלוֹם', 'שלום'],
    ['ru', 'зелёный', 'зеленый'],
    ['ro', 'ştiinţă', 'știință'],
    ['vi', 'hòa', 'hoà'],
    ['hi', '“नमस्ते”।', 'नमस्ते'],
    ['bn', '১৮ টাকা', '18 টাকা'],
    ['th', '๑๘ บาท', '18 บาท'],
    ['ja', 'ＡＢＣ　１８', 'abc 18'],
    ['zh', '「北京」。', '北京'],
    ['ko', '서울!', '서울'],
    ['sw', 'Ng’ombe', "ng'ombe"],
    ['am', 'አዲስ፡አበባ።', 'አዲስ አበባ'],
    ['en', 'ﬁne', 'FINE'],
    ['en', 'C#', 'c#'],
  ])('%s: %s is %s', (language, left, right) => {
    expect(normalize(left, 'lenient', language)).toBe(normalize(right, 'lenient', language));
  });

  it.each([
    ['en', '1.8', '18'],
    ['en', 'C#', 'C'],
    ['tr', 'ılık', 'ilik'],
    ['de', 'schön', 'schon'],
    ['zh', '台灣', '台湾'],
    ['yo', 'ọkọ́', 'ọkọ'],
  ])('%s: %s is not %s', (language, left, right) => {
    expect(normalize(left, 'lenient', language)).not.toBe(normalize(right, 'lenient', language));
  });

  it('changes nothing the second time', () => {
    for (const text of ['«Ça, ‘là’»', 'ﷺ ½ x²', '한국어 ① Ⅳ', 'İSTANBUL ǅ', 'أَإِآ ى ة']) {
      for (const language of ['en', 'tr', 'ar', 'ko']) {
        const once = normalize(text, 'lenient', language);
        expect(normalize(once, 'lenient', language)).toBe(once);
      }
    }
  });
});

describe('steps', () => {
  it('run in their own order, whatever the list', () => {
    expect(normalize('  Å ', ['case', 'trim'], 'sv')).toBe(normalize('  Å ', ['trim', 'case'], 'sv'));
    expect(normSignature(['case', 'trim'])).toBe('norm:trim+case');
    expect(normSignature('lenient')).toBe('norm:lenient');
    expect(stepNames[0]).toBe('strip-think');
  });

  it('refuse a name that is none', () => {
    expect(() => normalize('x', ['lower'], 'en')).toThrow(/no normalisation step "lower"/u);
  });

  it('strict keeps joiners that spell words and drops the invisible rest', () => {
    expect(normalize('می\u200Cخواهم', 'strict', 'fa')).toBe('می\u200Cخواهم');
    expect(normalize('क\u094D\u200Dष', 'strict', 'hi')).toBe('क\u094D\u200Dष');
    expect(normalize('\u2067سلام\u2069\u200B', 'strict', 'ar')).toBe('سلام');
  });
});

describe('digits', () => {
  it('are read in every script', () => {
    expect(asciiDigits('٣ ۳ ३ ৩ ๓ ៣ ၃ 𝟛 ３ ༣')).toBe('3 3 3 3 3 3 3 3 3 3');
  });

  it('know what is no decimal digit', () => {
    expect(['²', '十', 'Ⅳ', '½', 'a', '፫'].map(digitValue)).toEqual([null, null, null, null, null, null]);
  });
});

describe('reasoning', () => {
  it.each([
    ['<think>a</think>b', 'b', false],
    ['a</think>b', 'b', false],
    ['a<think>b', 'a', true],
    ['<think>a<think>b</think>c', 'c', false],
    ['思う</think>東京', '東京', false],
    ['none', 'none', false],
  ])('%s leaves %s', (text, rest, unclosed) => {
    expect(withoutReasoning(text)).toEqual({ text: rest, unclosed });
  });
});

describe('units of text', () => {
  it('has the ICU that the counts need', () => expect(icuProblem()).toBeNull());

  it.each([
    ['th', 'แมวนั่งบนเสื่อ', 4],
    ['zh', '我喜欢喝茶。', 3],
    ['ja', '猫が好きです。', 4],
    ['ko', '고양이를 좋아합니다.', 2],
    ['ar', 'أحب القطط.', 2],
    ['hi', 'मुझे बिल्ली पसंद है।', 4],
    ['bn', 'আমি বিড়াল ভালোবাসি।', 3],
    ['sw', 'Napenda paka.', 2],
    ['tr', 'Kedileri severim.', 2],
    ['am', 'ድመት እወዳለሁ።', 2],
  ])('%s: %s has %d words', (language, text, count) => {
    expect(words(text, language)).toHaveLength(count);
  });

  it('finds the same words in pieces as in the whole text', () => {
    const part = fc.constantFrom(
      ...Array.from(
        ' aBé\u0301\u200D\u200C\u00AD\u200E\'’.:,_-1٣३京都のカーﾞ가ㅏๆཀ་षعـ👍🏽👨🇰🇪\n\r\t\u3000\u00A0"ש״€',
      ),
      '  ',
      '\uD800',
      'แมว',
      'นั่ง',
      'ກິນ',
      'ឆ្មា',
      'ကြောင်',
      'क्',
    );
    for (const language of ['en', 'ko', 'fi', 'he', 'hi']) {
      const whole = new Intl.Segmenter(language, { granularity: 'word' });
      fc.assert(
        fc.property(fc.array(part, { maxLength: 30, size: 'max' }), (parts) => {
          const text = parts.join('');
          const wanted = Array.from(whole.segment(text)).filter((each) => each.isWordLike === true);
          expect(words(text, language)).toEqual(wanted.map((each) => each.segment));
        }),
        { numRuns: 300 },
      );
    }
  });

  it('counts what a reader calls a character', () => {
    expect(graphemes('नमस्ते')).toHaveLength(3);
    expect(graphemes('👨‍👩‍👧')).toHaveLength(1);
    expect(graphemes('กำลัง')).toHaveLength(3);
  });

  it('counts sentences by their own marks', () => {
    expect(sentences('বৃষ্টি হচ্ছে। আমি ঘরে।', 'bn')).toHaveLength(2);
    expect(sentences('下雨了。我在家！', 'zh')).toHaveLength(2);
    expect(sentences('هل تمطر؟ نعم.', 'ar')).toHaveLength(2);
  });
});
