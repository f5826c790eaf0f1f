/** Lines of a later form are refused, never guessed. */
import { exitCode, personError } from '../errors.ts';

/** What a line says of its own form is not known here. */
export function newerForm(file: string, form: unknown): Error {
  return personError(`${file} has lines of the form ${String(form)}`, {
    hint: 'they were written by a newer visavis: use that one',
    exit: exitCode.invalid,
  });
}
