/** Every hostile text in every place of a report that holds text from outside, through each format that is read by programs. */
import { parse as parseCsv } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import {
  commandTexts,
  formulaTexts,
  harmless,
  markdownTexts,
  terminalTexts,
  xmlTexts,
} from '../../fixtures/security/texts.ts';
import type { Report, Row } from '../types.ts';
import { guardText, renderCsv } from './csv.ts';
import { renderJunit } from './junit.ts';
import { escapeMarkdown } from './markdown-text.ts';
import { renderMarkdown } from './markdown.ts';

const all = [...formulaTexts, ...xmlTexts, ...markdownTexts, ...terminalTexts, ...commandTexts];

const found = rowsOf(syntheticReport());

function rowsOf(base: Report): { base: Report; wrong: Row; failed: Row } {
  const rowOf = (kind: Row['kind']): Row | undefined =>
    base.rows.find((row) => row.kind === kind && row.sample !== null);
  const wrong = rowOf('wrong-answer');
  const failed = rowOf('no-answer');
  if (wrong === undefined || failed === undefined) throw new Error('no rows to fill');
  return { base, wrong, failed };
}

/** A report of one row per text, which stands in every field that a suite, a targets file or a server fills. */
function reportOf(texts: readonly string[]): Report {
  const { base, wrong, failed } = found;
  const rows = texts.flatMap((text, at): Row[] => [
    filled(wrong, text, at),
    { ...filled(failed, text, at), kind: 'no-answer' },
  ]);
  const [text = ''] = texts;
  const { summary } = base;
  const targets = summary.targets.map((target, at) =>
    at === 0 ? { ...target, id: text, model: text } : target,
  );
  return {
    ...base,
    rows,
    summary: {
      ...summary,
      targets,
      suites: summary.suites.map((suite) => ({ ...suite, name: text, metrics: [text] })),
      notes: [...summary.notes, { level: 'warning', code: 'x', text } as Report['summary']['notes'][number]],
      verdict: { ...summary.verdict, sentences: [text] },
      run: { ...summary.run, demo: false },
    },
  };
}

function filled(row: Row, text: string, at: number): Row {
  const { cell, sample } = row;
  if (sample === null) throw new Error('no sample');
  const { outcome } = sample;
  return {
    ...row,
    cell: {
      ...cell,
      suite: text,
      test: `${at}${text}`,
      cluster: text,
      variant: text,
      model: text,
      target: text,
    },
    findings: row.findings.map((finding) => ({
      ...finding,
      check: text,
      verdict: { ...finding.verdict, because: text },
    })) as Row['findings'],
    sample: {
      ...sample,
      finishRaw: text,
      modelEcho: text,
      flags: [text],
      outcome:
        outcome.kind === 'answered'
          ? { ...outcome, text, finish: text }
          : { ...outcome, partial: text, failure: { ...outcome.failure, code: text, message: text } },
    },
  };
}

describe('rows.csv', () => {
  // The set of characters is written out again: a slip in the guard must not slip through here too.
  const starts = /^[\s'"\ufeff]*[=+\-@\t\r＝＋－＠]/u;
  const physicalLines = (text: string): string[] => text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u);

  it('has no active cell on any physical line, as a program reads it', () => {
    const records = parseCsv(wholeText(renderCsv(reportOf(all))), { bom: true }) as string[][];
    expect(records).toHaveLength(1 + 2 * all.length);
    const numeric = /^-?\d+(\.\d+)?(e-?\d+)?$/u;
    const active = records
      .flat()
      .filter((cell) => !numeric.test(cell))
      .flatMap(physicalLines)
      .filter((line) => starts.test(line) && !line.startsWith("'"));
    expect(active).toEqual([]);
  });

  it('is read by a program that splits at line breaks inside of cells, too', () => {
    const lines = physicalLines(wholeText(renderCsv(reportOf(formulaTexts))));
    const active = lines.filter((line) => /^"?[\s"]*[=+@＝＋－＠]/u.test(line) && !line.startsWith("'"));
    expect(active).toEqual([]);
  });

  it.each(harmless)('leaves %j as it is', (text) => expect(guardText(text)).toBe(text));
});

