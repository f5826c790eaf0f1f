/** Text made comparable: each step, in the scripts where it matters. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiDigits, digitValue } from './digits.ts';
import { normalize, normSignature, stepNames } from './normalize.ts';
import { withoutReasoning } from './reasoning.ts';
import { countGraphemes, graphemes, icuProblem, joinsNothing, sentences, words } from './words.ts';

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

describe('one step', () => {
  it.each([
    ['strip-think', 'sw', '<think>labda</think>ndiyo', 'ndiyo'],
    ['trim', 'th', '\u3000\u200B\uFEFF\u0085ก ข\u00A0\u2029', 'ก ข'],
    ['nfc', 'ko', '\u1112\u1161\u11AB\u1100\u116E\u11A8', '한국'],
    ['nfc', 'bn', '\u09B0\u09BE\u09DF', '\u09B0\u09BE\u09AF\u09BC'],
    [
      'strip-ignorable',
      'ar',
      'a\u00ADb\u061Cc\u200B\u200E\u200F\u202A\u202Ed\u2060\u2064\u2066\u2069\uFEFF',
      'abcd',
    ],
    ['strip-ignorable', 'fa', '\u200C\u200D', '\u200C\u200D'],
    ['quotes', 'uk', '‘’‚‹›ʼʻ`´′', "'".repeat(10)],
    ['quotes', 'ja', '“”„«»「」『』″', '"'.repeat(10)],
    ['quotes', 'zh', '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE63\uFF0D', '-'.repeat(9)],
    ['digits', 'hi', '१८, ١٨ ۱۸ ১৮ ๑๘ １８ 𝟏𝟖', '18, 18 18 18 18 18 18'],
    ['nfkc', 'en', 'x² ½ ﬁ Ａ\u3000Ⅳ', 'x2 1⁄2 fi A IV'],
    ['nfkc', 'ja', 'ｶﾞｷﾞ', 'ガギ'],
    ['nfkc', 'ar', 'ﷺ', 'صلى الله عليه وسلم'],
    ['nfkc', 'th', 'น้ำ', 'น้\u0E4D\u0E32'],
    ['case', 'de', 'Straße', 'strasse'],
    ['case', 'el', 'ΟΔΟΣ οδος', 'οδοσ οδοσ'],
    ['case', 'tr', 'DIŞARI İZMİR', 'dışarı izmir'],
    ['case', 'az', 'DIŞARI İ', 'dışarı i'],
    ['case', 'en', 'DIŞARI ﬁ', 'dişari fi'],
    ['case', 'th', 'กขค', 'กขค'],
    ['punct', 'en', "it's 'q' C# 50% a&b @x `x`", "it's  q  C# 50% a&b @x  x "],
    ['punct', 'en', '1.8 1,234 10:30 3/4 2-3 a-b a.b 1. .5', '1.8 1,234 10:30 3/4 2-3 a b a b 1   5'],
    ['punct', 'th', '๑.๘', '๑.๘'],
    ['punct', 'hi', 'नमस्ते। ॥ १.८', 'नमस्ते    १.८'],
    ['punct', 'am', 'አዲስ፡አበባ።', 'አዲስ አበባ '],
    ['punct', 'ar', 'نعم، لا؟', 'نعم  لا '],
    ['punct', 'en', 'C++ 5 € <a> $1', 'C++ 5 € <a> $1'],
    ['space', 'zh', '\u3000甲 \t\n\u00A0乙\u2003', '甲 乙'],
  ])('%s in %s: %j is %j', (step, language, text, expected) => {
    expect(normalize(text, [step], language)).toBe(expected);
  });
});

describe('the spellings folded', () => {
  const arabic = 'مَدْرَسَةٌ ـ أإآٱ ى ك ۀ ة \u0610\u06D6\u0670 می\u200Cخواهم';
  const persian = 'مدرسه  أإآٱ ی ک ه ه  می خواهم';
  it.each([
    ['ar', arabic, 'مدرسه  اااا ي ك ۀ ه  می\u200Cخواهم'],
    ['fa', arabic, persian],
    ['ur', arabic, persian],
    ['ps', arabic, persian],
    ['ckb', arabic, persian],
    ['he', 'שָׁלוֹם־עוֹלָם ׳ ״', 'שלום-עולם \' "'],
    ['yi', 'ייִדיש', 'יידיש'],
    ['el', 'ά έ ή ί ό ύ ώ ΐ ΰ ϊ ᾷ ὦ Ἄ', 'α ε η ι ο υ ω ϊ ϋ ϊ α ω Α'],
    ['ru', 'за\u0301мок Ёлка ёж й', 'замок Елка еж й'],
    ['uk', 'за\u0301мок ё ї й', 'замок ё ї й'],
    ['be', 'за\u0301мак ё ў', 'замак ё ў'],
    ['bg', 'въ\u0301лна ѝ й', 'вълна ѝ й'],
    ['ro', 'ş Ş ţ Ţ', 'ș Ș ț Ț'],
    ['vi', 'hòa hóa hỏa hõa họa', 'hoà hoá hoả hoã hoạ'],
    ['vi', 'hòe khỏe HÒE', 'hoè khoẻ HOÈ'],
    ['vi', 'thùy thúy thủy thũy thụy', 'thuỳ thuý thuỷ thuỹ thuỵ'],
    ['vi', 'hoàn toàn ngoáy huỳnh quý', 'hoàn toàn ngoáy huỳnh quý'],
  ])('of %s: %s', (language, text, expected) => {
    expect(normalize(text, ['fold'], language)).toBe(expected);
  });

  it.each(
    'hi mr ne bn pa gu or ta te kn ml si tr az th lo zh ja ko yo ig de sw am en'
      .split(' ')
      .map((language) => [language]),
  )('of %s are none: joiners spell, ı is not i, tone marks are letters', (language) => {
    const text = 'क\u094D\u200Dष \u200C ı i ä ọ\u0301 台臺 ё أ ş hòa ά';
    expect(normalize(text, ['fold'], language)).toBe(text);
  });

  it('are left alone by strict and caseless', () => {
    for (const preset of ['strict', 'caseless'] as const) {
      expect(normalize('ёж', preset, 'ru')).toBe('ёж');
      expect(normalize('أحمد', preset, 'ar')).toBe('أحمد');
      expect(normalize('x² ½', preset, 'en')).toBe('x² ½');
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

  it('strict leaves no white space at an end that an invisible mark had hidden', () => {
    expect(normalize('\u200F القاهرة \u200F', 'strict', 'ar')).toBe('القاهرة');
    expect(normalize('\u200F القاهرة', ['strip-ignorable'], 'ar')).toBe(' القاهرة');
  });

  it('none changes nothing, lenient ends in plain lower case', () => {
    expect(normalize(' `Ａ` \u200F', 'none', 'ja')).toBe(' `Ａ` \u200F');
    expect(normalize(' «Ｃ＃ １.８» ', 'lenient', 'ja')).toBe('c# 1.8');
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

  it('counts a character the same with ICU and without', () => {
    const simple = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((one) =>
      joinsNothing.test(one),
    );
    expect(simple.length).toBeGreaterThan(30_000);
    for (let at = 0; at < simple.length; at += 500) {
      const text = simple
        .slice(at, at + 500)
        .map((one) => one + one)
        .join('');
      expect(graphemes(text)).toHaveLength(text.length);
    }
    for (const text of ['שלום', 'مرحبا، ١٢', 'Grüße', 'добрый', '東京タワー', '서울', '👨‍👩‍👧', 'नमस्ते', 'a\r\nb'])
      expect(countGraphemes(text)).toBe(graphemes(text).length);
  });

  it('counts sentences by their own marks', () => {
    expect(sentences('বৃষ্টি হচ্ছে। আমি ঘরে।', 'bn')).toHaveLength(2);
    expect(sentences('下雨了。我在家！', 'zh')).toHaveLength(2);
    expect(sentences('هل تمطر؟ نعم.', 'ar')).toHaveLength(2);
  });
});
