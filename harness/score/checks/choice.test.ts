import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import { cpuMs, endlessMs } from '../../../fixtures/test/cpu-time.ts';
import rows from '../../../fixtures/checks/choice-readings.json' with { type: 'json' };
import type { JsonObject, Judgement } from '../../types.ts';
import { choice } from './choice.ts';

const run = async (text: string, language: string, params: JsonObject): Promise<Judgement> => {
  return choice.run(checkInput(text, language, params));
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

describe('the choice check', () => {
  const labels = ['가', '나', '다', '라'];

  it('takes a label, a position from 0, or several', async () => {
    for (const value of ['다', 2, ['가', '다'], [0, 2]])
      expect(await run('정답: 다', 'ko', { value, labels })).toMatchObject({ score: 1 });
    expect(await run('정답: 다', 'ko', { value: [0, '나'], labels })).toMatchObject({ score: 0 });
  });

  it.each([
    [{ value: 'E' }, /not among the labels A B C D/u],
    [{ value: 4 }, /not among/u],
    [{ value: 'B', labels: ['А', 'Б', 'В', 'Г'] }, /not among/u],
    [{ value: [] }, /empty/u],
    [{ value: ['A', 'x'] }, /"x"/u],
    [{ value: 2, labels: ['1', '2', '3'] }, /quote the label/u],
    [{ value: 'A', labels: ['A', 'a'] }, /the same/u],
    [{ value: 'A', labels: ['A', 'B'], choices: ['x', 'y', 'z'] }, /2 labels and 3 choices/u],
    [{ value: 'A', choices: ['x', 'x'] }, /same text/u],
  ])('refuses %j', (params, problem) => {
    expect(choice.problem?.(params, 'ru')).toMatch(problem);
  });

  it.each([
    [{ value: 'E', choices: ['1', '2', '3', '4', '5'] }],
    [{ value: 3 }],
    [{ value: 'ሐ', labels: ['ሀ', 'ለ', 'ሐ', 'መ'] }],
  ])('takes %j', (params) => {
    expect(choice.problem?.(params, 'am')).toBeNull();
  });

  it('compares labels composed, whatever the normal form of suite and answer', async () => {
    const params = { value: '나'.normalize('NFD'), labels: labels.map((label) => label.normalize('NFD')) };
    expect(choice.problem?.(params, 'ko')).toBeNull();
    expect(await run('정답: 나'.normalize('NFD'), 'ko', params)).toMatchObject({ score: 1 });
  });
});

describe('long answers', () => {
  const choices = ['Friday', 'Saturday', 'Sunday', 'Monday'];

  it.each(
    [
      'a',
      'A ',
      'A or ',
      'A) ',
      '가',
      'B',
      ' ',
      '1,',
      'answer: ',
      'Answer: A ',
      '选',
      '\\boxed{',
      'Friday ',
      '-',
      '"',
      '\n',
      'A\nB',
      'ـ',
    ].map((part) => [part]),
  )('a mebibyte of %j is read, and soon', async (part) => {
    const text = part.repeat(Math.ceil(2 ** 20 / part.length));
    for (const labels of [
      ['A', 'B', 'C', 'D'],
      ['가', '나', '다', '라'],
    ]) {
      const started = cpuMs();
      await run(text, 'ko', { value: 0, labels, choices });
      expect(cpuMs() - started).toBeLessThan(endlessMs);
    }
  });
});
