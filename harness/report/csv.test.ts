import { describe, expect, it } from 'vitest';
import { hostileReport } from '../../fixtures/report/hostile-report.ts';
import { hostile, syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import type { JsonObject } from '../types.ts';
import { guardText, renderCsv } from './csv.ts';

/** A strict reader of quoted CSV: fields as written, quotes undone. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/gy;
  field.lastIndex = 1;
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\n') rows.push([]);
    if (field.lastIndex === text.length) break;
  }
  return rows.slice(0, -1);
}

const active = /^[\s'"]*[=+\-@\t\r＝＋－＠]/u;

/** Undoes the guard as the doc comment of csv.ts tells it; a line that ends at a lone carriage return counts it. */
function undo(guarded: string): string {
  const parts = guarded.split(/(\r\n|[\n\v\f\r\u0085\u2028\u2029])/u);
  return parts
    .map((part, index) => {
      const rest = part.slice(1) + (parts[index + 1] === '\r' ? '\r' : '');
      return part.startsWith("'") && active.test(rest) ? part.slice(1) : part;
    })
    .join('');
}

describe('the formula guard', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['  =1', "'  =1"],
    ['\u00a0=1', "'\u00a0=1"],
    [`"'=1`, `'"'=1`],
    ['＠SUM', "'＠SUM"],
    ['a\n=b', "a\n'=b"],
    ['a\r\n-b\r\nc', "a\r\n'-b\r\nc"],
    ['a\r+b', "a\r'+b"],
    ['a\u2028@b', "a\u2028'@b"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['| a | 50 % |', '| a | 50 % |'],
    ['مرحبا = ١', 'مرحبا = ١'],
    ['สวัสดี', 'สวัสดี'],
    ['こんにちは', 'こんにちは'],
    ['한국어 -1', '한국어 -1'],
    ['ሰላም', 'ሰላም'],
    ['हिन्दी', 'हिन्दी'],
    ['বাংলা', 'বাংলা'],
    ['İstanbul', 'İstanbul'],
    ['Habari', 'Habari'],
  ])('turns %j into %j', (text, guarded) => {
    expect(guardText(text)).toBe(guarded);
  });

  it.each([...hostile, "'hello", "'=1", "''-1", "rock 'n' roll\n'tis\n=1\r'\r+1", "'ሰላም", "'สวัสดี", ' \rb'])(
    'can be undone: %j',
    (text) => {
      expect(undo(guardText(text))).toBe(text.replaceAll('\u0000', ''));
    },
  );

  it('drops NUL before it looks, so that none hides a formula', () => {
    expect(guardText('\u0000=1')).toBe("'=1");
  });

  it('cuts at what a spreadsheet cell holds, says so, and cuts no character in two', () => {
    const cut = guardText('a' + '😀'.repeat(20_000));
    expect(cut.length).toBeLessThanOrEqual(32_767);
    expect(cut).toMatch(/\[cut: 40001 UTF-16 units\]$/u);
    expect(cut).not.toMatch(/\p{Surrogate}/u);
    expect(guardText('=\n'.repeat(30_000)).length).toBeLessThanOrEqual(32_767);
    expect(guardText('x'.repeat(32_767))).toHaveLength(32_767);
  });
});

