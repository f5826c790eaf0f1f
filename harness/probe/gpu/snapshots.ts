/** Cuts the endless print of a looping tool into looks: a new one begins where a row comes again, or after a silence. */
import { CsvLines, type Row } from './nvidia-text.ts';

/** Rows of one look come within milliseconds, looks a second apart. */
const silenceMs = 200;

export class Snapshots {
  readonly #lines = new CsvLines();
  readonly #keyOf: (row: Row) => string;
  #rest = '';
  #current = new Map<string, Row>();
  #latest: readonly Row[] | null = null;
  #heardAt = 0;

  constructor(keyOf: (row: Row) => string) {
    this.#keyOf = keyOf;
  }

  /** `now`: any clock in ms, the same for `take`. */
  push(text: string, now: number): void {
    this.#heardAt = now;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const row = this.#lines.read(line);
      if (row === null) continue;
      const key = this.#keyOf(row);
      if (this.#current.has(key)) this.#finish();
      this.#current.set(key, row);
    }
  }

  /** The newest whole look that was not taken yet. */
  take(now: number): readonly Row[] | null {
    if (now - this.#heardAt >= silenceMs && this.#current.size > 0) this.#finish();
    const latest = this.#latest;
    this.#latest = null;
    return latest;
  }

  #finish(): void {
    this.#latest = [...this.#current.values()];
    this.#current = new Map();
  }
}
