/** Where a command speaks: the result on standard output, everything else on standard error. */
import { formatProblem } from '../errors.ts';
import type { Problem } from '../types.ts';
import { painter, safeText, type Paint } from './terminal.ts';

export interface Streams {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly paintOut: Paint;
  readonly paintErr: Paint;
  /** The result. */
  readonly print: (text: string) => void;
  /** A remark; nothing in quiet mode. */
  readonly say: (text: string) => void;
  /** A remark that is made in quiet mode too. */
  readonly warn: (text: string) => void;
}

export function openStreams(options: { color: boolean; quiet: boolean }): Streams {
  const { stdout: out, stderr: err } = process;
  const paintErr = painter(err, options.color);
  return {
    out,
    err,
    paintOut: painter(out, options.color),
    paintErr,
    print: (text) => void out.write(`${text}\n`),
    say: (text) => {
      if (!options.quiet) err.write(`${text}\n`);
    },
    warn: (text) => void err.write(`${text}\n`),
  };
}

/** Prints problems, one line each; errors in red on a terminal. */
export function printProblems(streams: Streams, problems: readonly Problem[]): void {
  for (const problem of problems) {
    const word =
      problem.severity === 'error' ? streams.paintErr('red', 'error') : streams.paintErr('yellow', 'warning');
    streams.warn(`${word} ${safeText(formatProblem(problem))}`);
  }
}
