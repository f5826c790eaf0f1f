/** Data sets named in `tests_from`: JSON lines or CSV, read line by line, each line a test or one (id, lang) row of it. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CsvError, parse } from 'csv-parse';
import type { Json } from '../types.ts';
import { FileFault, openRegular } from './files.ts';
import { jsonFault, plainJson } from './json-file.ts';
import { jsonDeeperThan } from './nesting.ts';
import {
  fixedSource,
  maxDepth,
  refusedKeys,
  wholeOf,
  type Entry,
  type Mapping,
  type Node,
  type Spot,
} from './node.ts';
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

async function* jsonLines(file: string, shown: string, problems: ProblemList): AsyncGenerator<Mapping> {
  const { fd } = openRegular(file, maxBytes);
  let number = 0;
  const lines = createInterface({ input: createReadStream('', { fd }), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/u, '') : line;
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
    if (text.includes('\uFFFD')) throw new FileFault('is not UTF-8');
    if (jsonDeeperThan(text, maxDepth)) throw new FileFault(`nests deeper than ${maxDepth} levels`);
    return nodeOf(plainJson(JSON.parse(text) as Json, { left: maxObjectsPerLine }), spot);
  } catch (error) {
    if (error instanceof FileFault) problems.error(spot, `the line ${error.message}`);
    else if (error instanceof SyntaxError) problems.error(spot, `the line is not JSON: ${jsonFault(error)}`);
    else throw error;
    return null;
  }
}

async function* csvRows(file: string, shown: string, problems: ProblemList): AsyncGenerator<Mapping> {
  const { fd } = openRegular(file, maxBytes);
  const parser = createReadStream('', { fd }).pipe(
    parse({ bom: true, columns: true, info: true, max_record_size: maxLineBytes, skip_empty_lines: true }),
  );
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: Record<string, string>;
    }>) {
      const spot = wholeOf(fixedSource(shown, info.lines));
      const refused = Object.keys(record).find((key) => refusedKeys.has(key) || key === '');
      if (refused === undefined) yield mappingOf(Object.entries(record), spot);
      else {
        problems.error(
          spot,
          refused === '' ? 'a column without a name' : `the column "${refused}" is refused`,
        );
        return;
      }
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
