/**
 * In which order the cells are sent. Targets on one host are never in flight at the same time: their servers would
 * slow each other down. They take turns in short blocks (A B, B A, A B ...), so that a machine that drifts over the
 * minutes drifts for both. Targets on different hosts get lanes of their own and run side by side.
 */
import type { Block, Cell, Target } from '../types.ts';

/** Blocks that run one after another; lanes run side by side. */
export interface Lane {
  readonly host: string;
  readonly blocks: readonly Block[];
}

/** `127.0.0.1`, `localhost`, `::1` and replay targets are one host: this one. */
export function hostOf(target: Pick<Target, 'baseUrl'>): string {
  if (target.baseUrl === null) return 'loopback';
  const name = new URL(target.baseUrl).hostname.replace(/^\[|\]$/gu, '');
  return name === 'localhost' || name === '::1' || name === '0.0.0.0' || name.startsWith('127.')
    ? 'loopback'
    : name;
}

/**
 * One language per block, max(8, 3 x concurrency) questions long (one question at concurrency 1), the same questions
 * for each target of the lane. Which target begins follows from the seed and alternates from block to block.
 */
export function order(cells: readonly Cell[], targets: readonly Target[], seed: number): Lane[] {
  const lanes = new Map<string, Target[]>();
  for (const target of targets) {
    const host = hostOf(target);
    lanes.set(host, [...(lanes.get(host) ?? []), target]);
  }
  let index = 0;
  return [...lanes].map(([host, members]) => {
    const length = blockLength(members);
    const blocks: Block[] = [];
    chunksByLanguage(cells, new Set(members.map((target) => target.id)), length).forEach((chunk, round) => {
      const turn = (seed + round) % 2 === 0 ? members : members.toReversed();
      const name = turn.map((target) => String.fromCodePoint(65 + members.indexOf(target))).join('');
      for (const target of turn) {
        const own = chunk.filter((cell) => cell.target === target.id);
        if (own.length === 0) continue;
        blocks.push({ index, turn: name, target: target.id, cells: own });
        index += 1;
      }
    });
    return { host, blocks };
  });
}

/** Questions per block. A target that is alone on its host waits for nobody: one block per language. */
function blockLength(members: readonly Target[]): number {
  if (members.length === 1) return Number.MAX_SAFE_INTEGER;
  const concurrency = Math.max(...members.map((target) => target.concurrency));
  return concurrency === 1 ? 1 : Math.max(8, 3 * concurrency);
}

/** Cells grouped so that a group holds the same questions for every target, `length` questions of one language. */
function chunksByLanguage(cells: readonly Cell[], targets: ReadonlySet<string>, length: number): Cell[][] {
  const languages = new Map<string, Cell[]>();
  for (const cell of cells) {
    if (!targets.has(cell.target)) continue;
    const own = languages.get(cell.language);
    if (own === undefined) languages.set(cell.language, [cell]);
    else own.push(cell);
  }
  // One language at a time: a name for each question of a large plan would take as much memory as the plan.
  return [...languages.values()].flatMap((own) => {
    const groups = byQuestion(own);
    const chunks: Cell[][] = [];
    for (let at = 0; at < groups.length; at += length) chunks.push(groups.slice(at, at + length).flat());
    return chunks;
  });
}

function byQuestion(cells: readonly Cell[]): Cell[][] {
  const questions = new Map<string, Cell[]>();
  for (const cell of cells) {
    const question = JSON.stringify([cell.suite, cell.test, cell.variant, cell.repeat]);
    const group = questions.get(question);
    if (group === undefined) questions.set(question, [cell]);
    else group.push(cell);
  }
  return [...questions.values()];
}
