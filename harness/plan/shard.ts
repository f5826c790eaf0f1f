/**
 * Which part of a plan one of several processes asks. The unit that stays together is one test in one language and one
 * repeat, with all targets and variants: both sides of a comparison are asked by one process on one machine. Units are
 * ranked by the SHA-256 of their names, and the rank modulo the number of shards is the shard: no shard differs from
 * another by more than one unit, and neither the order of the suites nor the machine decides.
 */
import { createHash } from 'node:crypto';
import type { Cell, Plan, Shard, SpeedPlan, SpeedRequest, Target } from '../types.ts';
import { canonicalJson } from './canonical.ts';
import { hostOf } from './order.ts';

/** More processes than this are a slip of the finger. */
const maxShards = 10_000;

/** `2/4` as a shard; a text that is none gives the reason why, for people. */
export function parseShard(text: string): Shard | string {
  const [, first, last] = /^(\d{1,9})\/(\d{1,9})$/u.exec(text) ?? [];
  if (first === undefined || last === undefined) return 'expected i/n, which shard of how many, such as 2/4';
  const [index, of] = [Number(first), Number(last)];
  if (of < 1 || of > maxShards) return `expected 1 to ${maxShards} shards, got ${of}`;
  if (index < 1) return `shards count from 1: the first of ${of} is 1/${of}`;
  if (index > of) return `there is no shard ${index} of ${of}: expected 1/${of} to ${of}/${of}`;
  return { index, of };
}

/** `s2of4`: the end of a run's name. */
export const shardSuffix = ({ index, of }: Shard): string => `s${index}of${of}`;

/** `shard 2 of 4`. */
export const describeShard = ({ index, of }: Shard): string => `shard ${index} of ${of}`;

/** The cells that a shard asks, in plan order; null: all of them. */
export function ownCells({ cells }: Plan, shard: Shard | null): readonly Cell[] {
  if (shard === null || shard.of === 1) return cells;
  const ranks = rankUnits(cells);
  return cells.filter((cell) => (ranks.get(unitOf(cell)) ?? 0) % shard.of === shard.index - 1);
}

/**
 * Whether a shard loads the servers: one process does all of it, since a load from elsewhere would be in its figures. The
 * phase ranks behind every other unit, so with and without it the questions are divided alike.
 */
export function ownsSpeed({ cells }: Plan, shard: Shard | null): boolean {
  return shard === null || rankUnits(cells).size % shard.of === shard.index - 1;
}

/** What a shard asks of a plan and loads of its speed phase; null: all of it. */
export function ownPart(
  { plan, speedPlan }: { readonly plan: Plan; readonly speedPlan: SpeedPlan | null },
  shard: Shard | null,
): { readonly cells: readonly Cell[]; readonly requests: readonly SpeedRequest[] } {
  const loads = speedPlan !== null && ownsSpeed(plan, shard);
  return { cells: ownCells(plan, shard), requests: loads ? speedPlan.requests : [] };
}

/** A plan is asked for its ranks more than once, and a large one takes a second each time. */
const known = new WeakMap<readonly Cell[], ReadonlyMap<string, number>>();

function rankUnits(cells: readonly Cell[]): ReadonlyMap<string, number> {
  const ranks = known.get(cells) ?? rankAnew(cells);
  known.set(cells, ranks);
  return ranks;
}

function rankAnew(cells: readonly Cell[]): ReadonlyMap<string, number> {
  const digest = (unit: string): string => createHash('sha256').update(unit).digest('hex');
  const units = [...new Set(cells.map(unitOf))].map((unit) => ({ unit, digest: digest(unit) }));
  const ranked = units.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  return new Map(ranked.map(({ unit }, rank) => [unit, rank]));
}

function unitOf({ suite, test, language, repeat }: Cell): string {
  return canonicalJson([suite, test, language, repeat]);
}

/**
 * A target as a shard may load it: what is allowed in flight is what the endpoint may see of all shards together. A
 * server on the loopback, or one that we start, is this shard's alone.
 */
export function shareOf(target: Target, shard: Shard | null): Target {
  if (shard === null || shard.of === 1 || isOwn(target)) return target;
  const concurrency = Math.max(1, Math.floor(target.concurrency / shard.of));
  return { ...target, concurrency, concurrencyOfAll: target.concurrency };
}

const isOwn = (target: Target): boolean => target.launch !== null || hostOf(target) === 'loopback';

/** What a person should know who divides a run so, one line each. */
export function shardWarnings(
  targets: readonly Target[],
  shard: Shard | null,
  loadsServers: boolean,
): string[] {
  if (shard === null || shard.of === 1) return [];
  const shared = targets.filter((target) => !isOwn(target));
  const crowded = shared.flatMap((target) =>
    (target.concurrencyOfAll ?? target.concurrency) < shard.of
      ? [
          `target ${target.id} allows ${target.concurrencyOfAll ?? target.concurrency} in flight, but ${shard.of} shards put one there each: use fewer shards, or run fewer at once`,
        ]
      : [],
  );
  const loaded =
    loadsServers && shared.length > 0
      ? [
          `${describeShard(shard)} measures the speed of ${shared.map(({ id }) => id).join(', ')}, which the other shards may be asking at the same time: run the speed phase apart`,
        ]
      : [];
  return [...crowded, ...loaded];
}
