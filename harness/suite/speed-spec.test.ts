import { describe, expect, it } from 'vitest';
import { formatProblem } from '../errors.ts';
import { collectProblems } from './problem-list.ts';
import { readSpeed } from './speed-spec.ts';
import { readYaml } from './yaml.ts';

function read(text: string) {
  const problems = collectProblems('t.yaml');
  const node = readYaml('t.yaml', text, problems);
  const spec = node === null ? null : readSpeed(node, problems);
  return { spec, lines: problems.all().map(formatProblem) };
}

describe('a speed block', () => {
  it('says what it says and nothing more', () => {
    expect(
      read('concurrency: [16, 1, 4, 4]\nrate: 2.5\narrivals: constant\nslo: { ttft: 800, tpot: 50 }\n'),
    ).toEqual({
      spec: {
        concurrency: [1, 4, 16],
        rate: [2.5],
        arrivals: 'constant',
        objectives: { ttftMs: 800, tpotMs: 50, e2eMs: null },
      },
      lines: [],
    });
    expect(read('max_tokens: 64\nrepeats: 5\nprompts: 10\n').spec).toEqual({
      maxTokens: 64,
      repeats: 5,
      prompts: 10,
    });
  });

  it.each([
    ['concurency: [1]', 't.yaml:1:1 unknown key "concurency" - did you mean "concurrency"?'],
    ['concurrency: [0]', 't.yaml:1:15 concurrency: expected a whole number from 1 to 1024, got 0'],
    ['rate: fast', 't.yaml:1:7 rate: expected a number from 0.01 to 1000, got "fast"'],
    [
      'arrivals: poison',
      't.yaml:1:11 arrivals: expected poisson or constant, got "poison" - did you mean "poisson"?',
    ],
    ['slo: {}', 't.yaml:1:6 slo is empty - as in slo: { ttft: 800, tpot: 50 }'],
    ['slo: { ttft: 0 }', 't.yaml:1:14 ttft: expected a number from 0.001 to 86400000, got 0'],
    ['slo: { tttf: 1 }', 't.yaml:1:8 unknown key "tttf" - known: ttft, tpot, e2e'],
    [
      `concurrency: [${Array.from({ length: 33 }, (_, at) => at + 1).join(', ')}]`,
      't.yaml:1:14 concurrency: 33 levels, the limit is 32',
    ],
  ])('refuses %s', (text, line) => {
    expect(read(`${text}\n`).lines).toContain(line);
  });
});
