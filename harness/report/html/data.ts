/**
 * The rows as the page's script reads them: an index of everything that can be filtered by, in columns, and the texts in
 * blocks of some questions each, which are unpacked when they come into view. Within a block every string stands once,
 * in a table, and is named by its position; a question's messages and checks are kept per question, not per target.
 * Absent keys mean "none".
 */
import { isDeepStrictEqual } from 'node:util';
import type { CellKind, CheckSpec, Finding, Json, Report, Row, Timing, Verdict } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { promptText } from '../prompt-text.ts';
import { cardWords, kindWords } from '../strings.ts';
import { kindOrder } from '../view/kinds.ts';

/** Questions per block: a few milliseconds of unpacking, and enough of it to pack well. */
export const cardsPerBlock = 64;

class StringTable {
  readonly strings: string[] = [];
  readonly #positions = new Map<string, number>();

  at(text: string): number {
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    const position = this.strings.push(text) - 1;
    this.#positions.set(text, position);
    return position;
  }
}

/** What is asked: role and text of each message, then metric, type and parameters of each check. */
interface PageQuestion {
  readonly m: readonly (readonly [string, number])[];
  readonly c: readonly (readonly [number, number, number])[];
}

/** What happened at one target; short keys, since there are as many as cells. */
interface PageCell {
  /** Key, cut: enough to find the record in the run folder. */
  readonly k: string;
  /** Answer, reasoning, refusal, tool calls, partial text. */
  readonly a?: number;
  readonly r?: number;
  readonly x?: number;
  readonly tc?: number;
  readonly pt?: number;
  /** Failure: code, message, HTTP status. */
  readonly f?: readonly [number, number, number | null];
  readonly fi?: number;
  /** Attempts, where more than one. */
  readonly n?: number;
  /** TTFT and total time in whole ms. */
  readonly ms?: readonly [number | null, number | null];
  readonly fl?: readonly number[];
  /** Findings: check position, state (see `stateOf`), score, because, evidence. */
  readonly c?: readonly (readonly (number | null)[])[];
  /** Question and request, where they are not the card's. */
  readonly q?: number;
  readonly rq?: number;
  /** Clock points after the slot was free, in tenths of a ms, in the order of `clockPoints`. */
  readonly at?: readonly (number | null)[];
  /** Tokens as the server counted: prompt, completion, reasoning, from a cache. */
  readonly u?: readonly (number | null)[];
  /** HTTP status, chunks, reads, bytes, requests in flight at most, block. */
  readonly w?: readonly (number | null)[];
  /** The model as the server names it. */
  readonly me?: number;
}

/** Question, request, metadata, cells. */
type PageCard = readonly [number, number, number, readonly PageCell[]];

/** The texts of some cards. */
export interface PageBlock {
  readonly strings: readonly string[];
  readonly questions: readonly PageQuestion[];
  readonly cards: readonly PageCard[];
}

const clockPoints = [
  'tCall',
  't0',
  'tHdr',
  'tEvt1',
  'tOut1',
  'tAns1',
  'tLast',
  'tDone',
] as const satisfies readonly (keyof Timing)[];

function checkName(spec: CheckSpec): string {
  return `${spec.not ? 'not-' : ''}${spec.type}`;
}

/** Why a check says nothing is told apart from what it says: an outage and a crash are no failures. */
const unscoredStates = { 'not-applicable': 3, 'check-error': 4, 'no-answer': 5 } as const;

/** 0 fail, 1 pass, 2 scored without a threshold; 3 to 5 not scored. */
function stateOf(verdict: Verdict): number {
  if (verdict.status === 'unscored') return unscoredStates[verdict.why];
  return verdict.pass === null ? 2 : Number(verdict.pass);
}

/** Evidence is worth its bytes where a check was not wholly satisfied. */
function findingOf(finding: Finding, table: StringTable): (number | null)[] {
  const { verdict } = finding;
  const whole = verdict.status === 'scored' && verdict.score === 1 && verdict.pass !== false;
  const evidence =
    whole || Object.keys(verdict.details).length === 0 ? null : table.at(JSON.stringify(verdict.details));
  const state = stateOf(verdict);
  const score = verdict.status === 'scored' ? Number(verdict.score.toFixed(4)) : null;
  const line = [finding.index, state, score, table.at(verdict.because)];
  return evidence === null ? line : [...line, evidence];
}

function outcomeOf(row: Row, table: StringTable): Partial<PageCell> {
  const outcome = row.sample?.outcome;
  if (outcome === undefined) return {};
  if (outcome.kind === 'failed') {
    const { failure, partial } = outcome;
    return {
      f: [table.at(failure.code), table.at(failure.message), failure.http],
      ...(partial === '' ? {} : { pt: table.at(partial) }),
    };
  }
  const calls = outcome.toolCalls.map((call) => `${call.name}(${call.arguments})`).join('\n');
  return {
    a: table.at(outcome.text),
    ...(outcome.reasoning === '' ? {} : { r: table.at(outcome.reasoning) }),
    ...(outcome.refusal === null ? {} : { x: table.at(outcome.refusal) }),
    ...(calls === '' ? {} : { tc: table.at(calls) }),
    ...(outcome.finish === null ? {} : { fi: table.at(outcome.finish) }),
  };
}

/** What the record says of how it went, for the reader who asks for it. */
function recordOf({ sample }: Row, table: StringTable): Partial<PageCell> {
  if (sample === null) return {};
  const { timing, usage, modelEcho } = sample;
  const from = timing.tSched ?? timing.tCall;
  const tenths = (at: number | null) => (at === null || from === null ? null : Math.round(10 * (at - from)));
  return {
    at: clockPoints.map((point) => tenths(timing[point])),
    u: [usage.prompt, usage.completion, usage.reasoning, usage.cached],
    w: [sample.http, sample.chunks, sample.reads, sample.bytes, sample.concurrency, sample.block],
    ...(modelEcho === null ? {} : { me: table.at(modelEcho) }),
  };
}

