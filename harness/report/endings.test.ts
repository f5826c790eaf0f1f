/** However an answer ends, a reader of any view is told: asked of a real socket, and read back from each file. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifest } from '../../fixtures/aggregate/synthetic-run.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import { pageText } from '../../fixtures/report/unpack-page.ts';
import { faultAsker, faultCell, faultContext, faultTarget } from '../../fixtures/servers/fault-bench.ts';
import {
  delta,
  json,
  sse,
  startFaultServer,
  streamOf,
  type Script,
} from '../../fixtures/servers/fault-server.ts';
import { aggregate } from '../aggregate/aggregate.ts';
import type { Cell, Report, Sample } from '../types.ts';
import { renderCsv } from './csv.ts';
import { renderPage } from './html/page.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';

interface Ending {
  readonly name: string;
  readonly script: Script;
  /** In the case of junit.xml, the line of rows.csv, the notes of summary.md and the data of the page. */
  readonly junit: string;
  readonly csv: string;
  readonly markdown: string;
  readonly page: string;
}

const text = delta({ content: 'ፍቅር' });
const flag = (name: string, script: Script): Ending => ({
  name,
  script,
  junit: `<property name="flags" value="${name}"/>`,
  csv: `"${name}"`,
  markdown: `${name} 1`,
  page: `"${name}"`,
});
const finish = (name: string, written: string): Ending => ({
  name: `finish ${name}`,
  script: streamOf(sse(text, delta({}, name), '[DONE]')),
  junit: `<property name="finish" value="${name}"/>`,
  csv: `"${name}"`,
  markdown: `finish ${written} 1`,
  page: `"${name}"`,
});

const counted = (prompt: number): string =>
  JSON.stringify({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: 2 } });

const endings: readonly Ending[] = [
  finish('length', 'length'),
  finish('content_filter', String.raw`content\_filter`),
  {
    name: 'refusal',
    script: streamOf(sse(delta({ refusal: 'አልችልም' }), delta({}, 'stop'), '[DONE]')),
    junit: '<property name="refusal" value="yes"/>',
    csv: '"አልችልም"',
    markdown: 'refusal 1',
    page: '"አልችልም"',
  },
  flag('empty-output', streamOf(sse(delta({ content: '' }, 'stop'), '[DONE]'))),
  flag('reasoning-only', streamOf(sse(delta({ reasoning: 'ምናልባት' }), delta({}, 'stop'), '[DONE]'))),
  flag('not-streamed', json(200, { choices: [{ message: { content: 'ፍቅር' }, finish_reason: 'stop' }] })),
  flag('no-finish-reason', streamOf(sse(text, '[DONE]'))),
  flag('no-done', streamOf(sse(text, delta({}, 'stop')))),
  flag('prompt-truncated-suspect', streamOf(sse(text, delta({}, 'stop'), counted(4096), '[DONE]'))),
];

let report: Report;
let views: Readonly<Record<'junit' | 'csv' | 'markdown' | 'page', string>>;
const cells: Cell[] = endings.map(({ name }) => ({ ...faultCell(name), observe: true }));

beforeAll(async () => {
  const server = await startFaultServer((line) =>
    endings.find(({ name }) => line.request.body.includes(`ጥያቄ ${name}"`))?.script(line),
  );
  const asker = faultAsker(server.baseUrl);
  const samples: Sample[] = [];
  for (const cell of cells) samples.push(await asker.ask(cell, faultContext()));
  await asker.close();
  await server.close();
  const { id, model, concurrency, params } = faultTarget;
  const shown = { id, model, concurrency, params, endpoint: server.baseUrl, authored: null };
  const targets = [
    { ...shown, languages: null, license: null, dialect: 'auto', facts: { contextTokens: 4096 } },
  ];
  report = aggregate({
    manifest: manifest({ baseline: id, targets }),
    plan: { cells },
    samples,
    findings: [],
    readings: [],
  });
  views = {
    junit: wholeText(renderJunit(report)),
    csv: wholeText(renderCsv(report)),
    markdown: renderMarkdown(report),
    page: pageText(wholeText(renderPage(report))),
  };
});
afterAll(() => {
  expect(report.rows.every(({ kind }) => kind === 'observed')).toBe(true);
});

/** The part of a view that speaks of one cell. */
function partOf(view: keyof typeof views, name: string): string {
  if (view === 'junit') return views.junit.split('\n').find((line) => line.includes(` ${name} [am]`)) ?? '';
  if (view === 'csv') return views.csv.split('\n').find((line) => line.includes(`"${name}"`)) ?? '';
  return views[view];
}

describe.each(endings)('an answer with the end $name', (ending) => {
  it.each(['junit', 'csv', 'markdown', 'page'] as const)('shows in %s', (view) => {
    // In rows.csv the name of the cell is no proof.
    const part = partOf(view, ending.name).replace(`"s","${ending.name}","${ending.name}"`, '');
    expect([part === '', part.includes(ending[view])]).toEqual([false, true]);
  });
});

it('an answer with no unusual end shows nothing of the kind', () => {
  const names = endings.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const lines = views.junit.split('\n').filter((line) => line.includes('<testcase'));
  for (const [at, line] of lines.entries()) {
    const others = endings.filter((_, index) => index !== at).map(({ junit }) => junit);
    expect(others.filter((other) => line.includes(other))).toEqual([]);
  }
});
