/** Where a judge is, in memory that its supervisor reads while the judge is too busy to answer. */

/** Which part of a step takes the time. */
export type Phase = 'preparing' | 'judging';

export interface Position {
  /** Of the step in its job, from 0; null before the first. */
  readonly step: number | null;
  readonly phase: Phase;
}

export function sharedPosition(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** Says where a judge is; null before a job is handed over, so that nothing of the job before is taken for it. */
export function setPosition(shared: SharedArrayBuffer, step: number | null, phase: Phase): void {
  Atomics.store(new Int32Array(shared), 0, step === null ? 0 : 1 + 2 * step + (phase === 'judging' ? 1 : 0));
}

export function readPosition(shared: SharedArrayBuffer): Position {
  const word = Atomics.load(new Int32Array(shared), 0);
  if (word === 0) return { step: null, phase: 'preparing' };
  return { step: (word - 1) >> 1, phase: word % 2 === 0 ? 'judging' : 'preparing' };
}
