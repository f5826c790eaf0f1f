import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { foldScript } from './fold.ts';

/** What the page's search does with a text and what was typed. */
function finds(text: string, typed: string, exact = false): boolean {
  const ask = 'needlesOf(typed, exact).every((needle) => fold(text, exact).includes(needle))';
  return vm.runInNewContext(`${foldScript}\n${ask}`, { text, typed, exact }) as boolean;
}

describe('the search', () => {
  it.each([
    ['Arabic', 'أعتقد أنّ الطلب', 'الطلب'],
    ['Thai, without blanks to cut at', 'ขอกาแฟสองแก้วส่งไปไนโรบี', 'สองแก้ว'],
    ['Hindi', 'कुल २ कप कॉफ़ी नैरोबी के लिए हैं', 'नैरोबी'],
    ['Hindi, composed in another way', 'कॉफ\u093c\u0940', 'कॉफ़ी'],
    ['Chinese', '请送两杯咖啡到内罗毕。', '咖啡'],
    ['Japanese', '全部で二杯です。', '二杯'],
    ['Japanese, half-width', 'ナイロビ', 'ﾅｲﾛﾋﾞ'],
    ['Korean, taken apart', '나이로비'.normalize('NFD'), '이로'],
    ['Swahili', 'Ni vikombe 2 vya kahawa', 'VIKOMBE'],
    ['Turkish, dotted capital', 'İstanbul’da', 'istanbul'],
    ['Turkish, dotless', 'ISPARTA ılık', 'Ilık'],
    ['Turkish, from plain letters', 'İSTANBUL', 'istanbul'],
    ['German', 'STRASSE', 'straße'],
    ['Greek, final sigma', 'ΟΔΟΣ', 'οδος'],
    ['Greek, a word that goes on', 'ΟΔΟΣΗΜΑΝΣΗ', 'οδος'],
    ['full width', 'Ｎａｉｒｏｂｉ', 'nairobi'],
    ['a ligature', 'eﬃcient', 'efficient'],
    ['Amharic', 'ወደ ናይሮቢ የሚሄደው', 'ናይሮቢ'],
    ['words in any order', 'two coffees to Nairobi', 'nairobi two'],
    ['a phrase in quotes', 'two coffees to Nairobi', '"coffees to"'],
  ])('finds %s, exactly or not', (_what, text, typed) => {
    expect([finds(text, typed), finds(text, typed, true)]).toEqual([true, true]);
  });

  it.each([
    ['Arabic vowel signs', 'وَشُكْرًا لَكَ', 'وشكرا لك'],
    ['Arabic alef with hamza', 'أكواب', 'اكواب'],
    ['the tatweel', 'مـرحـبا', 'مرحبا'],
    ['Hebrew points', 'שָׁלוֹם', 'שלום'],
    ['accents', 'Árvíztűrő', 'arvizturo'],
    ['Vietnamese', 'Việt Nam', 'viet nam'],
    ['soft hyphens and joiners', 'ko\u00adffie می\u200cخواهم', 'koffie میخواهم'],
  ])('finds it without %s only when told not to be exact', (_what, text, typed) => {
    expect([finds(text, typed), finds(text, typed, true)]).toEqual([true, false]);
  });

  it.each([
    ['a Hindi vowel sign', 'कप', 'कपि'],
    ['a Hindi word without its vowel signs', 'नैरोबी', 'नरब'],
    ['a Thai tone mark', 'แก้ว', 'แกว'],
    ['a voiced kana', 'が', 'か'],
    ['a Korean syllable with another ending', '한국', '하'],
    ['words apart for a phrase', 'coffees go to Nairobi', '"coffees to"'],
  ])('does not find %s', (_what, text, typed) => {
    expect([finds(text, typed), finds(text, typed, true)]).toEqual([false, false]);
  });

  it('finds everything when nothing but signs of phrases was typed', () => {
    expect(finds('a', ' "" ')).toBe(true);
  });
});
