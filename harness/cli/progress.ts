/** How far the run is: one bar per target on a terminal, plain lines where nobody watches. */
import cliProgress from 'cli-progress';

export interface Progress {
  /** A cell of the target was settled. `pass` is null where it is not known yet. */
  readonly tick: (target: string, failed: boolean) => void;
  readonly stop: () => void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** Open cells per target. */
  readonly totals: ReadonlyMap<string, number>;
  readonly quiet: boolean;
  /** Monotonic ms. */
  readonly clock: () => number;
}

export interface Count {
  /** One more is done. */
  readonly tick: () => void;
  readonly stop: () => void;
}

export interface CountOptions {
  readonly stream: NodeJS.WriteStream;
  /** What is done to the cells, as in "120/400 cells scored". */
  readonly what: string;
  readonly total: number;
  readonly quiet: boolean;
  /** Monotonic ms. */
  readonly clock: () => number;
}

/** A bar is not shown for work that is done sooner. ms */
const silentMs = 1000;
/** Between two lines where nobody watches, or two states of a bar. ms */
const betweenLinesMs = 5000;
const betweenBarsMs = 120;

/** How far a count over all cells is, once it takes long: a bar on a terminal, else a line now and then. */
export function startCount({ stream, what, total, quiet, clock }: CountOptions): Count {
  if (quiet) return { tick: () => {}, stop: () => {} };
  const isTerminal = stream.isTTY;
  const started = clock();
  let next = started + (isTerminal ? silentMs : betweenLinesMs);
  let done = 0;
  let bar: cliProgress.SingleBar | null = null;
  const show = (now: number): void => {
    if (!isTerminal) {
      stream.write(
        `${done}/${total} cells ${what}, ${((done * 1000) / Math.max(1, now - started)).toFixed(1)}/s\n`,
      );
      return;
    }
    if (bar === null) {
      bar = new cliProgress.SingleBar(
        { stream, format: `${what} {bar} {value}/{total}  {eta_formatted} left`, hideCursor: true },
        cliProgress.Presets.shades_classic,
      );
      bar.start(total, done);
    }
    bar.update(done);
  };
  return {
    tick: () => {
      done += 1;
      const now = clock();
      if (now < next) return;
      next = now + (isTerminal ? betweenBarsMs : betweenLinesMs);
      show(now);
    },
    stop: () => {
      if (bar === null) return;
      bar.update(done);
      bar.stop();
    },
  };
}

export function startProgress(options: ProgressOptions): Progress {
  if (options.quiet) return { tick: () => {}, stop: () => {} };
  return options.stream.isTTY ? bars(options) : lines(options);
}

function bars({ stream, totals, clock }: ProgressOptions): Progress {
  const width = Math.max(...[...totals.keys()].map((id) => id.length));
  const multi = new cliProgress.MultiBar(
    {
      stream,
      format: '{target} {bar} {value}/{total}  {rate}/s  errors {errors}  {eta_formatted} left',
      clearOnComplete: false,
      hideCursor: true,
      fps: 8,
    },
    cliProgress.Presets.shades_classic,
  );
  const started = clock();
  const state = new Map(
    [...totals].map(([target, total]) => [
      target,
      {
        bar: multi.create(total, 0, { target: target.padEnd(width), rate: '0.0', errors: 0 }),
        errors: 0,
        done: 0,
      },
    ]),
  );
  return {
    tick: (target, failed) => {
      const one = state.get(target);
      if (one === undefined) return;
      one.done += 1;
      if (failed) one.errors += 1;
      one.bar.increment(1, {
        errors: one.errors,
        rate: ((one.done * 1000) / Math.max(1, clock() - started)).toFixed(1),
      });
    },
    stop: () => multi.stop(),
  };
}

function lines({ stream, totals, clock }: ProgressOptions): Progress {
  const planned = [...totals.values()].reduce((a, b) => a + b, 0);
  const started = clock();
  const errors = new Map<string, number>();
  let done = 0;
  let said = 0;
  return {
    tick: (target, failed) => {
      done += 1;
      if (failed) errors.set(target, (errors.get(target) ?? 0) + 1);
      const tenth = Math.floor((done * 10) / planned);
      if (tenth === said) return;
      said = tenth;
      const seconds = (clock() - started) / 1000;
      const counts = [...errors].map(([id, count]) => `${id} ${count}`).join(', ');
      const wrong = counts === '' ? '' : `, errors: ${counts}`;
      stream.write(`${done}/${planned} cells, ${(done / Math.max(0.001, seconds)).toFixed(1)}/s${wrong}\n`);
    },
    stop: () => {},
  };
}
