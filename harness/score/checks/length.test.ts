import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { length } from './length.ts';

const icu = (process.versions['icu'] ?? '').split('.').slice(0, 2).join('.');

describe('the length check', () => {
  it.each([
    ['words', `length|unit:words|tok:icu-${icu}`],
    ['sentences', `length|unit:sentences|tok:icu-${icu}`],
    ['characters', `length|unit:characters|tok:icu-${icu}`],
    ['codepoints', 'length|unit:codepoints'],
    ['lines', 'length|unit:lines'],
    ['paragraphs', 'length|unit:paragraphs'],
    ['bytes', 'length|unit:bytes'],
  ])('of %s signs with the version of ICU where it counts by ICU', async (unit, signature) => {
    expect(icu).toMatch(/^\d+\.\d+$/u);
    const judged = await length.run(checkInput('สวัสดี', 'th', { unit, min: 1 }));
    expect(judged.details['signature']).toBe(signature);
  });

  it.each([
    [{ unit: 'words' }, /neither min nor max/u],
    [{ min: 3, max: 2 }, /min 3 is more than max 2/u],
  ])('refuses %j', (params, problem) => {
    expect(length.problem?.(params, 'hi')).toMatch(problem);
  });
});
