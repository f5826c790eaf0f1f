/** A cassette: answers on a file, one JSON line each behind a header, to be served as if a model gave them. */
import { readFileSync } from 'node:fs';
import { personError } from '../errors.ts';
import { anyText, count, counts, fieldProblem, milliseconds, someText, type Field } from './fields.ts';

export interface CassetteHeader {
  readonly cassette: 1;
  /** The model name the server goes by. */
  readonly model: string;
  /** `authored`: written by people to demonstrate. `recorded`: what a server once sent. */
  readonly origin: 'authored' | 'recorded';
  /** What the answers are, in words for the reader of a report. */
  readonly note: string;
}

export interface CassetteAnswer {
  /** See `requestKey`. Entries with one key are served in turn. */
  readonly key: string;
  readonly text: string;
  readonly finish: string;
  /** The refusal field in place of a text, or absent. */
  readonly refusal?: string;
  /** Pieces the text is sent in, in UTF-16 lengths that sum to the text's; whole in one piece where absent. */
  readonly pieces?: readonly number[];
  /** From the request to the first piece, and between pieces. */
  readonly firstMs: number;
  readonly pieceMs: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface CassetteFault {
  readonly key: string;
  /** The server answers with this status (300 to 599), or (0) drops the connection in mid-answer. */
  readonly faultStatus: number;
  readonly faultMessage: string;
}

export type CassetteEntry = CassetteAnswer | CassetteFault;

export interface Cassette {
  readonly header: CassetteHeader;
  readonly entries: ReadonlyMap<string, readonly CassetteEntry[]>;
}

const headerFields: Readonly<Record<keyof CassetteHeader, Field>> = {
  cassette: { fits: (value) => value === 1, expected: '1, the format known here' },
  model: someText,
  origin: { fits: (value) => value === 'authored' || value === 'recorded', expected: 'authored or recorded' },
  note: anyText,
};

const key: Field = {
  fits: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/u.test(value),
  expected: '32 hexadecimal digits',
};

const answerFields: Readonly<Record<keyof CassetteAnswer, Field>> = {
  key,
  text: anyText,
  finish: someText,
  refusal: { ...anyText, optional: true },
  pieces: { ...counts, optional: true },
  firstMs: milliseconds,
  pieceMs: milliseconds,
  promptTokens: count,
  completionTokens: count,
};

const faultFields: Readonly<Record<keyof CassetteFault, Field>> = {
  key,
  faultStatus: {
    fits: (value) => value === 0 || (Number.isInteger(value) && Number(value) >= 300 && Number(value) <= 599),
    expected: '0 or a status from 300 to 599',
  },
  faultMessage: anyText,
};

/** Reads a cassette; a clear error names the line that is not one. */
export function readCassette(file: string): Cassette {
  const lines = readText(file).split('\n');
  const header = parseHeader(file, lines[0] ?? '');
  const entries = new Map<string, CassetteEntry[]>();
  lines.slice(1).forEach((line, at) => {
    if (line.trim() === '') return;
    const entry = parseEntry(file, line, at + 2);
    const same = entries.get(entry.key);
    if (same === undefined) entries.set(entry.key, [entry]);
    else same.push(entry);
  });
  return { header, entries };
}

/** The header alone: what the answers are. */
export function readCassetteHeader(file: string): CassetteHeader {
  return parseHeader(file, readText(file).split('\n', 1)[0] ?? '');
}

function readText(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw personError(`cannot read the cassette ${file}: ${String(code)}`);
    throw personError(`there is no cassette ${file}`, {
      hint: 'check the path under replay: in the targets file',
    });
  }
  if (text.trim() === '') {
    throw personError(
      `${file} is empty: the first line of a cassette holds cassette, model, origin and note`,
    );
  }
  // Some editors put a byte order mark before the first line.
  return text.startsWith('\u{FEFF}') ? text.slice(1) : text;
}

function parseHeader(file: string, line: string): CassetteHeader {
  const header = parseLine(file, line, 1);
  refuse(fieldProblem(header, headerFields, 'the first line of a cassette'), file, 1);
  return header as unknown as CassetteHeader;
}

function parseEntry(file: string, line: string, number: number): CassetteEntry {
  const record = parseLine(file, line, number);
  if (Object.hasOwn(record, 'faultStatus')) {
    refuse(fieldProblem(record, faultFields, 'a fault of a cassette'), file, number);
    return record as unknown as CassetteFault;
  }
  refuse(fieldProblem(record, answerFields, 'an answer of a cassette'), file, number);
  const answer = record as unknown as CassetteAnswer;
  const sum = answer.pieces?.reduce((total, length) => total + length, 0) ?? answer.text.length;
  // Pieces that do not add up would serve an answer cut short, and the model would be blamed.
  if (sum !== answer.text.length) {
    refuse(`"pieces" sum to ${sum}, and "text" has ${answer.text.length} UTF-16 units`, file, number);
  }
  return answer;
}

function parseLine(file: string, line: string, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    refuse('this line of the cassette is not JSON', file, number);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse('this line of the cassette is not a JSON object', file, number);
  }
  return value as Record<string, unknown>;
}

function refuse(problem: string | null, file: string, line: number): void {
  if (problem !== null) throw personError(problem, { place: { file, line, column: 1 } });
}