describe('junit.xml', () => {
  /** What build servers take for JUnit: elements, what each may hold and in which order, attributes it must and may have. */
  const shape: Readonly<Record<string, { children: RegExp; must: string[]; may?: string[] }>> = {
    testsuites: { children: /^(testsuite )*$/u, must: ['name', 'tests', 'failures', 'errors', 'skipped'] },
    testsuite: {
      children: /^(properties )?(testcase )*$/u,
      must: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'],
    },
    testcase: {
      children: /^(properties )?((skipped|error|failure) )?$/u,
      must: ['classname', 'name', 'time'],
    },
    properties: { children: /^(property )+$/u, must: [] },
    property: { children: /^$/u, must: ['name', 'value'] },
    failure: { children: /^$/u, must: ['type', 'message'] },
    error: { children: /^$/u, must: ['type', 'message'] },
    skipped: { children: /^$/u, must: ['message'] },
  };

  /** Faults of form and of shape, by a reader of its own. */
  function faults(xml: string): string[] {
    const found: string[] = [];
    // oxlint-disable-next-line no-control-regex
    if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
      found.push('a character outside XML 1.0');
    const token =
      /^<\?xml version="1\.0" encoding="UTF-8"\?>|<!\[CDATA\[[\s\S]*?\]\]>|<\/([a-z]+)>|<([a-z]+)((?: [a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#\d+);[^"<&]*)*")*)(\/?)>|[^<>&]+/gy;
    const stack: { name: string; children: string }[] = [{ name: '', children: '' }];
    const close = (): void => {
      const { name, children } = stack.pop() ?? { name: '', children: '' };
      if (shape[name]?.children.test(children) !== true) found.push(`<${name}> holds ${children}`);
    };
    let at = 0;
    for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
      at = token.lastIndex;
      const [text, closed, opened, attributes = '', empty] = match;
      if (opened !== undefined) {
        const names = [...attributes.matchAll(/ ([a-z]+)="[^"]*"/gu)].map(([, name = '']) => name);
        const must = shape[opened]?.must ?? [];
        if (must.some((name) => !names.includes(name)) || names.some((name) => !must.includes(name)))
          found.push(`<${opened}> has ${names.join(' ')}`);
        const parent = stack.at(-1);
        if (parent !== undefined) parent.children += `${opened} `;
        stack.push({ name: opened, children: '' });
        if (empty === '/') close();
      } else if (closed !== undefined) {
        if (stack.at(-1)?.name !== closed) found.push(`</${closed}> closes <${stack.at(-1)?.name ?? ''}>`);
        close();
      } else if (!/^\s*$|^<[?!]/u.test(text)) found.push(`text ${text.slice(0, 40)}`);
    }
    if (at !== xml.length) found.push(`no XML at ${at}: ${xml.slice(at, at + 60)}`);
    if (stack.length !== 1) found.push('unbalanced');
    return found;
  }

  it('is well formed, and of the shape that build servers read', () => {
    expect(faults(wholeText(renderJunit(reportOf(all))))).toEqual([]);
    expect(faults(wholeText(renderJunit(syntheticReport())))).toEqual([]);
  });

  it.each([
    '<?xml version="1.0" encoding="UTF-8"?><testsuites/>',
    wholeText(renderJunit(reportOf(['x']))).replace('<testcase', '<testcase odd="1"'),
    wholeText(renderJunit(reportOf(['x']))).replace(
      '</testsuite>',
      '<failure type="" message=""></failure></testsuite>',
    ),
    wholeText(renderJunit(reportOf(['x']))).replace(']]>', ']]>]]>'),
    wholeText(renderJunit(reportOf(['x']))).replace('message="', 'message="&x;'),
    wholeText(renderJunit(reportOf(['x']))).replace('name="', 'name="\u000b'),
  ])('would be found at fault: case %#', (xml) => expect(faults(xml)).not.toEqual([]));

  it.each(harmless)('holds %j as it is', (text) =>
    expect(wholeText(renderJunit(reportOf([text])))).toContain(text),
  );
});

describe('summary.md', () => {
  /** What GitHub would make of a line: anything but words and the table it stands in. */
  const markup =
    /(?<!\\)[`*_[\]]|<(?!br)|&(?!(?:amp|lt|gt);)|[@#][^\u200b]|:\/\/|(?<![\p{L}\p{N}])www\.|[\r\u0085\u2028\u2029]/iu;

  it('makes nothing but words of any text', () => {
    for (const text of all) {
      const escaped = escapeMarkdown(text);
      expect(escaped, text).not.toMatch(/\n/u);
      // Two backslashes are one that is shown.
      expect(escaped.replaceAll('\\\\', ''), text).not.toMatch(markup);
      expect(escaped.replaceAll('\\\\', ''), text).not.toMatch(/(?<!\\)\|/u);
      expect(escaped.trimStart(), text).not.toMatch(/^(?:[-+=>]|#(?!\u200b)|\d+[.)])/u);
    }
  });

  it('keeps its tables and headings, whatever stands in them', () => {
    const shapeOf = (text: string): string[] =>
      renderMarkdown(reportOf([text]))
        .split('\n')
        .map((line) =>
          line.startsWith('|')
            ? `${line.replaceAll(/\\./gu, '').split('|').length - 2} columns`
            : /^(?:#+ |- |> |$)/u.test(line)
              ? line.slice(0, 2)
              : 'words',
        );
    const plain = shapeOf('plain');
    for (const text of markdownTexts) expect(shapeOf(text), text).toEqual(plain);
  });

  it.each(harmless)('shows %j as it is', (text) => {
    expect(escapeMarkdown(text).replaceAll(/\\(?=[`*_[\]|~$!])/gu, '')).toBe(text);
  });
});
