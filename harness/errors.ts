/**
 * Errors for the person: what they can mend, said in one line with the place and the way out. What an endpoint did is
 * a `Failure` in the record, never one of these; anything else that is thrown is a bug and keeps its stack.
 */
import type { Place, Problem } from './types.ts';

/** Exit codes of the command line. */
export const exitCode = {
  done: 0,
  gate: 1,
  aborted: 2,
  invalid: 3,
  locked: 4,
  storage: 5,
  incomplete: 6,
  interrupted: 130,
  terminated: 143,
} as const;

/** Something a person can mend. The command line prints its problems and leaves with its exit code; no stack. */
export class PersonError extends Error {
  override readonly name = 'PersonError';
  readonly problems: readonly Problem[];
  readonly exit: number;

  constructor(problems: readonly Problem[], exit: number = exitCode.invalid) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
    this.exit = exit;
  }
}

/** An error with one line, an optional way out and an optional place. */
export function personError(
  message: string,
  options: { hint?: string; place?: Place; exit?: number } = {},
): PersonError {
  return new PersonError(
    [{ severity: 'error', message, hint: options.hint ?? null, place: options.place ?? null }],
    options.exit ?? exitCode.invalid,
  );
}

/** `suites/x.yaml:14:7 unknown key "asserts" - did you mean "assert"?` */
export function formatProblem(problem: Problem): string {
  const at = problem.place ? `${problem.place.file}:${problem.place.line}:${problem.place.column} ` : '';
  const hint = problem.hint === null ? '' : ` - ${problem.hint}`;
  return `${at}${problem.message}${hint}`;
}