const whole = (value: number | null) => (value === null ? null : Math.round(value));

function cellOf(row: Row, table: StringTable): PageCell {
  const { sample, times } = row;
  const flags = sample?.flags ?? [];
  return {
    k: row.cell.key.slice(0, 16),
    ...outcomeOf(row, table),
    ...(row.attempts > 1 ? { n: row.attempts } : {}),
    ...(times.e2eMs === null ? {} : { ms: [whole(times.ttftMs), whole(times.e2eMs)] }),
    ...(flags.length === 0 ? {} : { fl: flags.map((flag) => table.at(flag)) }),
    ...(row.findings.length === 0 ? {} : { c: row.findings.map((finding) => findingOf(finding, table)) }),
    ...recordOf(row, table),
  };
}

/** The rows of one question in one language, one repeat: a row per target. */
type Card = readonly [Row, ...Row[]];

function cardsOf(rows: readonly Row[]): Card[] {
  const cards = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const { suite, test, language, variant, repeat } = row.cell;
    const key = [suite, test, language, variant ?? '\u0001', repeat].join('\u0000');
    const card = cards.get(key);
    if (card === undefined) cards.set(key, [row]);
    else card.push(row);
  }
  return [...cards.values()];
}

function blockOf(cards: readonly Card[]): PageBlock {
  const table = new StringTable();
  const questions: PageQuestion[] = [];
  const questionAt = new Map<string, number>();
  const json = (value: Json) => table.at(JSON.stringify(value));
  const question = ({ cell }: Row): number => {
    const key = JSON.stringify([cell.messages, cell.checks]);
    const known = questionAt.get(key);
    if (known !== undefined) return known;
    const m = cell.messages.map((message) => [message.role, table.at(promptText(message))] as const);
    const c = cell.checks.map(
      (spec) => [table.at(checkName(spec)), table.at(spec.metric), json(spec.params)] as const,
    );
    const position = questions.push({ m, c }) - 1;
    questionAt.set(key, position);
    return position;
  };
  return {
    cards: cards.map((rows): PageCard => {
      const [{ cell }] = rows;
      const own = [question(rows[0]), json(cell.request)] as const;
      const cells = rows.map((row): PageCell => {
        // All targets are asked the same as a rule, and that is told faster than written out again.
        const { messages, checks, request } = row.cell;
        const isSame = isDeepStrictEqual([messages, checks], [cell.messages, cell.checks]);
        const q = isSame ? own[0] : question(row);
        const rq = isDeepStrictEqual(request, cell.request) ? own[1] : json(request);
        return {
          ...cellOf(row, table),
          ...(q === own[0] ? {} : { q }),
          ...(rq === own[1] ? {} : { rq }),
        };
      });
      return [...own, json(cell.metadata), cells];
    }),
    questions,
    strings: table.strings,
  };
}

/** A score in ten-thousandths; -1 without one. */
const scoreUnits = (score: number | null): number => (score === null ? -1 : Math.round(10_000 * score));

/** Everything a filter looks at, in columns: per card its place and how many cells it has, per cell its outcome. */
function indexOf(report: Report, cards: readonly Card[]) {
  const { summary, rows } = report;
  const tests = new StringTable();
  const variants = new StringTable();
  const suites = [...new Set(rows.map((row) => row.cell.suite))];
  const tags = [...new Set([...summary.languages, ...rows.map((row) => row.cell.language)])];
  const targets = summary.targets.map((target) => target.id);
  const places = (names: readonly string[]) => new Map(names.map((name, at) => [name, at]));
  const [suiteAt, tagAt, targetAt] = [places(suites), places(tags), places(targets)];
  const kindAt = places(kindOrder);
  const cells = cards.flat();
  const kindName = (kind: CellKind) => [kind, kindWords[kind].word];
  return {
    words: cardWords,
    kinds: kindOrder.map(kindName),
    languages: tags.map((tag) => {
      const { english, own } = languageName(tag);
      return [tag, english, own];
    }),
    suites,
    targets: summary.targets.map(({ id, model, endpoint, apiKeyEnv }) => ({
      id,
      model,
      endpoint,
      apiKeyEnv,
    })),
    baseline: summary.baseline,
    tests: tests.strings,
    variants: variants.strings,
    cardsPerBlock,
    cards: {
      suite: cards.map(([{ cell }]) => suiteAt.get(cell.suite)),
      test: cards.map(([{ cell }]) => tests.at(cell.test)),
      language: cards.map(([{ cell }]) => tagAt.get(cell.language)),
      variant: cards.map(([{ cell }]) => (cell.variant === null ? -1 : variants.at(cell.variant))),
      repeat: cards.map(([{ cell }]) => cell.repeat),
      cells: cards.map((own) => own.length),
    },
    cells: {
      target: cells.map((row) => targetAt.get(row.cell.target)),
      kind: cells.map((row) => kindAt.get(row.kind)),
      /** 0 failed, 1 passed, 2 neither. */
      pass: cells.map((row) => (row.pass === null ? 2 : Number(row.pass))),
      score: cells.map((row) => scoreUnits(row.score)),
    },
  };
}

/** The index, then the blocks one by one: only one of them is in memory at a time. */
export function pageData(report: Report) {
  const cards = cardsOf(report.rows);
  function* blocks(): Generator<PageBlock> {
    for (let from = 0; from < cards.length; from += cardsPerBlock)
      yield blockOf(cards.slice(from, from + cardsPerBlock));
  }
  return { index: indexOf(report, cards), blocks };
}
