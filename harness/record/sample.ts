/** A line of `samples.jsonl` as a `Sample`: lines of a later form are refused, never guessed. */
import { exitCode, personError } from '../errors.ts';
import type { Sample } from '../types.ts';

/** Throws (exit 3) for a form this version does not know. Keys it does not know are kept. */
export function sampleOf(record: Record<string, unknown>): Sample {
  if (record['v'] !== 1) throw newerForm('samples.jsonl', record['v']);
  return record as unknown as Sample;
}

/** What a line says of its own form is not known here. */
export function newerForm(file: string, form: unknown): Error {
  return personError(`${file} has lines of the form ${String(form)}`, {
    hint: 'they were written by a newer visavis: use that one',
    exit: exitCode.invalid,
  });
}
