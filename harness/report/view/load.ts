/** The speed phase, rounded and in words: a line per level and target, the comparisons, the noise floor of the client. */
import type { Load, Objectives, SpeedLevelRow, SpeedRatio, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatMs } from '../numbers.ts';
import { loadWords } from '../strings.ts';
import { amountFigure, type Figure, type QuantileFigures, quantileFigures } from './figure.ts';

export interface LevelLine {
  readonly series: string;
  readonly load: string;
  readonly target: string;
  readonly ttft: QuantileFigures;
  readonly total: QuantileFigures;
  readonly tpot: QuantileFigures;
  readonly tokens: Figure;
  readonly requests: Figure;
  /** Empty where no objective was stated. */
  readonly goodput: readonly Figure[];
  readonly failed: number;
  readonly planned: number;
  readonly work: string;
  readonly window: string;
  /** Empty where nothing speaks against the figures. */
  readonly doubt: string;
}

export interface RatioLine {
  readonly language: LanguageName | null;
  readonly sentence: string;
  readonly label: SpeedRatio['label'];
}

export interface FloorLine {
  readonly concurrency: number;
  readonly n: number;
  readonly added: string;
  readonly gap: string;
  readonly busy: string;
  readonly late: string;
  readonly doubt: string;
}

export interface LoadView {
  readonly levels: readonly LevelLine[];
  readonly ratios: readonly RatioLine[];
  readonly floors: readonly FloorLine[];
  /** What was asked to be good, in words, by series; empty where nothing was. */
  readonly objectives: readonly string[];
}

/** null where a run had no speed phase. */
export function loadView({ speedPhase, speedRatios }: Summary): LoadView | null {
  if (speedPhase === null) return null;
  return {
    levels: speedPhase.levels.map(levelLine),
    ratios: speedRatios.filter((ratio) => ratio.phase === 'speed').map(ratioLine),
    floors: speedPhase.floors.map((floor) => ({
      concurrency: floor.concurrency,
      n: floor.n,
      added: `${formatMs(floor.addedTtftP50Ms)} / ${formatMs(floor.addedTtftP99Ms)}`,
      gap: formatMs(floor.gapErrorP99Ms),
      busy: share(floor.client.utilization),
      late: formatMs(floor.client.delayP99Ms),
      doubt: floor.doubt ?? '',
    })),
    objectives: Object.entries(speedPhase.objectives).flatMap(([series, objectives]) =>
      objectives === null ? [] : [`${series === 'all' ? '' : `${series}: `}${inWords(objectives)}`],
    ),
  };
}

/** Comparisons of the quality phase: over all languages first. */
export function qualityRatioLines({ speedRatios }: Summary): RatioLine[] {
  return speedRatios.filter((ratio) => ratio.phase === 'quality').map(ratioLine);
}

function levelLine(row: SpeedLevelRow): LevelLine {
  return {
    series: row.series === 'all' ? '' : row.series,
    load: `${describeLoad(row.load)}${fromClients(row)}`,
    target: row.target,
    ttft: quantileFigures(row.ttftMs),
    total: quantileFigures(row.e2eFromSchedMs ?? row.e2eMs),
    tpot: quantileFigures(row.tpotMs),
    tokens: amountFigure(row.tokensPerSecond),
    requests: amountFigure(row.requestsPerSecond),
    goodput: row.goodput === null ? [] : [amountFigure(row.goodput)],
    failed: row.failed,
    planned: row.planned,
    work: `${loadWords.work[row.work]}${row.work === 'fixed' ? `, ${row.maxTokens} ${loadWords.tokens}` : ''}`,
    window: loadWords.window[row.window],
    doubt: doubtText(row),
  };
}

/** `, from 2 clients (clocks within 0.4 ms)`; nothing where one process held it. */
function fromClients({ clients }: SpeedLevelRow): string {
  if (clients === undefined) return '';
  const { n, errorMs } = clients;
  if (n === 1) return `, ${loadWords.fromOne}`;
  return `, ${loadWords.from} ${n} ${loadWords.clients} (${loadWords.clocks} ${formatMs(errorMs)})`;
}

function doubtText({ doubt, tainted, clients }: SpeedLevelRow): string {
  const uncertain = clients?.uncertain ?? 0;
  const words = [
    doubt ?? '',
    tainted === 0 ? '' : `${tainted} ${loadWords.untimed}`,
    uncertain === 0 ? '' : `${uncertain} ${loadWords.uncertain}`,
  ];
  return words.filter((each) => each !== '').join('; ');
}

function ratioLine({ language, sentence, label }: SpeedRatio): RatioLine {
  return { language: language === null ? null : languageName(language), sentence, label };
}

/** `4 in flight`, `2.5 arrivals/s (poisson)`. */
function describeLoad(load: Load): string {
  return load.kind === 'closed'
    ? `${load.concurrency} ${loadWords.inFlight}`
    : `${load.rate} ${loadWords.perSecond} (${load.arrivals})`;
}

function inWords({ ttftMs, tpotMs, e2eMs }: Objectives): string {
  const parts = [
    ['TTFT', ttftMs],
    ['TPOT', tpotMs],
    ['total', e2eMs],
  ] as const;
  return parts.flatMap(([name, ms]) => (ms === null ? [] : [`${name} ≤ ${formatMs(ms)}`])).join(', ');
}

function share(value: number): string {
  return `${Math.round(100 * value)}\u00a0%`;
}
