/** One start or resume of a run, as the manifest keeps it. */
import { hostname } from 'node:os';
import { exitCode, PersonError } from '../errors.ts';
import { writeManifest } from '../record/manifest.ts';
import type { Leg, LegClient, MachineState, Manifest, Phase, RoundTrip, Target } from '../types.ts';
import { lookAtMachine } from './machine.ts';
import type { OpenRun } from './open-run.ts';
import type { Signals } from './signals.ts';
import type { Storage } from './storage.ts';

/**
 * Starts are named within their run; those of a shard, and of a merge, carry its name: they will stand beside others'.
 * `before`: the machine as it was before anything was started.
 */
export function startLeg(manifest: Manifest, phase: Phase, before: MachineState): Leg {
  const name = `leg-${manifest.legs.length + 1}`;
  return {
    id: manifest.shard === undefined && manifest.parts === undefined ? name : `${manifest.run}-${name}`,
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    endedAt: null,
    end: null,
    exitCode: null,
    sent: 0,
    phase,
    machine: { before, after: null },
  };
}

/** The leg is on record before its first answer is. */
export function recordLeg({ folder, manifest }: OpenRun, leg: Leg): void {
  writeManifest(folder, withLeg(manifest, leg));
}

export interface LegEnd {
  readonly isAborted: boolean;
  /** Who was asked. */
  readonly targets: readonly Target[];
  readonly roundTrips?: readonly RoundTrip[];
  readonly clients?: readonly LegClient[];
}

/**
 * Everything on the disk, then the leg as it ended. One that wrote no line leaves no trace. Throws (exit 4) when the
 * folder is another process's by now, and a storage `PersonError` when the manifest cannot be written.
 */
export async function closeLeg(
  { folder, lock, manifest }: OpenRun,
  { leg, signals, storage }: { leg: Leg; signals: Pick<Signals, 'received'>; storage: Storage },
  { isAborted, targets, roundTrips, clients }: LegEnd,
): Promise<Manifest> {
  await storage.flush();
  await lock.check();
  const sent = storage.samples.lines();
  const isSilent = sent === 0 && storage.readings.lines() === 0;
  // Who is told to leave has no time for a thorough look.
  const after = await lookAtMachine(signals.received() === null ? targets : []);
  const ended: Leg = {
    ...leg,
    ...(leg.machine === undefined ? {} : { machine: { ...leg.machine, after } }),
    ...(roundTrips === undefined ? {} : { roundTrips }),
    ...(clients === undefined ? {} : { clients }),
    endedAt: new Date().toISOString(),
    ...howItEnded(signals.received(), storage.trouble(), isAborted),
    sent,
  };
  const now = isSilent ? manifest : withLeg(manifest, ended);
  writeManifest(folder, now);
  return now;
}

/** Several at once: the signal first, then the disk, then the endpoint. */
function howItEnded(
  signal: 'SIGINT' | 'SIGTERM' | null,
  trouble: Error | null,
  isAborted: boolean,
): Pick<Leg, 'end' | 'exitCode'> {
  if (signal !== null)
    return {
      end: 'interrupted',
      exitCode: signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated,
    };
  if (trouble !== null)
    return { end: 'storage', exitCode: trouble instanceof PersonError ? trouble.exit : exitCode.storage };
  return isAborted ? { end: 'aborted', exitCode: exitCode.aborted } : { end: 'complete', exitCode: null };
}

function withLeg(manifest: Manifest, leg: Leg): Manifest {
  return { ...manifest, legs: [...manifest.legs, leg] };
}
