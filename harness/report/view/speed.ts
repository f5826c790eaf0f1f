/** Speed, one line per target and language. */
import type { SpeedRow, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { amountFigure, type Figure, type QuantileFigures, quantileFigures } from './figure.ts';

export interface SpeedLine {
  readonly language: LanguageName | null;
  readonly target: string;
  readonly ttft: QuantileFigures;
  readonly e2e: QuantileFigures;
  readonly tpot: QuantileFigures;
  readonly ttfe: QuantileFigures;
  readonly tta: QuantileFigures;
  readonly queue: QuantileFigures;
  readonly icl: QuantileFigures;
  readonly tokensOut: Figure;
  readonly chars: Figure;
  readonly bytes: Figure;
  readonly tokens: Figure;
  readonly tokensPerChar: Figure;
  readonly retried: number;
}

function speedLine(row: SpeedRow): SpeedLine {
  return {
    language: row.language === null ? null : languageName(row.language),
    target: row.target,
    ttft: quantileFigures(row.ttftMs),
    e2e: quantileFigures(row.e2eMs),
    tpot: quantileFigures(row.tpotMs),
    ttfe: quantileFigures(row.ttfeMs),
    tta: quantileFigures(row.ttaMs),
    queue: quantileFigures(row.queueMs),
    icl: quantileFigures(row.iclMs),
    tokensOut: amountFigure(row.outputTokens),
    chars: amountFigure(row.charsPerSecond),
    bytes: amountFigure(row.bytesPerSecond),
    tokens: amountFigure(row.tokensPerSecond),
    tokensPerChar: amountFigure(row.tokensPerChar),
    retried: row.retried,
  };
}

export interface SpeedView {
  readonly overall: readonly SpeedLine[];
  readonly byLanguage: readonly SpeedLine[];
}

export function speedView(summary: Summary): SpeedView {
  return {
    overall: summary.speed.filter((row) => row.language === null).map(speedLine),
    // Language by language: what is compared stands one under the other.
    byLanguage: summary.languages.flatMap((language) =>
      summary.speed.filter((row) => row.language === language).map(speedLine),
    ),
  };
}
