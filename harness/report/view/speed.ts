/** Speed and memory, one line per target and language. */
import type { MemoryRow, SpeedRow, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatBytes } from '../numbers.ts';
import { basisWords } from '../strings.ts';
import { amountFigure, type Figure, type QuantileFigures, quantileFigures } from './figure.ts';

export interface SpeedLine {
  readonly language: LanguageName | null;
  readonly target: string;
  readonly ttft: QuantileFigures;
  readonly e2e: QuantileFigures;
  readonly tpot: QuantileFigures;
  readonly tokensOut: Figure;
  readonly chars: Figure;
  readonly tokens: Figure;
  readonly tokensPerChar: Figure;
  readonly retried: number;
}

export interface MemoryLine {
  readonly target: string;
  readonly probe: string;
  readonly basis: string;
  readonly meaning: string;
  readonly idle: string;
  readonly after: string;
  readonly peak: string;
  readonly readings: number;
  readonly why: string;
}

function speedLine(row: SpeedRow): SpeedLine {
  return {
    language: row.language === null ? null : languageName(row.language),
    target: row.target,
    ttft: quantileFigures(row.ttftMs),
    e2e: quantileFigures(row.e2eMs),
    tpot: quantileFigures(row.tpotMs),
    tokensOut: amountFigure(row.outputTokens),
    chars: amountFigure(row.charsPerSecond),
    tokens: amountFigure(row.tokensPerSecond),
    tokensPerChar: amountFigure(row.tokensPerChar),
    retried: row.retried,
  };
}

function memoryLine(row: MemoryRow): MemoryLine {
  return {
    target: row.target,
    probe: row.probe,
    basis: row.basis === null ? '' : row.basis.toUpperCase(),
    meaning: row.basis === null ? '' : basisWords[row.basis],
    idle: formatBytes(row.idleBytes),
    after: formatBytes(row.afterBytes),
    peak: formatBytes(row.peakRssBytes),
    readings: row.readings,
    why: row.why ?? '',
  };
}

export interface SpeedView {
  readonly overall: readonly SpeedLine[];
  readonly byLanguage: readonly SpeedLine[];
  readonly memory: readonly MemoryLine[];
}

export function speedView(summary: Summary): SpeedView {
  return {
    overall: summary.speed.filter((row) => row.language === null).map(speedLine),
    byLanguage: summary.speed.filter((row) => row.language !== null).map(speedLine),
    memory: summary.memory.map(memoryLine),
  };
}
