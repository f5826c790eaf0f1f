import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import type { Row, Sample } from '../types.ts';
import { cdata, renderJunit, xmlAttribute, xmlCharacters } from './junit.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function decode(value: string): string {
  return value.replaceAll(
    /&(?:#(\d+)|(\w+));|&/gu,
    (found, code: string | undefined, name: string | undefined) => {
      if (code !== undefined) return String.fromCodePoint(Number(code));
      const known = entities[name ?? ''];
      if (known === undefined) throw new Error(`bad entity ${found}`);
      return known;
    },
  );
}

/** A parser of the little XML that this format uses; anything else throws. */
function parse(source: string): Element {
  // oxlint-disable-next-line no-control-regex
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(source))
    throw new Error('character outside XML 1.0');
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const stack = [root];
  const token =
    /<\?xml[^?]*\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/(\w+)>|<(\w+)((?:\s\w+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let at = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    at = token.lastIndex;
    const top = stack.at(-1);
    if (top === undefined) throw new Error('unbalanced');
    const [, section, closed, opened, attributes = '', empty, text] = match;
    if (section !== undefined) top.text += section;
    else if (text !== undefined) top.text += decode(text);
    else if (closed !== undefined) {
      if (top.name !== closed) throw new Error(`</${closed}> closes <${top.name}>`);
      stack.pop();
    } else if (opened !== undefined) {
      const pairs = [...attributes.matchAll(/(\w+)="([^"]*)"/gu)].map(([, key = '', value = '']) => [
        key,
        decode(value),
      ]);
      const element: Element = {
        name: opened,
        attributes: Object.fromEntries(pairs),
        children: [],
        text: '',
      };
      top.children.push(element);
      if (empty === '') stack.push(element);
    }
  }
  if (at !== source.length) throw new Error(`not XML at ${at}: ${source.slice(at, at + 60)}`);
  const [only] = root.children;
  if (only === undefined || stack.length !== 1) throw new Error('unbalanced');
  return only;
}

describe('XML text', () => {
  it('shows what XML 1.0 cannot hold', () => {
    expect(xmlCharacters('a\u0000\u001b\ufffe\ud800z')).toBe(String.raw`a\u{0}\u{1B}\u{FFFE}\u{D800}z`);
    expect(xmlCharacters('ታዲያስ สวัสดี हिन्दी 😀\t\n')).toBe('ታዲያስ สวัสดี हिन्दी 😀\t\n');
  });

  it('keeps line breaks of an attribute through normalisation', () => {
    expect(xmlAttribute('a\n"b"<\t\r')).toBe('a&#10;&quot;b&quot;&lt;&#9;&#13;');
  });

  it('splits the end of a CDATA section', () => {
    expect(cdata('a]]>b]]>')).toBe('<![CDATA[a]]]]><![CDATA[>b]]]]><![CDATA[>]]>');
  });
});

