/** Where the records of several runs stand, by what they are about. Holds places in files, never the records. */
import { belongs } from '../../aggregate/effective.ts';
import { counted } from '../../aggregate/sentence.ts';
import { kinds } from '../../record/kind.ts';
import { mostNamed, readLines, type ReadResult } from '../../record/read-lines.ts';
import { files } from '../../record/run-folder.ts';
import type { BlockReading, Cell, Sample, SpeedRequest } from '../../types.ts';
import { safeLine } from '../terminal.ts';
import { tallyRequests, type RequestTally } from '../open-requests.ts';
import { earlierKeys, journalOf, refused, type Source, type Sources } from './source.ts';

/** A line of one source, without its line feed. */
export interface Place {
  /** Path of the file. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface Found {
  /** By the key of the cell that they are about. */
  readonly quality: ReadonlyMap<string, readonly Place[]>;
  readonly readings: readonly Place[];
  /** null: no speed phase, or nobody began it. */
  readonly speed: SpeedFound | null;
  /** Requests of the speed phase in blocks that nobody measured. */
  readonly unmeasured: number;
  /** What was skipped, in words. */
  readonly damage: readonly string[];
  /** What was left where it is, in words. */
  readonly leftOut: readonly string[];
}

/** What one source has of the speed phase: two measurements of it never mix. */
export interface SpeedFound {
  /** By the key of the request. */
  readonly samples: ReadonlyMap<string, readonly Place[]>;
  /** Warm-ups: of no request. */
  readonly warmUps: readonly Place[];
  readonly readings: readonly Place[];
}

export interface Asked {
  readonly cells: ReadonlyMap<string, Cell>;
  readonly requests: readonly SpeedRequest[];
}

/** Reads all sources once. Throws (exit 6) where one has answered what nobody planned. */
export function findLines(sources: Sources, asked: Asked): Found {
  const quality = new Map<string, Place[]>();
  const readings: Place[] = [];
  const damage: string[] = [];
  const leftOut: string[] = [];
  const speeds: SpeedOfSource[] = [];
  for (const source of sources) {
    const speed = emptySpeed(source, asked.requests);
    const strange = noteStrange(source);
    readSamples({ source, first: sources[0], asked, quality, speed, strange });
    readReadings({ source, readings, speed, strange });
    damage.push(...strange.lines());
    leftOut.push(...strange.orphans());
    if (speed.blocks.length + speed.samples.size + speed.warmUps.length > 0) speeds.push(speed);
  }
  const [chosen, ...others] = bestFirst(speeds);
  const again = chosen === undefined ? [] : others.filter((other) => !isWithin(other, chosen));
  leftOut.push(
    ...again.map(
      ({ source }) =>
        `${source.name} measured the speed phase too: that of ${chosen?.source.name ?? ''} counts`,
    ),
  );
  return {
    quality,
    readings,
    speed: chosen ?? null,
    unmeasured: chosen === undefined ? asked.requests.length : chosen.tally.open().length,
    damage,
    leftOut,
  };
}

interface SpeedOfSource extends SpeedFound {
  readonly source: Source;
  readonly samples: Map<string, Place[]>;
  readonly warmUps: Place[];
  readonly readings: Place[];
  readonly blocks: BlockReading[];
  readonly tally: RequestTally;
}

const emptySpeed = (source: Source, requests: readonly SpeedRequest[]): SpeedOfSource => ({
  source,
  tally: tallyRequests(requests),
  samples: new Map(),
  warmUps: [],
  readings: [],
  blocks: [],
});

interface SampleWork {
  readonly source: Source;
  /** Whose plan it is that all of them have. */
  readonly first: Source;
  readonly asked: Asked;
  readonly quality: Map<string, Place[]>;
  readonly speed: SpeedOfSource;
  readonly strange: Strange;
}

function readSamples({ source, first, asked, quality, speed, strange }: SampleWork): void {
  const file = journalOf(source.folder, files.samples);
  if (file === null) return;
  const planned = new Set(asked.requests.map(({ key }) => key));
  let earlier: Set<string> | null = null;
  const found = readLines(
    file,
    (record, { offset, length }) => {
      const place = { file, offset, length };
      const sample = record as unknown as Sample;
      const about = typeof record['of'] === 'string' ? record['of'] : sample.cell;
      if (sample.phase === 'speed') {
        if (sample.warmup) speed.warmUps.push(place);
        else if (planned.has(about)) {
          speed.tally.take(sample);
          push(speed.samples, about, place);
        } else strange.orphan();
        return;
      }
      const cell = asked.cells.get(about);
      if (cell !== undefined) {
        if (about === sample.cell && !belongs(sample, cell))
          strange.bad(files.samples, offset, 'says another question than the plan');
        else push(quality, about, place);
        return;
      }
      earlier ??= earlierKeys(source);
      if (!sample.warmup && !earlier.has(about)) throw foreign(source, first, sample);
      strange.orphan();
    },
    kinds.samples,
  );
  strange.unsealed(files.samples, found);
}

