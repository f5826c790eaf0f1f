import { describe, expect, it } from 'vitest';
import { declares } from './declared.ts';

describe('a declared language covers', () => {
  it.each([
    ['pt', 'pt-BR'],
    ['zh', 'zh-Hans'],
    ['zh-Hant', 'zh-Hant-HK'],
    ['sr', 'sr-Latn'],
    ['PT-br', 'pt-BR'],
    ['iw', 'he'],
    ['ar', 'ar-EG'],
    ['th', 'th'],
    ['hi', 'hi-Latn'],
    ['bn', 'bn-BD'],
    ['ja', 'ja'],
    ['ko', 'ko-KP'],
    ['sw', 'sw-CD'],
    ['tr', 'tr'],
    ['am', 'am-ET'],
    ['no tag', 'No Tag'],
  ])('%s: %s', (declared, asked) => {
    expect(declares(['en', declared], asked)).toBe(true);
  });

  it.each([
    ['pt-BR', 'pt'],
    ['pt-BR', 'pt-PT'],
    ['zh-Hant', 'zh-Hans'],
    ['f', 'fr'],
    ['fi', 'fil'],
    ['am', 'ar'],
    ['', 'en'],
  ])('%s: not %s', (declared, asked) => {
    expect(declares([declared], asked)).toBe(false);
  });

  it('nothing when the list is empty', () => {
    expect(declares([], 'en')).toBe(false);
  });
});
