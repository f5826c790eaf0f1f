import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffScript } from './diff.ts';

type Runs = [sign: '=' | '-' | '+', text: string][];
const context = vm.createContext({ Intl });
const compare = vm.runInContext(`${diffScript}\n(a, b, lang) => compareTexts(a, b, lang)`, context) as (
  a: string,
  b: string,
  lang: string,
) => Runs | null;
const edits = vm.runInContext(`(a, b) => editsOf(a, b)`, context) as (
  a: readonly string[],
  b: readonly string[],
) => [sign: string, items: string[]][];
const only = (runs: Runs | null, sign: string): string[] =>
  (runs ?? []).filter((run) => run[0] === sign).map(([, text]) => text);

describe('the difference of two texts', () => {
  it.each([
    ['en', 'two cups of coffee', 'three cups of coffee', 'two', 'three', 'coffee'],
    ['ar', 'العدد هو ٢ كوبان', 'العدد هو ٣ كوبان', '٢', '٣', 'كوبان'],
    ['th', 'ขอกาแฟสองแก้ว', 'ขอกาแฟสามแก้ว', 'สอง', 'สาม', 'กาแฟ'],
    ['hi', 'कुल दो कप कॉफ़ी', 'कुल तीन कप कॉफ़ी', 'दो', 'तीन', 'कप'],
    ['zh', '一共是两杯咖啡', '一共是三杯咖啡', '两', '三', '咖啡'],
    ['ja', '全部で二杯です。', '全部で三杯です。', '二', '三', '全部'],
    ['ko', '커피 두 잔', '커피 세 잔', '두', '세', '커피'],
    ['sw', 'Ni vikombe viwili', 'Ni vikombe vitatu', 'viwili', 'vitatu', 'vikombe'],
    ['tr', 'İki kahve İzmir’e', 'Üç kahve İzmir’e', 'İki', 'Üç', 'kahve'],
  ])('is cut at words in %s', (lang, before, after, gone, come, kept) => {
    // Where exactly a dictionary cuts is for the version of ICU to say.
    const runs = compare(before, after, lang);
    expect(only(runs, '-').join('')).toContain(gone);
    expect(only(runs, '+').join('')).toContain(come);
    expect(only(runs, '=').join('')).toContain(kept);
    expect(only(runs, '-').join('').length).toBeLessThanOrEqual(gone.length + 2);
  });

  it('never cuts a letter: a family, a flag and a syllable of Hindi stay whole', () => {
    const runs = compare('क्षमा 👨‍👩‍👧 🇰🇪', 'क्षमता 👨‍👩‍👦 🇺🇬', 'hi');
    expect(only(runs, '-').join(' ')).toContain('👨‍👩‍👧');
    expect(only(runs, '+').join(' ')).toContain('👨‍👩‍👦');
    expect([...only(runs, '-'), ...only(runs, '+')]).not.toContain('👧');
    expect(only(runs, '-').join('')).toContain('🇰🇪');
  });

  it('cuts where letters end, whatever ICU takes for a word', () => {
    const cut = vm.runInContext('(text) => wordsOf(text, "ja")', context) as (text: string) => string[];
    // An Arabic number sign belongs to what follows it, and the word rules cut between them.
    const letter = fc.constantFrom(
      '\u0600',
      'あ',
      '二',
      'ก',
      '\u0e33',
      'क',
      '\u094d',
      'ष',
      '👨',
      '\u200d',
      '👧',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 12 }), (letters) => {
        const text = letters.join('');
        const words = cut(text);
        expect(words.join('')).toBe(text);
        const ends = new Set(
          Array.from(new Intl.Segmenter('ja').segment(text), ({ index, segment }) => index + segment.length),
        );
        let at = 0;
        for (const word of words) {
          at += word.length;
          expect(ends.has(at)).toBe(true);
        }
      }),
    );
  });

  it('is none where the same is only spelt in another way', () => {
    expect(compare('한국 é', '한국 é'.normalize('NFD'), 'ko')).toEqual([['=', '한국 é']]);
  });

  it('takes a language tag that no browser knows', () => {
    expect(compare('a b', 'a c', 'not a tag!')).toEqual([
      ['=', 'a '],
      ['-', 'b'],
      ['+', 'c'],
    ]);
  });

  it('gives up, with null, on long texts that share nothing', () => {
    const long = (letter: string): string => Array.from({ length: 2000 }, (_, at) => letter + at).join(' ');
    expect(compare(long('a'), long('b'), 'en')).toBeNull();
  });

  it('tells both texts back, whatever they are, and is as short as can be', () => {
    const word = fc.constantFrom('ሀ', 'ก', '二', 'b', ' ');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 12 }), (a, b) => {
        const runs = edits(a, b);
        const side = (signs: string) =>
          runs.filter(([sign]) => signs.includes(sign)).flatMap(([, items]) => [...items]);
        expect(side('=-')).toEqual(a);
        expect(side('=+')).toEqual(b);
        expect(side('=')).toHaveLength(longestCommon(a, b));
      }),
    );
  });
});

/** Length of the longest common subsequence, by the textbook. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const one of a) {
    const next: number[] = [];
    for (const [at, other] of b.entries()) {
      const diagonal = at === 0 ? 0 : (row[at - 1] ?? 0);
      next.push(one === other ? diagonal + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
