import { describe, expect, it } from 'vitest';
import rows from '../../../fixtures/checks/choice-readings.json' with { type: 'json' };
import type { CheckInput, JsonObject, Judgement } from '../../types.ts';
import { choice } from './choice.ts';

const run = async (text: string, language: string, params: JsonObject): Promise<Judgement> => {
  const input: CheckInput = { text, language, params, finish: 'stop', prompt: '', jsonRequested: false };
  return choice.run(input);
};

describe('labels in answers', () => {
  it.each(rows)('$lang: $text', async ({ labels, lang, text, outcome, index, expected_label }) => {
    const judged = await run(text, lang, { value: labels[0] ?? '', labels });
    expect(judged.details['index']).toBe(index);
    expect(judged.details['label']).toBe(expected_label);
    const read = index === null ? outcome : index === 0 ? 'correct' : 'wrong';
    expect(judged.details['outcome']).toBe(read);
    expect(judged).toMatchObject({ status: 'scored', score: index === 0 ? 1 : 0 });
    expect('unreadable' in judged).toBe(index === null);
  });
});
