/** What a reader must know before believing a number. */
import type {
  Comparison,
  KindCount,
  MachineRow,
  Manifest,
  MemoryRow,
  MetricFacts,
  Note,
  Row,
  RunEvent,
  Sample,
  ScoreRow,
  ServerRow,
  Summary,
  TargetFacts,
} from '../types.ts';
import { restsOnLexical } from './across-languages.ts';
import { conflictNotes, type Conflict } from './conflicts.ts';
import { driftNotes } from './drift.ts';
import type { LeftOut } from './effective.ts';
import { fewestClusters } from './label.ts';
import { machineNotes } from './machine.ts';
import { memoryNotes } from './memory-notes.ts';
import { mixedMetrics } from './metrics.ts';
import { missingShardNotes, shardNotes } from './parts.ts';
import { counted, listed, percent } from './sentence.ts';
import { answeredShare, enoughAnswered } from './verdict.ts';
import { wastedNotes } from './wasted.ts';

export interface NotesInput {
  readonly manifest: Manifest;
  /** Of the questions: nothing left to ask, and no more failures than are allowed. */
  readonly complete: boolean;
  /** Requests of the speed phase in blocks that are not measured. */
  readonly unloaded: number;
  readonly events: readonly RunEvent[];
  readonly totals: Summary['totals'];
  readonly targets: readonly TargetFacts[];
  readonly scores: readonly ScoreRow[];
  readonly comparisons: readonly Comparison[];
  readonly conflicts: readonly Conflict[];
  readonly metrics: readonly MetricFacts[];
  readonly kinds: readonly KindCount[];
  readonly rows: readonly Row[];
  /** Every record, those that do not count too. */
  readonly samples: readonly Sample[];
  readonly leftOut: LeftOut;
  /** Answers after the first to the same cell. */
  readonly surplus: number;
  readonly memory: readonly MemoryRow[];
  readonly servers: readonly ServerRow[];
  readonly machine: readonly MachineRow[];
}

/** Notes in the order of their weight: what the answers are, what is missing, what is thin, what was left out. */
export function notesOf(input: NotesInput): Note[] {
  return [
    ...demoNote(input.manifest),
    ...twiceNote(input.manifest),
    ...shardNotes(input.manifest),
    ...completenessNotes(input),
    ...missingShardNotes(input.manifest, input.totals.unasked),
    ...thinNotes(input),
    ...conflictNotes(input.manifest.baseline, input.conflicts),
    ...mixedNotes(input.metrics),
    ...lexicalNote(input.rows),
    ...input.manifest.warnings.map((text): Note => ({ level: 'warning', code: 'suite-warning', text })),
    ...input.manifest.repairs.map((text): Note => ({ level: 'warning', code: 'repaired', text })),
    ...recordNotes(input),
    ...memoryNotes(input.memory, input.servers),
    ...machineNotes(input.manifest, input.machine),
    ...clientNotes(input.manifest),
    ...taintNotes(input.manifest, input.rows),
    ...driftNotes(
      input.manifest.targets.filter((target) => target.authored === null).map(({ id }) => id),
      input.rows,
    ),
    ...wastedNotes(
      input.manifest.targets.map(({ id }) => id),
      input.samples,
    ),
    ...streamNotes(input.manifest, input.rows),
    ...flagNotes(input.manifest, input.rows),
  ];
}

/** A pass that rests on the height of a lexical metric says as much about the script as about the answer. */
function lexicalNote(rows: readonly Row[]): Note[] {
  const suites = new Set(rows.filter(({ cell }) => restsOnLexical(cell)).map(({ cell }) => cell.suite));
  if (suites.size === 0) return [];
  return [
    {
      level: 'warning',
      code: 'lexical-threshold',
      text: `In ${listed([...suites])} a pass rests on a threshold of a lexical metric: such passes are compared between targets, and are left out of gaps and consistency between languages. Worst and best language still count them.`,
    },
  ];
}

/** True when any target's answers were written by hand. */
export function isDemo(manifest: Manifest): boolean {
  return manifest.targets.some((target) => target.authored !== null);
}

function demoNote(manifest: Manifest): Note[] {
  if (!isDemo(manifest)) return [];
  const names = listed(
    manifest.targets.filter((target) => target.authored !== null).map((target) => target.id),
  );
  return [
    {
      level: 'warning',
      code: 'demo',
      text: `The answers of ${names} were authored to demonstrate visavis; they say nothing about any model.`,
    },
  ];
}

