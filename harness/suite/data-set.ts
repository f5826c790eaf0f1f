/** Data sets named in `tests_from`: JSON lines or CSV, read line by line, each line a test or one (id, lang) row of it. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Json } from '../types.ts';
import { FileFault, openRegular } from './files.ts';
import { jsonFault, oddityFault, plainJson } from './json-file.ts';
import { fixedSource, refusedKeys, wholeOf, type Entry, type Mapping, type Node, type Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';

const maxBytes = 256 * 1024 * 1024;
const maxLineBytes = 1024 * 1024;
const maxObjectsPerLine = 2_000;

/** The tests of a data set as a suite would hold them; rows of one id become one test. `shown`: its name in messages. */
export async function readDataSet(
  file: string,
  shown: string,
  at: Spot,
  problems: ProblemList,
): Promise<Mapping[]> {
  const ending = path.extname(file).toLowerCase();
  if (ending !== '.jsonl' && ending !== '.csv') {
    problems.error(at, `tests_from reads .jsonl and .csv, not ${JSON.stringify(ending)}`);
    return [];
  }
  try {
    const lines = ending === '.csv' ? csvRows(file, shown, problems) : jsonLines(file, shown, problems);
    const tests = new Map<string, Mapping>();
    const finished: Mapping[] = [];
    for await (const line of lines) collect(line, tests, finished, problems);
    return [...finished, ...tests.values()];
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    problems.error(at, `the file ${JSON.stringify(shown)} ${error.message}`);
    return [];
  }
}

/** The text of a file piece by piece. Throws a `FileFault` for bytes that are not UTF-8. */
async function* decoded(file: string): AsyncGenerator<string> {
  const { fd } = openRegular(file, maxBytes);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Buffer): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new FileFault('is not UTF-8');
    }
  };
  for await (const bytes of createReadStream('', { fd }) as AsyncIterable<Buffer>) yield decode(bytes);
  yield decode();
}

/** Lines without their ends, `\n` or `\r\n`. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of decoded(file)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineBytes) throw new FileFault('has a line longer than 1 MiB');
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  yield rest;
}

async function* jsonLines(file: string, shown: string, problems: ProblemList): AsyncGenerator<Mapping> {
  let number = 0;
  for await (const text of linesOf(file)) {
    number += 1;
    if (text.trim() === '') continue;
    const spot = wholeOf(fixedSource(shown, number));
    const node = readLine(text, spot, problems);
    if (node === null) continue;
    if (node.kind === 'map') yield node;
    else problems.error(spot, 'a line holds one JSON object');
  }
}

function readLine(text: string, spot: Spot, problems: ProblemList): Node | null {
  try {
    if (Buffer.byteLength(text) > maxLineBytes) throw new FileFault('is longer than 1 MiB');
    const odd = oddityFault(text);
    if (odd !== null) throw odd;
    return nodeOf(plainJson(JSON.parse(text) as Json, { left: maxObjectsPerLine }), spot);
  } catch (error) {
    if (error instanceof FileFault) problems.error(spot, `the line ${error.message}`);
    else if (error instanceof SyntaxError) problems.error(spot, `the line is not JSON: ${jsonFault(error)}`);
    else throw error;
    return null;
  }
}

async function* csvRows(file: string, shown: string, problems: ProblemList): AsyncGenerator<Mapping> {
  const parser = parse({
    bom: true,
    columns: soundHeader,
    info: true,
    max_record_size: maxLineBytes,
    skip_empty_lines: true,
  });
  // The parser ends with what went wrong before it; the loop below meets it.
  pipeline(Readable.from(decoded(file)), parser, () => {});
  let before = 1;
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: Record<string, string>;
    }>) {
      // A record is known by the line it begins on; the parser tells where it ended.
      const spot = wholeOf(fixedSource(shown, before + 1));
      before = info.lines;
      yield mappingOf(Object.entries(record), spot);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = 'lines' in error && typeof error['lines'] === 'number' ? error['lines'] : 1;
    problems.error(
      wholeOf(fixedSource(shown, line)),
      `CSV: ${error.message.split('\n')[0]?.slice(0, 200) ?? error.code}`,
    );
  }
}

/** The names of the columns. Throws a `FileFault`: two of one name would lose one of them. */
function soundHeader(header: readonly string[]): string[] {
  const seen = new Set<string>();
  for (const name of header) {
    if (name === '') throw new FileFault('has a column without a name');
    if (refusedKeys.has(name)) throw new FileFault(`has the column "${name}", which is refused`);
    if (seen.has(name)) throw new FileFault(`has two columns "${name.slice(0, 60)}"`);
    seen.add(name);
  }
  return [...header];
}

/** A whole test passes as it is; an (id, lang) row joins the test of its id. */
function collect(
  line: Mapping,
  tests: Map<string, Mapping>,
  finished: Mapping[],
  problems: ProblemList,
): void {
  const { lang, id, metadata, ...rest } = Object.fromEntries(line.entries) as Record<
    string,
    Entry | undefined
  >;
  if (lang === undefined) {
    finished.push(line);
    return;
  }
  const language = textOf(lang);
  const name = id === undefined ? null : textOf(id);
  if (language === null || name === null) {
    problems.error(line.spot, 'a row needs the texts "id" and "lang"');
    return;
  }
  const before = tests.get(name);
  const known = before?.entries.get('in')?.value;
  const rows = new Map(known?.kind === 'map' ? known.entries : []);
  if (rows.has(language)) {
    problems.error(line.spot, `a second row for "${name}" in ${language}`);
    return;
  }
  const variables = Object.values(rest).filter((entry) => entry !== undefined);
  rows.set(language, {
    key: language,
    keySpot: line.spot,
    value: { kind: 'map', entries: new Map(variables.map((entry) => [entry.key, entry])), spot: line.spot },
  });
  const all = new Map(before?.entries ?? []);
  if (id !== undefined) all.set('id', before?.entries.get('id') ?? id);
  if (metadata !== undefined) all.set('metadata', metadata);
  all.set('in', {
    key: 'in',
    keySpot: line.spot,
    value: { kind: 'map', entries: rows, spot: before?.spot ?? line.spot },
  });
  tests.set(name, { kind: 'map', entries: all, spot: before?.spot ?? line.spot });
}

const textOf = (entry: Entry): string | null =>
  entry.value.kind === 'scalar' && typeof entry.value.value === 'string' && entry.value.value !== ''
    ? entry.value.value
    : null;

function mappingOf(entries: readonly (readonly [string, Json])[], spot: Spot): Mapping {
  return {
    kind: 'map',
    entries: new Map(
      entries.map(([key, value]): [string, Entry] => [
        key,
        { key, keySpot: spot, value: nodeOf(value, spot) },
      ]),
    ),
    spot,
  };
}

function nodeOf(value: Json, spot: Spot): Node {
  if (value === null || typeof value !== 'object') return { kind: 'scalar', value, spot };
  if (Array.isArray(value))
    return { kind: 'list', items: value.map((item: Json) => nodeOf(item, spot)), spot };
  return mappingOf(Object.entries(value), spot);
}
