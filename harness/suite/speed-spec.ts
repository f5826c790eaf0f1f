/** The `speed:` block of a targets file or a suite: how the speed phase loads the servers. */
import type { Objectives, SpeedSpec } from '../types.ts';
import { readFields, readNumber, readText } from './fields.ts';
import type { Entry, Node } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

/** What is measured where nobody says anything else. */
export const defaultSpeed: SpeedSpec = {
  concurrency: [1, 4],
  rate: [],
  arrivals: 'poisson',
  maxTokens: 128,
  repeats: 3,
  prompts: 28,
  objectives: null,
};

const keys = ['concurrency', 'rate', 'arrivals', 'max_tokens', 'repeats', 'prompts', 'slo'];
const arrivalKinds = ['poisson', 'constant'] as const;
const concurrencyRange = { min: 1, max: 1024, whole: true };
/** Arrivals per second. */
const rateRange = { min: 0.01, max: 1000 };
const mostLevels = 32;

/** The fields that are given; what is not said stays with who has less to say. Null when the block is no mapping. */
export function readSpeed(node: Node, problems: ProblemList): Partial<SpeedSpec> | null {
  const fields = readFields(node, { what: 'speed', keys }, problems);
  if (fields === null) return null;
  const whole = (key: string, max: number): number | null => {
    const entry = fields.get(key);
    return entry === undefined ? null : readNumber(entry.value, key, { min: 1, max, whole: true }, problems);
  };
  const given = {
    concurrency: readLevels(fields.get('concurrency'), concurrencyRange, problems),
    rate: readLevels(fields.get('rate'), rateRange, problems),
    arrivals: readArrivals(fields.get('arrivals'), problems),
    maxTokens: whole('max_tokens', 100_000),
    repeats: whole('repeats', 100),
    prompts: whole('prompts', 10_000),
    objectives: readObjectives(fields.get('slo')?.value, problems),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

/** One level, or a list of them, in ascending order and each once. */
function readLevels(
  entry: Entry | undefined,
  range: { readonly min: number; readonly max: number; readonly whole?: boolean },
  problems: ProblemList,
): number[] | null {
  if (entry === undefined) return null;
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (nodes.length > mostLevels)
    problems.error(entry.value.spot, `${entry.key}: ${nodes.length} levels, the limit is ${mostLevels}`);
  const levels = nodes.map((node) => readNumber(node, entry.key, range, problems));
  return [...new Set(levels.filter((level) => level !== null))].toSorted((a, b) => a - b);
}

function readArrivals(entry: Entry | undefined, problems: ProblemList): SpeedSpec['arrivals'] | null {
  if (entry === undefined) return null;
  const text = readText(entry.value, 'arrivals', problems);
  const kind = arrivalKinds.find((one) => one === text);
  if (kind === undefined && text !== null)
    problems.error(
      entry.value.spot,
      `arrivals: expected poisson or constant, got "${text}"`,
      didYouMean(text, arrivalKinds),
    );
  return kind ?? null;
}

/** Milliseconds, by the short names that gates use. */
function readObjectives(node: Node | undefined, problems: ProblemList): Objectives | null {
  if (node === undefined) return null;
  const fields = readFields(node, { what: 'slo', keys: ['ttft', 'tpot', 'e2e'] }, problems);
  if (fields === null) return null;
  const ms = (key: string): number | null => {
    const entry = fields.get(key);
    return entry === undefined
      ? null
      : readNumber(entry.value, key, { min: 0.001, max: 24 * 3600 * 1000 }, problems);
  };
  const objectives = { ttftMs: ms('ttft'), tpotMs: ms('tpot'), e2eMs: ms('e2e') };
  if (fields.size === 0) problems.error(node.spot, 'slo is empty', 'as in slo: { ttft: 800, tpot: 50 }');
  return objectives;
}
