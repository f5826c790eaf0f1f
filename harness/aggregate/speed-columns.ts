/**
 * What the answers of one target say about speed, in columns: as an object each, 50,000 of them would be 20 MB, most of it
 * numbers in boxes.
 */
import type { Sample } from '../types.ts';
import { answerSpeed, type AnswerSpeed } from './answer-speed.ts';
import type { JoinedRow } from './rows.ts';
import type { Clustered } from './stats/clustered.ts';
import { median } from './stats/quantile.ts';
import { isSteady, isUndisturbed } from './times.ts';

/** `iclMs`: the median gap between two reads with output. */
export type SpeedFigure = keyof AnswerSpeed | 'iclMs';

const figures = [
  'ttftMs',
  'e2eMs',
  'tpotMs',
  'ttfeMs',
  'ttaMs',
  'queueMs',
  'iclMs',
  'outputTokens',
  'charsPerSecond',
  'bytesPerSecond',
  'tokensPerSecond',
  'tokensPerChar',
] as const satisfies readonly SpeedFigure[];

/** Answers are called by their position. */
export class SpeedColumns {
  readonly #clusters: readonly string[];
  /** NaN: unknown, or never happened. */
  readonly #columns: Readonly<Record<SpeedFigure, Float64Array>>;
  readonly #retried: Uint8Array;
  readonly #tainted: Uint8Array;

  /** Of rows that were answered. */
  constructor(answered: readonly JoinedRow[]) {
    const column = (): Float64Array => new Float64Array(answered.length).fill(Number.NaN);
    this.#clusters = answered.map(({ names }) => names.cluster);
    this.#columns = Object.fromEntries(figures.map((figure) => [figure, column()])) as Record<
      SpeedFigure,
      Float64Array
    >;
    this.#retried = new Uint8Array(answered.length);
    this.#tainted = new Uint8Array(answered.length);
    for (const [at, { sample, times }] of answered.entries()) {
      if (sample === null) continue;
      const said = { ...answerSpeed(sample, times), iclMs: medianGap(sample) };
      for (const figure of figures) this.#columns[figure][at] = said[figure] ?? Number.NaN;
      this.#retried[at] = Number(sample.attempt > 1);
      this.#tainted[at] = Number(!isUndisturbed(sample));
    }
  }

  isRetried(at: number): boolean {
    return this.#retried[at] === 1;
  }

  /** The times are those of the server: the first attempt, and nothing of ours disturbed it. */
  isTimed(at: number): boolean {
    return this.#retried[at] === 0 && this.#tainted[at] === 0;
  }

  /** The values that exist, in the order of `places`. */
  known(figure: SpeedFigure, places: readonly number[]): Float64Array {
    const column = this.#columns[figure];
    return Float64Array.from(places, (at) => column[at] ?? Number.NaN).filter(
      (value) => !Number.isNaN(value),
    );
  }

  /** The same, with the clusters they belong to. */
  clustered(figure: SpeedFigure, places: readonly number[]): Clustered[] {
    const column = this.#columns[figure];
    const known: Clustered[] = [];
    for (const at of places) {
      const value = column[at] ?? Number.NaN;
      if (!Number.isNaN(value)) known.push({ cluster: this.#clusters[at] ?? '', value });
    }
    return known;
  }
}

function medianGap(sample: Sample): number | null {
  const { iclMs } = sample;
  return isSteady(sample) && iclMs.length > 0 ? median(iclMs) : null;
}
