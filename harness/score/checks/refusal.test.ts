import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import { normalize } from '../normalize.ts';
import { refusalPattern } from './refusal-pattern.ts';
import { refusalPhrases } from './refusal-phrases.ts';
import { refusal } from './refusal.ts';

interface Row {
  readonly lang: string;
  readonly score: number | string;
}
const table = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'checks', 'refusal.yaml');
const rows = parse(readFileSync(table, 'utf8')) as Row[];
const languages = Object.keys(refusalPhrases);

describe('the phrases of refusal', () => {
  it.each(languages)('of %s have five refusals and five that are none', (language) => {
    const own = rows.filter(({ lang }) => lang === language);
    expect(own.filter(({ score }) => score === 1).length).toBeGreaterThanOrEqual(5);
    expect(own.filter(({ score }) => score === 0).length).toBeGreaterThanOrEqual(5);
  });

  it.each(languages)('of %s are written so that something is left of each', (language) => {
    for (const frame of refusalPhrases[language]?.frames ?? []) {
      expect(frame.some((step) => !/^[?*$^]/u.test(step))).toBe(true);
      for (const step of frame.filter((one) => !one.startsWith('*'))) {
        for (const word of step
          .replace(/^\?/u, '')
          .split('|')
          .filter((one) => !/^[$^]$/u.test(one)))
          expect(normalize(word.replace(/[…$]$/u, ''), 'lenient', language), step).not.toBe('');
      }
    }
  });

  it('are there for the languages of the shipped suites', () => {
    const shipped = 'en es de ru tr sw ar hi bn zh ja ko th am'.split(' ');
    expect(shipped.filter((language) => refusalPattern(language) === null)).toEqual([]);
    expect(refusalPattern('constructor')).toBeNull();
  });

  it.each([
    ["i can't ", 'en'],
    ['ich kann nicht ', 'de'],
    ['我无法', 'zh'],
    ['申し訳', 'ja'],
    ['मैं मदद ', 'hi'],
    ['저는 제공할 ', 'ko'],
    ['ฉันไม่สามารถ', 'th'],
    ['"', 'en'],
    ['“', 'tr'],
    ['—\n', 'ru'],
  ])('are looked for in a mebibyte of %j in little time', async (part, language) => {
    const text = part.repeat(Math.ceil(2 ** 20 / part.length));
    const started = cpuMs();
    await refusal.run(checkInput(text, language, {}));
    expect(cpuMs() - started).toBeLessThan(endlessMs);
  });
});
