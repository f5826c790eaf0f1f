import { describe, expect, it } from 'vitest';
import { languageName } from './language-names.ts';

describe('names of languages', () => {
  it.each([
    ['ar', 'Arabic', 'العربية'],
    ['th', 'Thai', 'ไทย'],
    ['hi', 'Hindi', 'हिन्दी'],
    ['bn', 'Bangla', 'বাংলা'],
    ['zh', 'Chinese', '中文'],
    ['ja', 'Japanese', '日本語'],
    ['ko', 'Korean', '한국어'],
    ['sw', 'Swahili', 'Kiswahili'],
    ['tr', 'Turkish', 'Türkçe'],
    ['am', 'Amharic', 'አማርኛ'],
  ])('knows %s as %s and %s', (tag, english, own) => {
    expect(languageName(tag)).toEqual({ tag, english, own });
  });

  it('writes English once', () => {
    expect(languageName('en')).toEqual({ tag: 'en', english: 'English', own: null });
  });

  it('takes a tag that is none as its own name', () => {
    expect(languageName('no such tag')).toEqual({ tag: 'no such tag', english: 'no such tag', own: null });
    expect(languageName('<b>').english).toBe('<b>');
  });
});
