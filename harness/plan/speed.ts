/**
 * The plan of the speed phase. Every prompt goes to every target, the targets take turns as A B, B A, and which begins
 * follows from the seed: a machine that drifts, drifts for all. At concurrency 1 the turns are single questions; above,
 * blocks of one language that are drained in between, and a pair of adjacent blocks is what is compared.
 */
import { createHash } from 'node:crypto';
import type { Cell, Load, Objectives, Plan, SpeedPlan, SpeedRequest, SpeedSpec, Suite } from '../types.ts';
import { canonicalJson } from './canonical.ts';
import { arrivalTimes } from './arrivals.ts';
import { nonceOf, spread, uniform } from './speed-draw.ts';

/** Prompts that are loaded together, by one specification. */
interface Series {
  readonly name: string;
  readonly spec: SpeedSpec;
  readonly cells: readonly Cell[];
}

/** Fewer pairs than this have no interval. */
const fewestPairs = 4;
/** Of requests in a block, however low the load. */
const shortestBlock = 8;
/** An open-loop block lasts about so long at its rate. */
const openBlockSeconds = 2;

export interface SpeedDraw {
  readonly seed: number;
  /** One server at a time: each turn costs a start, so turns are blocks at every level. */
  readonly alone?: boolean;
  /** How many clients hold the load; one unless said. */
  readonly clients?: number;
}

/** Suites with a `speed:` block of their own are loaded by it, over the one given, one series each; without any, all suites by the one given. */
export function planSpeed(plan: Plan, suites: readonly Suite[], spec: SpeedSpec, draw: SpeedDraw): SpeedPlan {
  const own = suites.filter((suite) => suite.speed !== null);
  const asked = plan.cells.filter((cell) => cell.repeat === 1);
  const series: Series[] =
    own.length === 0
      ? [{ name: 'all', spec, cells: asked }]
      : own.map((suite) => ({
          name: suite.name,
          spec: { ...spec, ...suite.speed },
          cells: asked.filter((cell) => cell.suite === suite.name),
        }));
  const requests: SpeedRequest[] = [];
  for (const each of series) for (const load of loadsOf(each.spec)) addLevel(requests, each, load, draw);
  const objectives: Record<string, Objectives | null> = {};
  for (const {
    name,
    spec: { objectives: wanted },
  } of series)
    objectives[name] = wanted;
  return { requests, objectives };
}

function loadsOf(spec: SpeedSpec): Load[] {
  return [
    ...spec.concurrency.map((concurrency): Load => ({ kind: 'closed', concurrency })),
    ...spec.rate.map((rate): Load => ({ kind: 'open', rate, arrivals: spec.arrivals })),
  ];
}

/** The name of a level: `c4` for four in flight, `r2.5` for two and a half arrivals a second. */
function levelName(load: Load): string {
  return load.kind === 'closed' ? `c${load.concurrency}` : `r${load.rate}`;
}

/** A question, with the cell that asks it of each target. */
interface Question {
  readonly name: string;
  readonly cluster: string;
  readonly language: string;
  readonly byTarget: ReadonlyMap<string, Cell>;
}

/** Requests that one target gets in one turn. */
interface Turn {
  readonly unit: (question: Question) => string;
  readonly repeat: number;
  readonly questions: readonly Question[];
  readonly reversed: boolean;
  readonly load: Load;
}

function addLevel(
  requests: SpeedRequest[],
  series: Series,
  load: Load,
  { seed, alone = false, clients = 1 }: SpeedDraw,
): void {
  const questions = questionsOf(series.cells);
  const targets = [...new Set(series.cells.map((cell) => cell.target))];
  const turns =
    load.kind === 'closed' && load.concurrency === 1 && !alone
      ? singleTurns(spread(questions, series.spec.prompts, seed), series.spec, load, seed)
      : blockTurns(questions, series.spec, load, { seed, clients });
  let block = (requests.at(-1)?.block ?? -1) + 1;
  for (const turn of turns) {
    const ordered = turn.reversed ? targets.toReversed() : targets;
    const name = ordered.map((target) => letterOf(targets.indexOf(target))).join('');
    for (const target of ordered) {
      requests.push(...requestsOf(turn, { target, name, block, series, seed }));
      block += 1;
    }
  }
}

const letterOf = (position: number): string => String.fromCodePoint(65 + position);