describe('junit.xml', () => {
  const report = syntheticReport();
  const root = parse(wholeText(renderJunit(report)));
  const cases = root.children.flatMap((suite) => suite.children);

  it('is XML with a case per planned cell and gate, hostile answers and all', () => {
    expect(root.name).toBe('testsuites');
    expect(cases).toHaveLength(report.rows.length + report.summary.gates.length);
    expect(root.attributes['tests']).toBe(String(cases.length));
    expect(new Set(cases.map((each) => each.attributes['name'])).size).toBe(cases.length);
    expect(cases[0]?.attributes['name']).toBe('orders > orders-1 [en] alpha');
    const texts = cases.flatMap((each) => each.children.map((child) => child.text)).join('\n');
    expect(texts).toContain('a]]>b & <c attr="d">');
    expect(texts).toContain(String.raw`nul\u{0}lone\u{D800}end\u{DC00}`);
  });

  it('tells an outage and a crashed check from a wrong answer', () => {
    const expected: Record<string, string> = {
      'no-answer': 'error',
      unasked: 'error',
      'check-error': 'error',
      'wrong-answer': 'failure',
      'wrong-language': 'failure',
      truncated: 'failure',
      empty: 'failure',
      refusal: 'failure',
      'invalid-json': 'failure',
      observed: 'skipped',
      'not-applicable': 'skipped',
      'scored-only': 'properties',
    };
    const seen = new Set<string>();
    for (const [index, row] of report.rows.entries()) {
      const child = cases[index]?.children.find(
        ({ name }) => name !== 'properties' || row.kind === 'scored-only',
      )?.name;
      const want = expected[row.kind];
      if (row.kind === 'passed') expect(child).toBeUndefined();
      if (want === undefined) continue;
      seen.add(row.kind);
      expect(child, row.kind).toBe(want);
    }
    expect([...seen].toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it('counts in the root what stands in the cases', () => {
    const count = (name: string) =>
      cases.filter((each) => each.children.some((child) => child.name === name)).length;
    expect(root.attributes['failures']).toBe(String(count('failure')));
    expect(root.attributes['errors']).toBe(String(count('error')));
    expect(root.attributes['skipped']).toBe(String(count('skipped')));
  });

  it('has a suite of gates: not held is a failure, undecided an error', () => {
    const gates = root.children.at(-1);
    expect(gates?.attributes).toMatchObject({ name: 'gates', tests: '3', failures: '1', errors: '1' });
    const ends = gates?.children.map(({ attributes, children }) => [
      attributes['name'],
      children[0]?.name,
      children[0]?.attributes['type'],
    ]);
    expect(ends).toEqual([
      ['alpha.score >= 0.6', undefined, undefined],
      [report.summary.gates[1]?.expression, 'failure', 'gate-fail'],
      ['beta - alpha >= -0.02 by ci', 'error', 'gate-inconclusive'],
    ]);
    const sentence = report.summary.gates[1]?.claims[0]?.sentence ?? '';
    expect(gates?.children[1]?.children[0]?.text).toContain(sentence);
    const none = wholeText(renderJunit({ ...report, summary: { ...report.summary, gates: [] } }));
    expect(none).not.toContain('name="gates"');
  });

  describe('the properties of a case', () => {
    const one = (more: Partial<Sample>, row: Partial<Row> = {}): Element | undefined => {
      const base = syntheticReport({ tests: 1 });
      const first = base.rows.find(({ kind }) => kind === 'passed');
      if (first?.sample === null || first === undefined) throw new Error('no row passed');
      const rows = [{ ...first, ...row, sample: { ...first.sample, flags: [], ...more } }];
      return parse(wholeText(renderJunit({ summary: base.summary, rows }))).children[0]?.children[0];
    };
    const of = (element: Element | undefined): Record<string, string> =>
      Object.fromEntries(
        (element?.children.find(({ name }) => name === 'properties')?.children ?? []).map(
          ({ attributes: { name = '', value = '' } }) => [name, value],
        ),
      );

    it('hold what was remarked on an answer, passed or not, before anything else', () => {
      const flags = ['no-done', 'tainted'];
      expect(of(one({ flags }))).toEqual({ flags: 'no-done tainted' });
      const failed = one({ flags }, { pass: false, kind: 'wrong-answer' });
      expect(of(failed)).toEqual({ flags: 'no-done tainted' });
      expect(failed?.children.map(({ name }) => name)).toEqual(['properties', 'failure']);
      const observed = one({ flags }, { pass: null, kind: 'observed' });
      expect(observed?.children.map(({ name }) => name)).toEqual(['properties', 'skipped']);
      expect(of(one({ flags }, { pass: null, score: 0.25, kind: 'scored-only' }))).toEqual({
        score: '0.250000',
        flags: 'no-done tainted',
      });
    });

    it('say how an answer ended where not as usual', () => {
      const outcome = { kind: 'answered', text: 'น', reasoning: '', toolCalls: [], refusal: null } as const;
      expect(of(one({ outcome: { ...outcome, finish: 'length' } }))).toEqual({ finish: 'length' });
      expect(of(one({ outcome: { ...outcome, finish: 'content_filter' } }))).toEqual({
        finish: 'content_filter',
      });
      expect(of(one({ outcome: { ...outcome, finish: '<bored & "tired">' } }))).toEqual({
        finish: '<bored & "tired">',
      });
      for (const finish of ['stop', 'tool_calls', null])
        expect(one({ outcome: { ...outcome, finish } })?.children).toEqual([]);
    });

    it('say nothing of a cell that was not answered', () => {
      const { rows } = report;
      for (const [index, row] of rows.entries()) {
        if (row.sample?.outcome.kind === 'answered') continue;
        expect(of(cases[index])).toEqual({});
      }
    });
  });

  it('bounds a message at 64 kB of escaped text', () => {
    const long = syntheticReport({ tests: 1 });
    const [first] = long.rows;
    if (first?.sample?.outcome.kind !== 'answered') throw new Error('the first row has an answer');
    const outcome = { ...first.sample.outcome, text: 'ก]]>'.repeat(50_000) };
    const rows = [{ ...first, sample: { ...first.sample, outcome } }];
    const text = wholeText(renderJunit({ summary: long.summary, rows }));
    expect(Buffer.byteLength(text)).toBeLessThan(70_000);
    expect(parse(text).children[0]?.children[0]?.children[0]?.text).toMatch(/\[cut\]$/u);
  });
});