function twiceNote({ invocation, baseline }: Manifest): Note[] {
  if (invocation['aa'] !== true) return [];
  return [
    {
      level: 'info',
      code: 'aa',
      text: `A/A run: ${baseline} was asked twice and nobody else. Every difference on this page is noise of the machine, the servers and the questions.`,
    },
  ];
}

function completenessNotes({ manifest, complete, unloaded, events, totals, targets }: NotesInput): Note[] {
  const { planned, failed, unasked } = totals;
  const notes: Note[] = [];
  if (unloaded > 0)
    notes.push({
      level: 'warning',
      code: 'speed-incomplete',
      text: `Incomplete: the speed phase has ${counted(unloaded, 'planned request')} in blocks that were not measured.${whyUnloaded(events)}`,
    });
  if (!complete) {
    notes.push({
      level: 'warning',
      code: 'incomplete',
      text: `Incomplete: of ${counted(planned, 'planned cell')}, ${unasked} never asked and ${failed} without an answer (${percent(failed / Math.max(1, planned))}, allowed ${percent(manifest.maxErrorRate)}). They are missing from every number, not wrong.`,
    });
  } else if (failed > 0) {
    notes.push({
      level: 'info',
      code: 'unanswered',
      text: `${failed} of ${counted(planned, 'planned cell')} without an answer (${percent(failed / planned)}, allowed ${percent(manifest.maxErrorRate)}). They are missing from every number, not wrong.`,
    });
  }
  for (const target of targets) {
    if (answeredShare(target) >= enoughAnswered) continue;
    notes.push({
      level: 'warning',
      code: 'few-answers',
      text: `${target.id} answered ${target.answered} of ${target.planned} planned cells (${percent(answeredShare(target))}): below ${percent(enoughAnswered)} its scores may only show what was easy to answer.`,
    });
  }
  return notes;
}

/** What kept a load from its end, the last time; nothing where nobody knows. */
function whyUnloaded(events: readonly RunEvent[]): string {
  const last = events.filter(({ event }) => event === 'load-ended').toSorted((a, b) => b.at - a.at)[0];
  return last === undefined ? '' : ` The load was not held to its end: ${last.because}.`;
}

function thinNotes({ targets, scores, comparisons, kinds }: NotesInput): Note[] {
  const notes: Note[] = [];
  for (const { id } of targets) {
    const silent = scores.filter(
      (row) =>
        row.target === id &&
        row.suite === null &&
        row.metric === null &&
        row.language !== null &&
        row.score.n === 0 &&
        row.score.missing > 0,
    );
    if (silent.length === 0) continue;
    const tags = listed(silent.map((row) => row.language ?? ''));
    notes.push({
      level: 'warning',
      code: 'language-missing',
      text: `${id} has no score at all in ${tags}: its figure over all languages is a mean of the others.`,
    });
  }
  const few = comparisons.filter(
    (row) => row.suite === null && row.metric === null && row.label === 'too-few',
  );
  if (few.length > 0) {
    const names = new Set(few.map((row) => row.language ?? 'all languages together'));
    notes.push({
      level: 'info',
      code: 'small-n',
      text: `Fewer than ${fewestClusters} independent items with two scores in ${listed([...names])}: an estimate and an interval, no p value and no verdict.`,
    });
  }
  const crashed = kinds.reduce((sum, row) => sum + (row.kind === 'check-error' ? row.count : 0), 0);
  if (crashed > 0) {
    notes.push({
      level: 'warning',
      code: 'check-error',
      text: `A check crashed on ${counted(crashed, 'answer')}: no pass or failure there.`,
    });
  }
  return notes;
}

/** A mean over definitions is no figure of any of them: whoever quotes it should know. */
function mixedNotes(metrics: readonly MetricFacts[]): Note[] {
  const mixed = mixedMetrics(metrics).map(
    ({ suite, metric, definitions }) => `${suite} › ${metric} (${definitions})`,
  );
  if (mixed.length === 0) return [];
  const text = `Means over more than one definition (signature) within a language: ${listed(mixed)}. The definitions are listed with the metrics.`;
  return [{ level: 'info', code: 'mixed-signatures', text }];
}

