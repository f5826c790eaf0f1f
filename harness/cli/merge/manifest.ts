/**
 * The manifest of a run that was put together. What the sources agree on is taken from the first of them, in an order
 * that their arguments do not decide; what only some know is gathered. Merging a merge again gives the same once more.
 */
import { compareText } from '../../aggregate/effective.ts';
import type { GateText, JsonObject, Leg, Manifest, RunPart, TargetRecord } from '../../types.ts';
import { version } from '../version.ts';
import { compareParts, type Source, type Sources } from './source.ts';

export interface Merged {
  readonly run: string;
  /** Where the command was given, as seen from the new folder. */
  readonly from: string;
  readonly damage: readonly string[];
  readonly leftOut: readonly string[];
}

export function mergedManifest(sources: Sources, merged: Merged): Manifest {
  const [first] = sources;
  const manifests = sources.map(({ manifest }) => manifest);
  const { format, planHash, seed, baseline, suites, environment, objectives, earlier } = first.manifest;
  const { shard: _shard, ...invocation } = first.manifest.invocation;
  const disagreements = disagreementsOf(first, sources);
  return {
    format,
    run: merged.run,
    tool: version,
    createdAt: manifests.map(({ createdAt }) => createdAt).reduce((a, b) => (b < a ? b : a)),
    planHash,
    earlierPlans: [],
    seed,
    baseline,
    // The strictest: no answer may be missing that one of them would have missed.
    maxErrorRate: Math.min(...manifests.map(({ maxErrorRate }) => maxErrorRate)),
    suites,
    targets: first.manifest.targets.map((target) => mergedTarget(target, manifests)),
    environment,
    invocation: { ...invocation, from: merged.from } as JsonObject,
    warnings: gathered(
      manifests.map(({ warnings }) => warnings),
      [...disagreements, ...merged.leftOut],
    ),
    objectives: objectives ?? null,
    gates: mergedGates(manifests),
    earlier: earlier ?? null,
    repairs: gathered(
      sources.map(({ manifest, name }) =>
        manifest.parts === undefined ? manifest.repairs.map((text) => `${name}: ${text}`) : manifest.repairs,
      ),
      merged.damage,
    ),
    legs: mergedLegs(manifests.flatMap(({ legs }) => legs)),
    parts: mergedParts(sources.flatMap(({ parts }) => parts)),
  };
}

/** Settings that decide numbers, and are not in the plan: whoever changed them in between is told what counts. */
function disagreementsOf(first: Source, sources: readonly Source[]): string[] {
  const fields = ['seed', 'baseline', 'maxErrorRate'] as const;
  return sources.flatMap(({ manifest, name }) =>
    fields.flatMap((field) => {
      const [ours, theirs] = [first.manifest[field], manifest[field]];
      if (ours === theirs) return [];
      const counts = field === 'maxErrorRate' ? 'the lowest' : String(ours);
      return [`${name} has ${field} ${theirs}, ${first.name} has ${ours}: ${counts} counts`];
    }),
  );
}

/** The lines of the first in their order, then what others have beside them. */
function gathered(lists: readonly (readonly string[])[], more: readonly string[]): string[] {
  const first = lists[0] ?? [];
  const others = new Set([...lists.slice(1).flat(), ...more].filter((text) => !first.includes(text)));
  return [...first, ...[...others].toSorted(compareText)];
}

/** The share of a shard is its own affair: all of them together were allowed the whole. */
function mergedTarget(target: TargetRecord, manifests: readonly Manifest[]): TargetRecord {
  const { concurrencyOfAll, ...record } = target;
  const seen = manifests
    .map(({ targets }) => targets.find(({ id }) => id === target.id)?.facts ?? null)
    .flatMap((facts) => (facts === null ? [] : [{ facts, text: JSON.stringify(facts) }]))
    .toSorted((a, b) => compareText(a.text, b.text));
  return { ...record, concurrency: concurrencyOfAll ?? record.concurrency, facts: seen[0]?.facts ?? null };
}

/** Each start once, as its end left it. */
function mergedLegs(legs: readonly Leg[]): Leg[] {
  const byId = new Map<string, Leg>();
  for (const leg of legs) {
    const known = byId.get(leg.id);
    if (known === undefined || rank(leg) > rank(known)) byId.set(leg.id, leg);
  }
  return [...byId.values()].toSorted(
    (a, b) => compareText(a.startedAt, b.startedAt) || compareText(a.id, b.id),
  );
}

/** A claim that any of them was to bear out is borne out by the whole, or not. */
function mergedGates(manifests: readonly Manifest[]): GateText[] {
  const all = manifests.flatMap(({ gates }) => gates ?? []);
  return [...new Map(all.map((gate) => [gate.expression, gate])).values()];
}

const rank = (leg: Leg): string => `${leg.endedAt ?? ''} ${JSON.stringify(leg)}`;

function mergedParts(parts: readonly RunPart[]): RunPart[] {
  const distinct = new Map(parts.map((part) => [JSON.stringify([part.run, part.shard]), part]));
  return [...distinct.values()].toSorted(compareParts);
}
