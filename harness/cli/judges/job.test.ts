import { describe, expect, it } from 'vitest';
import { checkInput } from '../../../fixtures/checks/check-input.ts';
import type { CheckSpec } from '../../types.ts';
import { packJob, type Task } from './job.ts';
import { readPosition, setPosition, sharedPosition } from './watch.ts';

const specs = (...metrics: string[]): CheckSpec[] =>
  metrics.map((metric) => ({
    type: 'equals',
    not: false,
    params: {},
    threshold: 1,
    weight: 1,
    metric,
    transform: [],
  }));
const task = (text: string, ...metrics: string[]): Task => {
  const { params: _none, ...answer } = checkInput(text, 'ja', {}, { request: { n: 1 } });
  return { target: 'a', answer, checks: specs(...metrics) };
};
const tasks = [task('東', 'a', 'b'), task('京', 'c'), task('都', 'd', 'e', 'f')];

describe('a job', () => {
  it.each([
    [0, 6, ['東ab', '京c', '都def']],
    [1, 4, ['東b', '京c', '都d']],
    [2, 3, ['京c']],
    [5, 6, ['都f']],
    [3, 3, []],
  ])('holds the checks from %i to %i with their answers, and no other', (first, end, expected) => {
    const job = packJob(tasks, first, end);
    const held = job.kind === 'judge' ? job.tasks : [];
    expect(
      held.map(
        ({ answer, checks }) =>
          answer.text + checks.map((spec) => (JSON.parse(spec) as CheckSpec).metric).join(''),
      ),
    ).toEqual(expected);
    for (const { request } of held) expect(JSON.parse(request)).toEqual({ n: 1 });
  });
});

describe('the position of a judge', () => {
  it('is read as it was set', () => {
    const shared = sharedPosition();
    expect(readPosition(shared)).toEqual({ step: null, phase: 'preparing' });
    for (const step of [0, 1, 63, 1_000_000]) {
      for (const phase of ['preparing', 'judging'] as const) {
        setPosition(shared, step, phase);
        expect(readPosition(shared)).toEqual({ step, phase });
      }
    }
    setPosition(shared, null, 'judging');
    expect(readPosition(shared).step).toBeNull();
  });
});
