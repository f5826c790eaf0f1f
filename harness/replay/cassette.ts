/** A cassette: answers on a file, one JSON line each behind a header, to be served as if a model gave them. */
import { readFileSync } from 'node:fs';
import { personError } from '../errors.ts';

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
  /** Pieces the text is sent in, in UTF-16 lengths; whole in one piece where absent. */
  readonly pieces?: readonly number[];
  /** From the request to the first piece, and between pieces. */
  readonly firstMs: number;
  readonly pieceMs: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface CassetteFault {
  readonly key: string;
  /** The server answers with this status, or (0) drops the connection in mid-answer. */
  readonly faultStatus: number;
  readonly faultMessage: string;
}

export type CassetteEntry = CassetteAnswer | CassetteFault;

export interface Cassette {
  readonly header: CassetteHeader;
  readonly entries: ReadonlyMap<string, readonly CassetteEntry[]>;
}

/** Reads a cassette; a clear error names the line that is not one. */
export function readCassette(file: string): Cassette {
  const lines = readText(file).split('\n');
  const header = parseHeader(file, lines[0] ?? '');
  const entries = new Map<string, CassetteEntry[]>();
  lines.slice(1).forEach((line, at) => {
    if (line === '') return;
    const entry = parseLine(file, line, at + 2) as CassetteEntry;
    if (typeof entry.key !== 'string') throw personError('a cassette entry needs a key', { place: { file, line: at + 2, column: 1 } });
    const same = entries.get(entry.key);
    if (same === undefined) entries.set(entry.key, [entry]);
    else same.push(entry);
  });
  return { header, entries };
}

/** The header alone: what the answers are. */
export function readCassetteHeader(file: string): CassetteHeader {
  const text = readText(file);
  return parseHeader(file, text.slice(0, text.indexOf('\n')));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw personError(`there is no cassette ${file}`, { hint: 'check the path under replay: in the targets file' });
  }
}

function parseHeader(file: string, line: string): CassetteHeader {
  const header = parseLine(file, line, 1) as Partial<CassetteHeader>;
  if (header.cassette !== 1 || typeof header.model !== 'string' || typeof header.note !== 'string') {
    throw personError(`${file} is not a cassette: its first line must hold "cassette": 1, model, origin and note`);
  }
  return header as CassetteHeader;
}

function parseLine(file: string, line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw personError('this line of the cassette is not JSON', { place: { file, line: number, column: 1 } });
  }
}
