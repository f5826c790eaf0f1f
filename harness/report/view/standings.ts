/** All targets beside each other, rounded and in words. */
import type { Standing, Summary } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { formatBytes } from '../numbers.ts';
import { basisNames, standingWords as words, texts } from '../strings.ts';
import { amountFigure, pointsFigure, shareFigure, type Figure } from './figure.ts';
import { labelPhrase } from './verdict.ts';

export interface StandingLine {
  readonly target: string;
  readonly model: string;
  /** `1`, or `1 to 3` while nothing here tells. */
  readonly place: string;
  /** `better than c, d; undecided with b`. */
  readonly against: string;
  readonly score: Figure;
  /** With everything missing counted as wrong; beside the score, so that nobody gains by silence. */
  readonly worstCase: Figure;
  readonly pass: Figure;
  /** `Amharic 45.9 %, 49.3 points below English`, or empty. */
  readonly worst: string;
  readonly speed: Figure;
  readonly memory: string;
  readonly front: string;
  readonly license: string;
  readonly languages: string;
  /** `Q4_K_M, 8192 tokens of context`, as far as the server told. */
  readonly served: string;
}

export interface PairLine {
  readonly other: string;
  readonly baseline: string;
  readonly difference: Figure;
  readonly pHolm: number | null;
  readonly phrase: string;
}

export interface StandingsView {
  readonly lines: readonly StandingLine[];
  readonly pairs: readonly PairLine[];
  /** What the area of a mark is, or why it is nothing. */
  readonly memory: string;
  readonly hasMemory: boolean;
}

export function standingsView(summary: Summary): StandingsView {
  const { standings } = summary;
  const { memoryOf, basis } = standings;
  return {
    lines: standings.rows.map((row) => lineOf(row, summary)),
    pairs: standings.pairs.map((pair) => ({
      other: pair.other,
      baseline: pair.baseline,
      difference: pointsFigure(pair.difference),
      pHolm: pair.pHolm,
      phrase: labelPhrase(pair),
    })),
    memory:
      memoryOf === null || basis === null
        ? words.noMemory
        : `${words.memoryOf[memoryOf]} (${basisNames[basis]})`,
    hasMemory: memoryOf !== null,
  };
}

const nothing = { value: null, low: null, high: null, n: 0, missing: 0, unit: 'share', method: null };

function lineOf(row: Standing, summary: Summary): StandingLine {
  const { target } = row;
  const facts = summary.targets.find(({ id }) => id === target);
  const overall = summary.scores.find(
    (each) => each.target === target && each.language === null && each.suite === null && each.metric === null,
  );
  return {
    target,
    model: facts?.model ?? '',
    place: row.from === row.to ? String(row.from) : `${row.from} to ${row.to}`,
    against: againstText(row),
    score: shareFigure(row.score),
    worstCase: shareFigure(overall?.worstCase.score ?? nothing),
    pass: shareFigure(overall?.passRate ?? nothing),
    worst: worstText(target, summary),
    speed: amountFigure(row.charsPerSecond),
    memory:
      row.memory === null
        ? ''
        : `${row.memory.isUpperBound ? '≤\u00a0' : ''}${formatBytes(row.memory.bytes)}`,
    front: frontText(row),
    license: licenseText(facts?.license ?? null),
    served: servedText(facts),
    languages:
      facts === undefined || facts.languages === null
        ? texts.notStated
        : facts.languages.map((tag) => languageName(tag).english).join(', '),
  };
}

function againstText({ better, worse, open }: Standing): string {
  const part = (word: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${word} ${names.join(', ')}`];
  return [
    ...part(words.betterThan, better),
    ...part(words.worseThan, worse),
    ...part(words.undecidedWith, open),
  ].join('; ');
}

function frontText({ outdoneBy }: Standing): string {
  if (outdoneBy === null) return words.unknown;
  return outdoneBy.length === 0 ? words.onFront : `${words.behind} ${outdoneBy.join(', ')}`;
}

function worstText(target: string, { spread, scores }: Summary): string {
  const row = spread.find((each) => each.target === target);
  if (row === undefined || row.worst === null || row.best === null || row.spread.value === null) return '';
  const worst = scores.find(
    (each) =>
      each.target === target && each.language === row.worst && each.suite === null && each.metric === null,
  );
  const figure = shareFigure(worst?.passRate ?? nothing);
  return `${languageName(row.worst).english} ${figure.value}, ${(100 * row.spread.value).toFixed(1)} points below ${languageName(row.best).english}`;
}

function servedText(facts: Summary['targets'][number] | undefined): string {
  const { quantization = null, contextTokens = null } = facts ?? {};
  const parts = [
    ...(quantization === null ? [] : [quantization]),
    ...(contextTokens === null ? [] : [`${contextTokens} ${words.ofContext}`]),
  ];
  return parts.length === 0 ? texts.notStated : parts.join(', ');
}

function licenseText(license: Summary['targets'][number]['license']): string {
  if (license === null) return texts.notStated;
  return [license.name, license.notes].filter((part) => part !== null && part !== '').join(', ');
}