function foreign(source: Source, first: Source, { cell, suite, test, language, target }: Sample): Error {
  const what = safeLine(`${suite} > ${test} [${language}] ${target} (${cell})`, 160);
  return refused(
    `${source.folder} has an answer to ${what}, which the plan of ${first.folder} does not hold`,
    'is it a shard of another run?',
  );
}

interface ReadingWork {
  readonly source: Source;
  readonly readings: Place[];
  readonly speed: SpeedOfSource;
  readonly strange: Strange;
}

function readReadings({ source, readings, speed, strange }: ReadingWork): void {
  const file = journalOf(source.folder, files.readings);
  if (file === null) return;
  const found = readLines(
    file,
    (record, { offset, length }) => {
      const place = { file, offset, length };
      const ofSpeed = record['phase'] === 'speed' || record['kind'] === 'block' || record['kind'] === 'floor';
      (ofSpeed ? speed.readings : readings).push(place);
      if (record['kind'] !== 'block') return;
      const block = record as unknown as BlockReading;
      speed.blocks.push(block);
      speed.tally.takeBlock(block);
    },
    kinds.readings,
  );
  strange.unsealed(files.readings, found);
}

/** What is measured most comes first, then what was measured first. */
function bestFirst(speeds: readonly SpeedOfSource[]): SpeedOfSource[] {
  const ranked = speeds.map((speed) => ({
    speed,
    left: speed.tally.open().length,
    at: speed.blocks.reduce((least, { at }) => Math.min(least, at), Number.MAX_SAFE_INTEGER),
    lines: speed.blocks.length,
  }));
  return ranked
    .toSorted((a, b) => a.left - b.left || a.at - b.at || b.lines - a.lines)
    .map(({ speed }) => speed);
}

/** An earlier merge holds the very measurement that its source has. */
function isWithin(other: SpeedOfSource, chosen: SpeedOfSource): boolean {
  const known = new Set(chosen.blocks.map((block) => JSON.stringify(block)));
  return other.blocks.every((block) => known.has(JSON.stringify(block)));
}

function push(map: Map<string, Place[]>, key: string, place: Place): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [place]);
  else list.push(place);
}

interface Strange {
  readonly bad: (file: string, offset: number, what: string) => void;
  readonly orphan: () => void;
  readonly unsealed: (file: string, found: ReadResult) => void;
  readonly lines: () => readonly string[];
  readonly orphans: () => readonly string[];
}

/** Gathers what of a source could not be taken. */
function noteStrange(source: Source): Strange {
  const damage = new Map<string, string[]>();
  let orphans = 0;
  const note = (file: string, text: string): void => {
    const list = damage.get(file);
    if (list === undefined) damage.set(file, [text]);
    else list.push(text);
  };
  return {
    bad: (file, offset, what) => note(file, `${file}: the line at byte ${offset} ${what} and was skipped`),
    orphan: () => {
      orphans += 1;
    },
    unsealed: (file, { damaged, tail }) => {
      for (const { offset, number, unfit } of damaged)
        note(
          file,
          unfit === null
            ? `${file}: a damaged line at byte ${offset} was skipped`
            : `${file}:${number}: the line ${unfit}; it was skipped`,
        );
      if (tail.length > 0) note(file, `${file}: an unfinished last line was skipped`);
    },
    lines: () =>
      [...damage].flatMap(([file, texts]) => {
        const more = texts.length - mostNamed;
        const rest = more > 0 ? [`${file}: ${counted(more, 'more line')} skipped`] : [];
        return [...texts.slice(0, mostNamed), ...rest].map((text) => `${source.name}: ${text}`);
      }),
    orphans: () =>
      orphans === 0
        ? []
        : [
            `${source.name}: ${counted(orphans, 'record')} of an earlier plan ${orphans === 1 ? 'was' : 'were'} left out`,
          ],
  };
}
