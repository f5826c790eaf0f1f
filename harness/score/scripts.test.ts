import { describe, expect, it } from 'vitest';
import { countLetters, isUnicodeScript, isUnspaced, knownLanguages, scriptsOf } from './scripts.ts';

describe('scripts of a language', () => {
  it.each([
    ['en', ['Latn']],
    ['sw', ['Latn']],
    ['tr', ['Latn']],
    ['ar', ['Arab']],
    ['th', ['Thai']],
    ['hi', ['Deva']],
    ['bn', ['Beng']],
    ['zh', ['Hani']],
    ['ja', ['Hani', 'Hira', 'Kana']],
    ['ko', ['Hang', 'Hani']],
    ['am', ['Ethi']],
    ['sr', ['Cyrl', 'Latn']],
    ['sr-Latn', ['Latn']],
    ['sr-Cyrl-RS', ['Cyrl']],
    ['zh-Hant-TW', ['Hani']],
    ['pt-BR', ['Latn']],
    ['uz-Cyrl', ['Cyrl']],
    ['iw', ['Hebr']],
    ['chr', ['Cher']],
    ['pa-PK', ['Arab']],
    ['pa-IN', ['Guru']],
    ['mn-CN', ['Mong']],
    ['mn-MN', ['Cyrl']],
    ['sd-IN', ['Deva']],
    ['ku-IQ', ['Arab']],
    ['pa-Guru-PK', ['Guru']],
    ['sr-RS', ['Cyrl', 'Latn']],
    ['sr-ME', ['Cyrl', 'Latn']],
    ['ja-JP', ['Hani', 'Hira', 'Kana']],
    ['ko-KR', ['Hang', 'Hani']],
    ['zh-TW', ['Hani']],
    ['iw-IL', ['Hebr']],
    ['es-419', ['Latn']],
    ['apc-SY', ['Arab']],
    ['skr-PK', ['Arab']],
    ['ti-ER', ['Ethi']],
  ])('writes %s in %j', (language, scripts) => {
    expect(scriptsOf(language)).toEqual(scripts);
  });

  it('knows at least ninety languages, each in scripts that Unicode has', () => {
    expect(knownLanguages().length).toBeGreaterThanOrEqual(90);
    for (const language of knownLanguages()) {
      for (const script of scriptsOf(language))
        expect(isUnicodeScript(script), `${language} ${script}`).toBe(true);
    }
  });

  it('names the languages without spaces, whatever the region', () => {
    const asked = [
      'zh',
      'zh-Hant',
      'yue',
      'ja',
      'th',
      'lo',
      'km',
      'my',
      'bo',
      'ko',
      'vi',
      'am',
      'hi',
      'ar',
      'en',
    ];
    expect(asked.filter(isUnspaced)).toEqual(['zh', 'zh-Hant', 'yue', 'ja', 'th', 'lo', 'km', 'my', 'bo']);
  });
});

describe('letters', () => {
  it.each([
    ['ar', 'مُحَمَّد', 4],
    ['ar', 'محمد', 4],
    ['th', 'ที่นี่', 4],
    ['hi', 'नमस्ते', 5],
    ['bn', 'বাংলা', 5],
    ['zh', '你好，世界！', 4],
    ['ja', 'コーヒー', 4],
    ['ko', '한국어', 3],
    ['tr', 'İstanbul’da', 10],
    ['sw', 'habari yako', 10],
    ['am', 'ሰላም።', 3],
    ['he', 'שָׁלוֹם', 4],
    ['en', '12:30 🙂', 0],
  ])('in %s: %s holds %i, all of its script', (language, text, letters) => {
    expect(countLetters(text, scriptsOf(language))).toEqual({ letters, wanted: letters, others: [] });
  });

  it('counts the letters of other scripts apart, most frequent first', () => {
    expect(countLetters('привет hello 你', ['Thai'])).toEqual({
      letters: 12,
      wanted: 0,
      others: [
        ['Cyrl', 6],
        ['Latn', 5],
        ['Hani', 1],
      ],
    });
  });

  it('finds the letters of a script that hardly anyone asks for', () => {
    expect(countLetters('ᚠᚢᚦ abc', ['Runr'])).toEqual({ letters: 6, wanted: 3, others: [['Latn', 3]] });
  });

  it('lets ー be kana in Japanese and never Chinese', () => {
    expect(countLetters('ー', ['Kana']).wanted).toBe(1);
    expect(countLetters('ー', ['Hani']).wanted).toBe(0);
  });
});
