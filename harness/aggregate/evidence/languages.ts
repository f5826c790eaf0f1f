/** In which languages answers came: how many kept to the one asked for, and to which others they drifted. */
import { entry, groupBy } from '../grouping.ts';
import type { Details, LanguageEvidence, Stat } from '../../types.ts';
import { compareText } from '../effective.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { macroShareStat, shareStat, type Counts, type ItemShare } from '../stat.ts';
import { fnv1a32, type Chance } from '../stats/pcg32.ts';
import { byScope, isObject, numberOf, seenBy, textOf, type Seen } from './seen.ts';

type Outcome = 'match' | 'mixed' | 'other' | 'unknown' | 'tooShort';

interface Answer {
  readonly seen: Seen;
  readonly details: Details;
  readonly outcome: Outcome;
}

/** A row over all languages, then one per language, for each suite, metric and target. */
export function readLanguages(axes: Axes, rows: readonly JoinedRow[], seed: number): LanguageEvidence[] {
  const scopes = byScope(axes, seenBy(rows, ['language']));
  const groups = groupBy(scopes, ([{ suite, metric, target }]) => JSON.stringify([suite, metric, target]));
  return [...groups.values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    const scope = { suite: first[0].suite, metric: first[0].metric, target: first[0].target };
    const all = parts.flatMap(([, list]) => list);
    // Named by what is analysed and not by whom: equal answers of two targets get equal intervals.
    const chance = (language: string | null): Chance => {
      return { seed, seq: fnv1a32(JSON.stringify(['language', scope.suite, scope.metric, language])) };
    };
    return [
      { ...scope, language: null, ...figures(all, macroShareStat, chance(null)) },
      ...parts.map(([{ language }, list]) => {
        return { ...scope, language, ...figures(list, shareStat, chance(language)) };
      }),
    ];
  });
}

type Rate = (items: readonly ItemShare[], counts: Counts, chance: Chance) => Stat;

function figures(
  list: readonly Seen[],
  rate: Rate,
  chance: Chance,
): Omit<LanguageEvidence, 'suite' | 'metric' | 'target' | 'language'> {
  const answers = list.flatMap((seen): Answer[] => {
    const details = seen.verdict?.details;
    const outcome = details === undefined ? null : outcomeOf(details);
    return details === undefined || outcome === null ? [] : [{ seen, details, outcome }];
  });
  const count = (outcome: Outcome): number => answers.filter((one) => one.outcome === outcome).length;
  const share = (planned: number, of: readonly Answer[], passes: (answer: Answer) => boolean): Stat =>
    rate(
      of.map((answer) => ({
        cluster: answer.seen.row.names.cluster,
        language: answer.seen.row.cell.language,
        value: passes(answer) ? 1 : 0,
        repeats: 1,
      })),
      { missing: planned - of.length, unit: 'share' },
      chance,
    );
  const judged = answers.filter(({ outcome }) => outcome !== 'unknown' && outcome !== 'tooShort');
  const matching = answers.filter(({ outcome }) => outcome === 'match');
  // Where the expected letters are Latin ones, the check looks for no foreign words: those languages have no rate.
  const worded = new Set(
    answers.filter(({ details }) => isObject(details['foreign'])).map(({ seen }) => seen.row.cell.language),
  );
  const isWorded = ({ row }: Seen): boolean => worded.has(row.cell.language);
  return {
    n: answers.length,
    missing: list.length - answers.length,
    match: matching.length,
    mixed: count('mixed'),
    other: count('other'),
    unknown: count('unknown'),
    tooShort: count('tooShort'),
    linePass: share(list.length, judged, ({ outcome }) => outcome === 'match'),
    wordPass:
      worded.size === 0
        ? null
        : share(
            list.filter(isWorded).length,
            matching.filter(({ seen }) => isWorded(seen)),
            ({ details }) => foreignCount(details) === 0,
          ),
    drift: driftOf(answers),
  };
}

function outcomeOf(details: Details): Outcome | null {
  const said = textOf(details['outcome']);
  if (said === 'match' || said === 'mixed' || said === 'unknown') return said;
  if (said === 'too_short') return 'tooShort';
  return said?.startsWith('other:') === true ? 'other' : null;
}

function foreignCount({ foreign }: Details): number {
  return isObject(foreign) ? numberOf(foreign['count']) : 0;
}

function driftOf(answers: readonly Answer[]): LanguageEvidence['drift'] {
  const found = new Map<string, { answers: number; lines: number }>();
  for (const { details } of answers) {
    const { others } = details;
    for (const [language, lines] of isObject(others) ? Object.entries(others) : []) {
      const one = entry(found, language, () => ({ answers: 0, lines: 0 }));
      one.answers += 1;
      one.lines += numberOf(lines);
    }
  }
  return [...found]
    .map(([language, counts]) => ({ language, ...counts }))
    .toSorted((a, b) => b.answers - a.answers || b.lines - a.lines || compareText(a.language, b.language));
}
