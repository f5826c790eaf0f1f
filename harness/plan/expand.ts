/** What will be sent: tests x languages x variants x repeats x targets, each a cell with a key of its content. */
import { createHash } from 'node:crypto';
import { personError } from '../errors.ts';
import type { Cell, Json, JsonObject, Message, Plan, Suite, Target, Test } from '../types.ts';
import { canonicalJson } from './canonical.ts';

export interface Selection {
  /** Overrides every test's own number of repeats. */
  readonly repeat: number | null;
  /** Keep these languages only. */
  readonly languages: readonly string[] | null;
  /** Keep the tests this accepts; it sees `suite/test`. */
  readonly tests: ((id: string) => boolean) | null;
  /** Keep the first N tests of each suite. */
  readonly limit: number | null;
}

export const everything: Selection = { repeat: null, languages: null, tests: null, limit: null };

/** More cells than this are refused: a slip in a suite should not become a bill. */
const maxCells = 1_000_000;

/**
 * The key of a cell: the first 32 hex digits of the SHA-256 of its content. Position, time, path, address, secret and
 * checks are not in it, so the same question keeps its key from run to run and scoring again never asks again.
 */
function cellKey(cell: Omit<Cell, 'key' | 'cluster' | 'checks' | 'metadata' | 'observe'>): string {
  const content = {
    v: 1,
    suite: cell.suite,
    test: cell.test,
    language: cell.language,
    variant: cell.variant,
    phase: 'quality',
    load: null,
    target: cell.target,
    model: cell.model,
    messages: cell.messages.map(withoutNames) as unknown as Json,
    request: cell.request,
    repeat: cell.repeat,
  };
  // A slice of the whole digest would keep all of it.
  return createHash('sha256').update(canonicalJson(content)).digest().toString('hex', 0, 16);
}

/** An image is its bytes, wherever they lie. */
function withoutNames(message: Message): object {
  if (message.images === undefined) return message;
  return { ...message, images: message.images.map(({ sha256, detail }) => ({ sha256, detail })) };
}

/** The plan of a run. Throws a `PersonError` for two cells with one key and for more than a million cells. */
export function expand(
  suites: readonly Suite[],
  targets: readonly Target[],
  selection: Selection = everything,
): Plan {
  const cells: Cell[] = [];
  const seen = new Set<string>();
  for (const suite of suites) {
    const wanted = suite.tests.filter(
      (test) => selection.tests === null || selection.tests(`${suite.name}/${test.id}`),
    );
    for (const test of wanted.slice(0, selection.limit ?? wanted.length)) {
      for (const cell of cellsOf(suite, test, targets, selection)) {
        if (seen.has(cell.key)) throw askTheSame(cells, cell);
        seen.add(cell.key);
        cells.push(cell);
        if (cells.length > maxCells) {
          throw personError(`the plan has more than ${maxCells} cells`, {
            hint: 'use --limit, --languages or fewer repeats',
          });
        }
      }
    }
  }
  return { cells };
}

function askTheSame(cells: readonly Cell[], cell: Cell): Error {
  const twins = [...cells.filter(({ key }) => key === cell.key), cell].map(describeCell);
  return personError(`two cells ask the same: ${twins.join(' and ')}`, {
    hint: 'give the tests different ids or wordings',
  });
}

function* cellsOf(
  suite: Suite,
  test: Test,
  targets: readonly Target[],
  selection: Selection,
): Generator<Cell> {
  const repeats = selection.repeat ?? test.repeat;
  for (const question of test.questions) {
    if (selection.languages !== null && !selection.languages.includes(question.language)) continue;
    // One for all repeats: each of a million cells would hold its own.
    const asked = targets.map((target) => ({
      target,
      request: mergedRequest(target.params, question.request),
    }));
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
      for (const { target, request } of asked) {
        const cell = {
          key: '',
          suite: suite.name,
          test: test.id,
          cluster: test.cluster,
          language: question.language,
          variant: question.variant,
          target: target.id,
          model: target.model,
          repeat,
          messages: question.messages,
          request,
          checks: question.checks,
          metadata: test.metadata,
          observe: test.observe,
        };
        // Put in afterwards: a copy of a cell takes twice the memory of one that was written down whole.
        cell.key = cellKey(cell);
        yield cell;
      }
    }
  }
}

/** The suite's parameters stand over the target's: the suite asks the same of everyone. */
function mergedRequest(params: JsonObject, request: JsonObject): JsonObject {
  return { ...params, ...request };
}

/** `suite > test [language] target`: the name of a cell for people. */
export function describeCell(cell: Cell): string {
  const extra = `${cell.variant === null ? '' : ` (${cell.variant})`}${cell.repeat > 1 ? ` #${cell.repeat}` : ''}`;
  return `${cell.suite} > ${cell.test} [${cell.language}] ${cell.target}${extra}`;
}

/** A cell as it stands in `plan.jsonl`: nothing in it depends on time, host or path. */
export function planRecord(cell: Cell): object {
  const { key, ...fields } = cell;
  return { v: 1, cell: key, ...fields };
}
