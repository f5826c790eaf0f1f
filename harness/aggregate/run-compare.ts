/**
 * What changed from an earlier run to this one: the same questions put to the same targets, found by their keys. Both
 * sides are scored by the checks of the later run, so that a changed ruler is no changed answer.
 */
import type {
  CellChangeKind,
  EarlierRun,
  Finding,
  LanguageTag,
  Manifest,
  Plan,
  RunComparison,
  RunDifference,
  RunName,
} from '../types.ts';
import { changeOf, changesOf, type CellPair } from './cell-changes.ts';
import { languageDifference, overallDifference, type Difference } from './difference.ts';
import { effectiveSamples } from './effective.ts';
import { groupBy } from './grouping.ts';
import { labelOf, margin } from './label.ts';
import { observe } from './observation.ts';
import { pairUp } from './pairing.ts';
import { joinRows, type JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import { sentenceOf } from './sentence.ts';
import { holm } from './stats/holm.ts';
import { fnv1a32 } from './stats/pcg32.ts';

/** An earlier run, its answers scored by today's checks. */
export interface EarlierAnswers {
  readonly run: EarlierRun;
  /** On the cells that the later plan has too. */
  readonly findings: readonly Finding[];
}

/** The cells of both runs, in the order of the later plan, as they came out in either. */
export interface SharedRows {
  readonly later: readonly JoinedRow[];
  readonly earlier: readonly JoinedRow[];
}

/** Which cells the two runs share is decided by their keys alone: a model or a request that changed is another question. */
export function sharedRows(
  plan: Plan,
  rows: readonly JoinedRow[],
  { run, findings }: EarlierAnswers,
): SharedRows {
  const keys = new Set(run.cells.map(({ key }) => key));
  const common = plan.cells.filter(({ key }) => keys.has(key));
  const effective = effectiveSamples({ cells: common }, run.samples);
  return {
    later: rows.filter(({ cell }) => keys.has(cell.key)),
    earlier: joinRows({ cells: common }, effective, findings),
  };
}

export interface RunCompareInput {
  readonly manifest: Manifest;
  readonly axes: Axes;
  readonly plan: Plan;
  readonly earlier: EarlierRun;
  readonly shared: SharedRows;
}

export function compareRuns({ manifest, axes, plan, earlier, shared }: RunCompareInput): RunComparison {
  const pairs = shared.later.flatMap((after, at): CellPair[] => {
    const before = shared.earlier[at];
    return before === undefined ? [] : [{ before, after }];
  });
  const known = new Set(earlier.cells.map(({ key }) => key));
  const kept = new Set(pairs.map(({ after }) => after.cell.key));
  const added = plan.cells.filter(({ key }) => !known.has(key));
  const gone = earlier.cells.filter(({ key }) => !kept.has(key));
  return {
    earlier: earlier.name,
    later: nameOfRun(manifest),
    common: pairs.length,
    added: added.length,
    gone: gone.length,
    remarks: remarksOf(manifest, earlier, pairs.length),
    differences: differencesOf({ axes, seed: manifest.seed, shared, pairs, added, gone }),
    changes: changesOf(pairs),
  };
}

export function nameOfRun({ run, tool, createdAt, planHash }: Manifest): RunName {
  return { id: run, tool, createdAt, planHash };
}

interface Found {
  readonly axes: Axes;
  readonly seed: number;
  readonly shared: SharedRows;
  readonly pairs: readonly CellPair[];
  readonly added: readonly Place[];
  readonly gone: readonly Place[];
}

interface Place {
  readonly target: string;
  readonly language: LanguageTag;
}

interface Draft extends Difference {
  readonly target: string;
  readonly language: LanguageTag | null;
}

/** Every target over all languages, then in each. What exists on one side only is counted and not compared. */
function differencesOf({ axes, seed, shared, pairs, added, gone }: Found): RunDifference[] {
  const [later, earlier] = [observe(shared.later), observe(shared.earlier)];
  const drafts = axes.targets.flatMap((target) => {
    const now = later.get(target)?.get(null) ?? [];
    const before = earlier.get(target)?.get(null) ?? [];
    const draft = (language: LanguageTag | null): Draft => {
      const here = ({ language: of }: { readonly language: string }): boolean =>
        language === null || of === language;
      const pairing = pairUp(now.filter(here), before.filter(here));
      const chance = { seed, seq: fnv1a32(JSON.stringify(['since', language])) };
      const find = language === null ? overallDifference : languageDifference;
      return { target, language, ...find(pairing, chance) };
    };
    const found = new Set(
      [...pairs.map(({ after }) => after.cell), ...added, ...gone]
        .filter((cell) => cell.target === target)
        .map(({ language }) => language),
    );
    const languages = [...new Set([...axes.languages, ...found])].filter((tag) => found.has(tag));
    return [draft(null), ...languages.map(draft)];
  });
  const pHolm = new Map<Draft, number>();
  for (const family of [
    drafts.filter(({ language }) => language === null),
    drafts.filter(({ language }) => language !== null),
  ]) {
    const tested = family.filter(({ p }) => p !== null);
    const adjusted = holm(tested.map(({ p }) => p ?? 1));
    for (const [at, draft] of tested.entries()) pHolm.set(draft, adjusted[at] ?? 1);
  }
  const count = countsOf(pairs, added, gone);
  return drafts.map((draft) => finish(draft, pHolm.get(draft) ?? null, count(draft)));
}

type Counts = Pick<RunDifference, 'cells' | 'added' | 'gone'>;

function countsOf(
  pairs: readonly CellPair[],
  added: readonly Place[],
  gone: readonly Place[],
): (scope: Pick<Draft, 'target' | 'language'>) => Counts {
  const name = ({ target, language }: { target: string; language: string | null }): string =>
    JSON.stringify([target, language]);
  const cells = new Map<string, Record<CellChangeKind, number>>();
  for (const pair of pairs) {
    const { target, language } = pair.after.cell;
    for (const key of [name({ target, language }), name({ target, language: null })]) {
      const counts = cells.get(key) ?? noChanges();
      counts[changeOf(pair)] += 1;
      cells.set(key, counts);
    }
  }
  const tally = (places: readonly Place[]): ReadonlyMap<string, number> => {
    const whole = places.map(({ target }) => ({ target, language: null }));
    return new Map([...groupBy([...places, ...whole], name)].map(([key, list]) => [key, list.length]));
  };
  const [only, lost] = [tally(added), tally(gone)];
  return (scope) => ({
    cells: cells.get(name(scope)) ?? noChanges(),
    added: only.get(name(scope)) ?? 0,
    gone: lost.get(name(scope)) ?? 0,
  });
}

function noChanges(): Record<CellChangeKind, number> {
  return { worse: 0, lost: 0, better: 0, back: 0, incomparable: 0, reworded: 0, same: 0 };
}

function finish(draft: Draft, pHolm: number | null, counts: Counts): RunDifference {
  const { target, language, difference, clusters, p, test, minimumDetectable } = draft;
  const label = labelOf({
    ...draft,
    pHolm,
    value: difference.value,
    low: difference.low,
    high: difference.high,
  });
  const sentence = sentenceOf({
    ...draft,
    other: target,
    baseline: `${target} in the earlier run`,
    suite: null,
    metric: null,
    measure: 'score',
    worstCase: difference,
    margin,
    pHolm,
    label,
  });
  return {
    target,
    language,
    difference,
    clusters,
    p,
    pHolm,
    test,
    minimumDetectable,
    label,
    sentence,
    ...counts,
  };
}

/** What may stand behind a difference, or behind there being none to see. */
function remarksOf(manifest: Manifest, earlier: EarlierRun, common: number): string[] {
  const before = new Map(earlier.targets.map((target) => [target.id, target]));
  const now = new Set(manifest.targets.map(({ id }) => id));
  const moved = manifest.targets.flatMap(({ id, model, endpoint }) => {
    const old = before.get(id);
    if (old === undefined) return [`${id} was not asked in the earlier run.`];
    return [
      ...(old.model === model
        ? []
        : [`The model of ${id} was ${old.model} and is ${model}: its cells are other cells.`]),
      ...(old.endpoint === endpoint ? [] : [`${id} was asked at ${old.endpoint}, and now at ${endpoint}.`]),
    ];
  });
  const left = earlier.targets
    .filter(({ id }) => !now.has(id))
    .map(({ id }) => `${id} was asked in the earlier run only.`);
  const versions =
    earlier.name.tool === manifest.tool
      ? []
      : [`The earlier run was made by ${earlier.name.tool}; both are scored by the checks of this one.`];
  const none =
    common > 0
      ? []
      : ['The runs have no cell in common: a cell is the same only with the same prompt, request and model.'];
  return [...none, ...moved, ...left, ...versions];
}