function recordNotes({ leftOut, surplus }: NotesInput): Note[] {
  const notes: Note[] = [];
  if (surplus > 0)
    notes.push({
      level: 'info',
      code: 'duplicates',
      text: `${counted(surplus, 'further answer')} to cells that had one: the first counts.`,
    });
  if (leftOut.strangers > 0) {
    notes.push({
      level: 'info',
      code: 'outside-plan',
      text: `${counted(leftOut.strangers, 'record')} of cells outside the plan left out.`,
    });
  }
  if (leftOut.warmups > 0)
    notes.push({
      level: 'info',
      code: 'warm-up',
      text: `${counted(leftOut.warmups, 'warm-up record')} left out.`,
    });
  return notes;
}

/** What several clients load is another load than one process makes. */
function clientNotes({ legs }: Manifest): Note[] {
  const most = Math.max(0, ...legs.map(({ clients = [] }) => clients.length));
  if (most === 0) return [];
  return [
    {
      level: 'info',
      code: 'clients',
      text: `Load from ${counted(most, 'client')}: each held its share of the requests in flight and timed them by its own clock; rates are over the stretch in which all of them were full.`,
    },
  ];
}

/** A share of disturbed answers from which the rest may no longer stand for all: long answers are disturbed more often. */
const muchTainted = 0.05;

function taintNotes({ targets }: Manifest, rows: readonly Row[]): Note[] {
  const counts = targets.flatMap(({ id }) => {
    const answered = rows.filter(({ cell, sample }) => cell.target === id && sample?.status === 'ok');
    const tainted = answered.filter(({ sample }) => sample?.flags.includes('tainted')).length;
    return tainted === 0 ? [] : [{ id, tainted, share: tainted / answered.length }];
  });
  if (counts.length === 0) return [];
  const each = listed(counts.map(({ id, tainted, share }) => `${id} ${tainted} (${percent(share)})`));
  const isMuch = counts.some(({ share }) => share > muchTainted);
  const text = `Answers that came while this client was blocked or the machine slept are in no time: ${each}.`;
  return [
    {
      level: isMuch ? 'warning' : 'info',
      code: 'tainted',
      text: isMuch
        ? `${text} Long answers are met more often, so the times that are left may be too short.`
        : text,
    },
  ];
}

/** What the reader remarked on answers that count: an odd server is seen here before it is seen in a score. */
function flagNotes({ targets }: Manifest, rows: readonly Row[]): Note[] {
  return targets.flatMap(({ id }): Note[] => {
    const counts: Counter = new Map();
    for (const { cell, sample } of rows) {
      if (cell.target !== id || sample?.outcome.kind !== 'answered') continue;
      for (const remark of [...sample.flags, ...endings(sample.outcome)])
        counts.set(remark, (counts.get(remark) ?? 0) + 1);
    }
    if (counts.size === 0) return [];
    const each = [...counts].toSorted(([a, m], [c, n]) => n - m || (a < c ? -1 : 1));
    const text = `Remarks on answers of ${id}: ${each.map(([flag, count]) => `${flag} ${count}`).join(', ')}.`;
    return [{ level: 'info', code: 'flags', text }];
  });
}

/** Ends of an answer that no check need have noticed. */
function endings({ finish, refusal }: Extract<Sample['outcome'], { kind: 'answered' }>): string[] {
  const isUnusual = finish === 'length' || finish === 'content_filter';
  return [...(isUnusual ? [`finish ${finish}`] : []), ...(refusal === null ? [] : ['refusal'])];
}

/** Counts, by target id or by flag. */
type Counter = Map<string, number>;

function streamNotes(manifest: Manifest, rows: readonly Row[]): Note[] {
  const held: Counter = new Map();
  const uncounted: Counter = new Map();
  const add = (counter: Counter, target: string): unknown =>
    counter.set(target, (counter.get(target) ?? 0) + 1);
  for (const { cell, sample } of rows) {
    if (sample?.outcome.kind !== 'answered') continue;
    if (sample.flags.includes('not-streamed') || sample.flags.includes('fake-stream')) add(held, cell.target);
    if (sample.usage.source === 'none') add(uncounted, cell.target);
  }
  const list = (counter: Counter): string =>
    listed(
      manifest.targets.flatMap(({ id }) => (counter.has(id) ? [`${id} (${counter.get(id) ?? 0})`] : [])),
    );
  const notes: Note[] = [];
  if (held.size > 0)
    notes.push({
      level: 'info',
      code: 'not-streamed',
      text: `Answers that came in one piece have no time to first token and none per token: ${list(held)}.`,
    });
  if (uncounted.size > 0)
    notes.push({
      level: 'info',
      code: 'no-usage',
      text: `Answers without a token count from the server have no figure in tokens: ${list(uncounted)}.`,
    });
  return notes;
}
