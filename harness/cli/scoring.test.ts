/** Findings in plan order from judges that finish in any order: the same as from one thread. */
import { describe, expect, it } from 'vitest';
import { judgesHere } from '../../fixtures/checks/judges-here.ts';
import { checks } from '../score/checks/index.ts';
import { scoreCell } from '../score/score.ts';
import type { Cell, CheckSpec, Finding, Sample } from '../types.ts';
import type { Judges } from './judges/pool.ts';
import { scoreCells } from './scoring.ts';

const texts = ['กรุงเทพฯ', 'القاهرة', '東京', 'दिल्ली', '北京', '서울', 'Nairobi', 'İstanbul'];
const specs = texts.map((value): CheckSpec => ({
  type: 'equals',
  not: false,
  params: { value },
  threshold: 1,
  weight: 1,
  metric: value,
  transform: [],
}));

const cells = Array.from({ length: 4500 }, (_, at): Cell => ({
  key: `cell-${at}`,
  suite: 's',
  test: `t${at}`,
  cluster: `t${at}`,
  language: 'th',
  variant: null,
  target: at % 2 === 0 ? 'a' : 'b',
  model: 'm',
  repeat: 1,
  messages: [{ role: 'user', content: 'ถาม' }],
  request: {},
  checks: specs.slice(0, at % 9),
  metadata: {},
  observe: at % 9 === 0,
}));

/** Every fifth was not asked, every seventh failed. */
function sampleOf(cell: Cell): Sample | null {
  const at = Number(cell.key.slice(5));
  if (at % 5 === 0) return null;
  const outcome =
    at % 7 === 0
      ? { kind: 'failed', failure: { code: 'timeout-first' } }
      : { kind: 'answered', text: texts[at % texts.length], finish: 'stop', toolCalls: [], refusal: null };
  return { outcome } as unknown as Sample;
}

/** Each batch takes as long as it likes; how many were under way at most is counted. */
function unevenJudges(size: number): Judges & { readonly most: () => number } {
  let underWay = 0;
  let most = 0;
  let batches = 0;
  return {
    ...judgesHere,
    size,
    most: () => most,
    judge: async (tasks) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const turns = (batches++ * 7) % 5;
      for (let turn = 0; turn < turns * 20; turn++) await Promise.resolve();
      const verdicts = await judgesHere.judge(tasks);
      underWay -= 1;
      return verdicts;
    },
  };
}

async function findingsOf(judges: Judges, all: readonly Cell[] = cells): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const some of scoreCells(
    { cells: all, sampleOf, times: () => null, takesTools: () => null },
    judges,
  ))
    found.push(...some);
  return found;
}

describe('scoring by judges', () => {
  it.each([1, 4])('gives what one thread gives, byte for byte, with %i of them', async (size) => {
    const plain: Finding[] = [];
    for (const cell of cells)
      plain.push(
        ...(await scoreCell(cell, sampleOf(cell), {
          catalogue: checks,
          times: () => null,
          takesTools: () => null,
        })),
      );
    expect(JSON.stringify(await findingsOf(unevenJudges(size)))).toBe(JSON.stringify(plain));
    expect(new Set(plain.map(({ verdict }) => verdict.because))).toContain('not asked');
    expect(new Set(plain.map(({ verdict }) => verdict.because))).toContain('no answer: timeout-first');
  });

  it('gives a small plan to one judge, and a large one to all, never more than they can take', async () => {
    const small = unevenJudges(3);
    await findingsOf(small, cells.slice(0, 500));
    expect(small.most()).toBe(1);
    const large = unevenJudges(3);
    await findingsOf(large);
    expect(large.most()).toBe(4);
  });

  it('passes on what breaks the judges themselves', async () => {
    const broken = { ...unevenJudges(1), judge: () => Promise.reject(new Error('no thread')) };
    await expect(findingsOf(broken)).rejects.toThrow('no thread');
  });
});
