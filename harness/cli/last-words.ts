/** What is said of an error that ends the program: a person's mistake in its lines, a bug whole, neither with a key in it. */
import { PersonError } from '../errors.ts';
import { openStreams } from './streams.ts';

export function sayLastWords(error: unknown): void {
  const text =
    error instanceof PersonError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  const { fromOutside, warn } = openStreams({ color: false, quiet: false });
  fromOutside('err', () => warn(text));
}