/** Only questions that every target is asked: the same prompts on both sides of every comparison. */
function questionsOf(cells: readonly Cell[]): Question[] {
  const byName = new Map<string, { cluster: string; language: string; byTarget: Map<string, Cell> }>();
  const targets = new Set(cells.map((cell) => cell.target));
  for (const cell of cells) {
    const name = [cell.suite, cell.test, cell.language, cell.variant ?? ''].join('\u0000');
    const known = byName.get(name);
    if (known === undefined) {
      const cluster = `${cell.suite}\u0000${cell.cluster}`;
      byName.set(name, { cluster, language: cell.language, byTarget: new Map([[cell.target, cell]]) });
    } else known.byTarget.set(cell.target, cell);
  }
  return [...byName].flatMap(([name, question]) =>
    question.byTarget.size === targets.size ? [{ name, ...question }] : [],
  );
}

/** One question a turn; the order of the targets alternates over the questions and swaps with each repeat. */
function singleTurns(questions: readonly Question[], spec: SpeedSpec, load: Load, seed: number): Turn[] {
  const start = seed % 2;
  return Array.from({ length: spec.repeats }, (_, round) =>
    questions.map((question, at): Turn => ({
      unit: () => question.name,
      repeat: round + 1,
      questions: [question],
      reversed: (start + at + round) % 2 === 1,
      load,
    })),
  ).flat();
}

/** Blocks of one language; the languages take turns, so that with few pairs no language is measured twice. */
function blockTurns(
  questions: readonly Question[],
  spec: SpeedSpec,
  load: Load,
  { seed, clients }: { readonly seed: number; readonly clients: number },
): Turn[] {
  const languages = [...new Set(questions.map((question) => question.language))].toSorted(
    (a, b) => uniform([seed, 'language', a]) - uniform([seed, 'language', b]),
  );
  const pairs = Math.max(fewestPairs, 2 * spec.repeats);
  return Array.from({ length: languages.length === 0 ? 0 : pairs }, (_, pair): Turn => {
    const language = languages[pair % languages.length];
    const own = questions.filter((question) => question.language === language);
    const drawn = spread(own, own.length, seed + pair);
    return {
      unit: () => `pair ${pair + 1}`,
      repeat: pair + 1,
      // A language with few questions asks them again, each time behind another nonce.
      questions: Array.from(
        { length: blockLength(load, clients) },
        (__, at) => drawn[at % drawn.length],
      ).filter((question) => question !== undefined),
      reversed: (seed + pair) % 2 === 1,
      load,
    };
  });
}

/**
 * Of a closed loop three rounds: two end while it is full. Several clients run out one after another, and it is full no
 * longer than the first has something to start: they get a round more.
 */
function blockLength(load: Load, clients: number): number {
  return load.kind === 'closed'
    ? Math.max(shortestBlock, (clients > 1 ? 4 : 3) * load.concurrency)
    : Math.max(shortestBlock, Math.ceil(openBlockSeconds * load.rate));
}

interface Side {
  readonly target: string;
  readonly name: string;
  readonly block: number;
  readonly series: Series;
  readonly seed: number;
}

function requestsOf(turn: Turn, { target, name, block, series, seed }: Side): SpeedRequest[] {
  const level = levelName(turn.load);
  const { load, repeat } = turn;
  // The same for every target: both sides of a pair meet the same arrivals.
  const times =
    load.kind === 'open'
      ? arrivalTimes(turn.questions.length, load, [seed, series.name, level, repeat])
      : null;
  return turn.questions.flatMap((question, at): SpeedRequest[] => {
    const cell = question.byTarget.get(target);
    if (cell === undefined) return [];
    const nonce = nonceOf([seed, series.name, level, repeat, question.name, at]);
    const content = {
      v: 1,
      phase: 'speed',
      load: { ...load },
      target,
      model: cell.model,
      cell: cell.key,
      nonce,
      max_tokens: series.spec.maxTokens,
    };
    return [
      {
        key: createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 32),
        series: series.name,
        level,
        load,
        target,
        cell: cell.key,
        language: cell.language,
        cluster: question.cluster,
        unit: turn.unit(question),
        repeat,
        block,
        turn: name,
        nonce,
        atMs: times?.[at] ?? null,
        maxTokens: series.spec.maxTokens,
      },
    ];
  });
}
