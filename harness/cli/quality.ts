/** The quality phase of a run: a look at each endpoint first, then the questions that are open. */
import { order } from '../plan/order.ts';
import type { Durability } from '../record/journal.ts';
import { redactRecord, redactSample } from '../record/redact.ts';
import type { ExecuteResult } from '../run/execute.ts';
import { startWatch } from '../run/watch.ts';
import { PersonError } from '../errors.ts';
import type { Manifest, Sample, Target } from '../types.ts';
import { beside, bringUp, type Beside } from './beside.ts';
import { carryHere, type Carry } from './carrier.ts';
import { closeLeg, recordLeg } from './leg.ts';
import { leftOutWarnings } from './left-out.ts';
import { lookAt, type Look } from './look.ts';
import type { OpenRun } from './open-run.ts';
import type { Prepared } from './prepare.ts';
import { startProgress, type Progress } from './progress.ts';
import { fitToSay, withoutSecrets, type Keys } from './secrets.ts';
import type { Streams } from './streams.ts';
import { safeLine } from './terminal.ts';

export interface Means {
  readonly prepared: Prepared;
  /** Those that are asked now. */
  readonly targets: readonly Target[];
  readonly keys: Keys;
  readonly program: string;
  /** What is risky about the targets, for the report. */
  readonly warnings: readonly string[];
  /** How they are asked; from this process unless said. */
  readonly carry?: Carry;
  /** Who loads them in the speed phase; this process unless said. */
  readonly load?: MeasureLoad;
}

/** Loads what is open of the speed phase, in a start of its own. */
export type MeasureLoad = (
  run: OpenRun,
  means: Means,
  options: AskOptions,
  streams: Streams,
) => Promise<Pick<Asked, 'gone' | 'signal' | 'manifest'>>;

export interface AskOptions {
  readonly preflight: boolean;
  readonly graceMs: number;
  readonly durability: Durability;
  readonly quiet: boolean;
  readonly json: boolean;
}

export interface Asked {
  readonly aborted: ExecuteResult['aborted'];
  /** Targets that stopped answering in the speed phase. */
  readonly gone: readonly string[];
  readonly signal: 'SIGINT' | 'SIGTERM' | null;
  /** With this start in it, and what its servers said of themselves. */
  readonly manifest: Manifest;
}

const quality = { phase: 'quality' } as const;

const nothingSeen: Look = { facts: new Map(), errors: 0, warnings: [] };

export function sayWarning(streams: Streams, text: string): void {
  streams.warn(streams.paintErr('yellow', `warning ${safeLine(text, 400)}`));
}

/** null: the look found a fault, and nothing was sent. */
export function lookAndAsk(
  run: OpenRun,
  means: Means,
  options: AskOptions,
  streams: Streams,
): Promise<Asked | null> {
  const { targets } = means;
  const { graceMs, durability } = options;
  return beside({ run, phase: 'quality', targets, graceMs, durability, streams }, async (open) => {
    const early = (): Asked | null => {
      const signal = open.signals.received();
      return signal === null ? null : { aborted: [], gone: [], signal, manifest: run.manifest };
    };
    try {
      await bringUp(open, targets, 'quality');
    } catch (error) {
      const left = early();
      if (left === null || !(error instanceof PersonError)) throw error;
      return left;
    }
    // Workers look for themselves.
    const look =
      options.preflight && means.carry === undefined
        ? await lookAt(targets, means.keys, run.open, streams, open.signals.stop)
        : nothingSeen;
    const left = early();
    if (left !== null) return left;
    if (look.errors > 0) return null;
    const leftOut = leftOutWarnings(targets, run.open, look.facts);
    for (const warning of leftOut) sayWarning(streams, warning);
    const seen = { ...look, warnings: [...means.warnings, ...leftOut, ...look.warnings] };
    return askAll(withFacts(run, seen), means, open, look.facts, { ...options, streams });
  });
}

/** The run with what its servers said of themselves in the manifest. */
export function withFacts(run: OpenRun, { facts, warnings: seen }: Omit<Look, 'errors'>): OpenRun {
  const targets = run.manifest.targets.map((target) => ({
    ...target,
    facts: facts.get(target.id) ?? target.facts,
  }));
  const warnings = [...new Set([...run.manifest.warnings, ...seen])];
  return { ...run, manifest: { ...run.manifest, targets, warnings } };
}

interface Shown {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly streams: Streams;
}

async function askAll(
  run: OpenRun,
  { prepared, targets, keys, program, carry = carryHere }: Means,
  open: Beside,
  facts: Look['facts'],
  { quiet, json, streams }: Shown,
): Promise<Asked> {
  const { clock, leg, signals, storage, watch, samples } = open;
  const carrier = await carry({ run, prepared, targets, keys, program, open, facts, streams });
  let progress: Progress | null = null;
  let result: ExecuteResult;
  const own = startWatch({ clock, now: Date.now, onPause: open.notePause });
  try {
    for (const [id, pid] of carrier.pids) await watch.attach(id, pid);
    recordLeg(run, leg);
    const totals = new Map(
      targets.map(({ id }) => [id, run.open.filter((cell) => cell.target === id).length]),
    );
    progress = startProgress({ stream: streams.err, totals, quiet: quiet || json, clock });
    open.onProgress(progress);
    const { tick } = progress;
    await watch.measure('idle', quality);
    await watch.startLoad(quality);
    result = await carrier.execute({
      lanes: order(run.open, targets, run.manifest.seed).map((lane) => lane.blocks),
      attemptsBefore: run.attemptsBefore,
      cutBefore: run.cutBefore,
      watch: own,
      leg: leg.id,
      clock,
      random: Math.random,
      record: (sample: Sample) => {
        samples.append(redactSample(sample, withoutSecrets));
        return samples.settled();
      },
      stop: signals.stop,
      cut: signals.cut,
      say: (text) => streams.warn(text),
      onEvent: open.note,
      onSettled: (cell, sample) => {
        // What is only held in memory is not done.
        if (storage.trouble() === null) tick(cell.target, sample.outcome.kind === 'failed');
      },
    });
    await watch.endLoad();
    // Who is told to leave has no time for a thorough look.
    if (!signals.stop.aborted) await watch.measure('after', quality);
  } finally {
    own.stop();
    progress?.stop();
    await carrier.stop();
  }
  const learned = withFacts(run, carrier.learned());
  const manifest = await closeLeg(learned, open, { isAborted: result.aborted.length > 0, targets });
  return { aborted: redactRecord(result.aborted, fitToSay), gone: [], signal: signals.received(), manifest };
}
