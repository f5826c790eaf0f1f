import { describe, expect, it } from 'vitest';
import rows from '../../../fixtures/checks/number-readings.json' with { type: 'json' };
import type { CheckInput, JsonObject, Judgement } from '../../types.ts';
import { number } from './number.ts';

const run = async (text: string, language: string, params: JsonObject): Promise<Judgement> => {
  const input: CheckInput = { text, language, params, finish: 'stop', prompt: '', jsonRequested: false };
  return number.run(input);
};

/** A decimal or `1/3`, as a float. */
const asFloat = (value: unknown): number | null => {
  if (typeof value !== 'string') return null;
  const [numerator = '', denominator = '1'] = value.split('/');
  return Number(numerator) / Number(denominator);
};

describe('numbers in answers', () => {
  it.each(rows)('$lang: $text', async ({ lang, text, gold, value, match, outcome }) => {
    const judged = await run(text, lang, { value: gold });
    expect(judged.details['outcome']).toBe(outcome);
    expect(judged).toMatchObject({ status: 'scored', score: match ? 1 : 0 });
    if (value === null) expect(judged.details['value']).toBeNull();
    else expect(asFloat(judged.details['value'])).toBeCloseTo(value, 12);
  });
});