describe('rows.csv', () => {
  const report = syntheticReport();
  const text = wholeText(renderCsv(report));
  const [header = [], ...rows] = parse(text);
  const column = (name: string) => rows.map((row) => row[header.indexOf(name)] ?? 'missing');

  it('opens with a byte order mark and holds one record per planned cell', () => {
    expect(text.startsWith('\ufeff"suite","test"')).toBe(true);
    expect(rows).toHaveLength(report.rows.length);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([26]));
    expect(header.slice(-3)).toEqual(['metric:extraction', 'metric:language', 'key']);
    expect(column('key')).toEqual(report.rows.map((row) => row.cell.key));
  });

  it('leaves the byte order mark out when told, and nothing else', () => {
    expect(wholeText(renderCsv(report, { csvBom: false }))).toBe(text.slice(1));
    expect(text.charCodeAt(0)).toBe(0xfeff);
  });

  it('has a column for everything that authors said of their tests, each named once', () => {
    const metadata: JsonObject[] = [
      { domain: 'retail', words: 12 },
      { origin: '=ترجمة', tags: ['กาแฟ', '=1'], domain: 'उड़ान' },
      { toString: 'x', checked: true },
    ];
    const marked = report.rows.map((row, at) => ({
      ...row,
      cell: { ...row.cell, metadata: metadata[at] ?? {} },
    }));
    const [head = [], ...lines] = parse(wholeText(renderCsv({ ...report, rows: marked })));
    expect(new Set(head).size).toBe(head.length);
    const told = lines
      .slice(0, 4)
      .map((line) =>
        Object.fromEntries(
          head.flatMap((name, at) => (name.startsWith('metadata:') ? [[name.slice(9), line[at]]] : [])),
        ),
      );
    const none = { domain: '', words: '', origin: '', tags: '', toString: '', checked: '' };
    expect(told).toEqual([
      { ...none, domain: 'retail', words: '12' },
      { ...none, origin: "'=ترجمة", tags: '["กาแฟ","=1"]', domain: 'उड़ान' },
      { ...none, toString: 'x', checked: 'true' },
      none,
    ]);
  });

  it('has no active line in any cell of a report that is made of attacks', () => {
    const bad = hostileReport();
    const [head = [], ...lines] = parse(wholeText(renderCsv(bad)));
    expect(lines).toHaveLength(bad.rows.length);
    const numbers = new Set(['repeat', 'score', 'ttft_ms', 'e2e_ms', 'tpot_ms']);
    for (const line of [head, ...lines]) {
      for (const [at, value] of line.entries()) {
        if (numbers.has(head[at] ?? '')) continue;
        for (const physical of value.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u))
          if (!physical.startsWith("'") && active.test(physical)) expect(physical).toBe('guarded');
      }
    }
  });

  it('has no active physical line in any text cell', () => {
    for (const answer of column('answer')) {
      for (const line of answer.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u)) {
        if (!line.startsWith("'")) expect(line).not.toMatch(active);
      }
    }
    expect(text).not.toContain('\u0000');
  });

  it('keeps harmless answers as they are', () => {
    const answers = column('answer');
    expect(answers).toContain(hostile[0]);
    expect(answers).toContain('全部で二杯です。ナイロビへお届けするコーヒーは、合わせて二杯になります。');
    expect(answers).toContain(`'=cmd|' /C calc'!A0`);
  });

  it('tells a crashed check from one that does not apply, and both from an outage', () => {
    const of = (kind: string, name: string) =>
      rows.filter((row) => row[header.indexOf('kind')] === kind).map((row) => row[header.indexOf(name)]);
    expect(new Set(of('check-error', 'unscored'))).toEqual(new Set(['extraction (number): check-error']));
    expect(new Set(of('check-error', 'metric:extraction'))).toEqual(new Set(['']));
    expect(new Set(of('check-error', 'metric:language'))).toEqual(new Set(['1']));
    expect(new Set(of('not-applicable', 'unscored'))).toEqual(
      new Set(['extraction (number): not-applicable; language (language): not-applicable']),
    );
    for (const kind of ['no-answer', 'unasked', 'passed'])
      expect(new Set(of(kind, 'unscored'))).toEqual(new Set(['']));
  });

  it('gives a metric no score while one of its checks has none', () => {
    const [row] = report.rows.filter(({ kind }) => kind === 'check-error');
    if (row === undefined) throw new Error('a crashed check');
    const checks = row.cell.checks.map((spec) => ({ ...spec, metric: 'extraction' }));
    const merged = { ...row, cell: { ...row.cell, checks } };
    const sheet = (findings: typeof row.findings): string[] => {
      const [head = [], line = []] = parse(
        wholeText(renderCsv({ ...report, rows: [{ ...merged, findings }] })),
      );
      return ['metric:extraction', 'unscored'].map((name) => line[head.indexOf(name)] ?? '');
    };
    expect(sheet(row.findings)).toEqual(['', 'extraction (number): check-error']);
    expect(sheet(row.findings.slice(1))).toEqual(['', 'extraction (number): check-error']);
    const [crashed, other] = row.findings;
    if (crashed === undefined || other === undefined) throw new Error('two findings');
    const silent = { ...crashed, verdict: { ...crashed.verdict, why: 'not-applicable' } } as typeof crashed;
    expect(sheet([silent, other])).toEqual(['1', 'extraction (number): not-applicable']);
  });

  it('leaves numbers bare and a missing score empty, not zero', () => {
    expect(text).toMatch(/,0\.333,/u);
    const silent = rows.filter((row) => row[header.indexOf('kind')] === 'no-answer');
    expect(silent.length).toBeGreaterThan(0);
    for (const row of silent) {
      expect(row[header.indexOf('score')]).toBe('');
      expect(row[header.indexOf('pass')]).toBe('');
      expect(row[header.indexOf('metric:extraction')]).toBe('');
      expect(row[header.indexOf('failure_code')]).toMatch(/^(timeout-first|connection-reset)$/u);
    }
  });
});
