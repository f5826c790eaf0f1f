import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostile, syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import type { Report } from '../../types.ts';
import { embedJson, pageData } from './data.ts';
import { renderPage } from './page.ts';

const report = syntheticReport();
const html = renderPage(report);

function between(open: string, close: string): string {
  const from = html.indexOf(open) + open.length;
  return html.slice(from, html.indexOf(close, from));
}

const unescape = (text: string) => text.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=');

describe('the policy of the page', () => {
  const policy = unescape(/content="([^"]*)"/u.exec(html)?.[1] ?? '');

  it('is the first thing in the head, and the encoding is within reach', () => {
    expect(html).toMatch(
      /^<!doctype html>\n<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy"/u,
    );
    expect(html.indexOf('charset="utf-8"')).toBeLessThan(1024);
  });

  it('names the hashes of the one style and the one script', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain(`style-src 'sha256-${sha256(between('<style>', '</style>'))}'`);
    expect(policy).toContain(`script-src 'sha256-${sha256(between('<script>', '</script>'))}'`);
    expect(html.match(/<style/gu)).toHaveLength(1);
    expect(html.match(/<script/gu)).toHaveLength(2);
  });

  it('lets nothing else in', () => {
    expect(policy.startsWith("default-src 'none'; ")).toBe(true);
    for (const part of [
      "connect-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe|https?:|\*/u);
  });
});

describe('the data of the page', () => {
  it('cannot leave its element', () => {
    const data = between('<script type="application/json" id="data">', '</script>');
    expect(data).not.toMatch(/[<>&\u2028\u2029]/u);
    const strings = (JSON.parse(data) as { strings: string[] }).strings;
    for (const text of hostile) expect(strings).toContain(text);
  });

  it('escapes what HTML and scripts end at', () => {
    expect(embedJson('</script>&\u2028\u2029')).toBe(String.raw`"\u003c/script\u003e\u0026\u2028\u2029"`);
  });

  it('keeps a prompt once per question, not once per target', () => {
    const data = pageData(report);
    expect(data.strings).toHaveLength(new Set(data.strings).size);
    expect(data.questions.length).toBeLessThanOrEqual(data.cards.length);
    expect(data.cards).toHaveLength(report.rows.length / 2);
    expect(data.cards.every((card) => card[6].length === 2)).toBe(true);
  });

  it('holds 10,000 cells of different answers in 5 MB', () => {
    const big = syntheticReport({ tests: 313 });
    const rows = big.rows.map((row, index): Report['rows'][number] => {
      const { sample } = row;
      if (sample?.outcome.kind !== 'answered') return row;
      const because = `found ${index}, expected 2`;
      const findings = row.findings.map((finding) => ({
        ...finding,
        verdict: { ...finding.verdict, because },
      }));
      const outcome = { ...sample.outcome, text: `${sample.outcome.text} ${index} ${'x'.repeat(40)}` };
      return { ...row, findings, sample: { ...sample, outcome } };
    });
    expect(rows.length).toBeGreaterThanOrEqual(10_000);
    expect(Buffer.byteLength(renderPage({ summary: big.summary, rows }))).toBeLessThanOrEqual(5_000_000);
  });
});

describe('the page without its script', () => {
  const still = html.slice(html.indexOf('<body>'), html.indexOf('<script type'));

  it('opens with what the run is, then the verdict', () => {
    const order = [
      'class="banner demo"',
      'class="banner gap-banner"',
      'id="verdict"',
      'id="languages"',
      'id="wrong"',
      'id="speed"',
      'id="scores"',
      'id="answers"',
      'id="about"',
    ];
    const places = order.map((mark) => still.indexOf(mark));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });

  it('leaves the boxes out of a real and complete run', () => {
    const calm = renderPage(syntheticReport({ tests: 1, demo: false, complete: true }));
    expect(calm).not.toContain('class="banner demo"');
    expect(calm).not.toContain('<p class="banner-head">Incomplete');
  });

  it('has every language by both names, every score with n and what is missing', () => {
    for (const own of ['العربية', 'ไทย', '日本語', 'हिन्दी', 'አማርኛ', '中文', 'Kiswahili'])
      expect(still).toContain(own);
    const cells = still.match(/<td class="heat/gu) ?? [];
    expect(cells).toHaveLength(2 * 9 * 3);
    expect((still.match(/missing&nbsp;\d+/gu) ?? []).length).toBeGreaterThanOrEqual(2 * cells.length);
  });

  it('says n/a with its n where there is no figure', () => {
    expect(still).toContain('n/a (n&#x3D;0)');
  });

  it('has a data table behind every forest plot', () => {
    expect(still).toMatch(/<svg class="plot" role="img" aria-labelledby="forest-0-title"/u);
    expect(still).toContain('The numbers behind this chart');
    expect(still).toContain('mcnemar-exact');
  });

  it('gives the difference beside a verdict its interval and n, and says which way it points', () => {
    const cells = still.match(/<td class="take">.*?<\/td>/gu) ?? [];
    const filled = cells.filter((cell) => cell.includes('chip'));
    expect(filled).toHaveLength(9);
    for (const cell of filled) expect(cell).toMatch(/<span class="ci">\S+ to \S+<\/span>.*n&nbsp;\d+/u);
    const open = filled.filter((cell) => cell.includes('undecided'));
    expect(open.length).toBeGreaterThan(0);
    for (const cell of open) expect(cell).toContain('could have seen&nbsp;18.7');
    expect(still).toContain('<bdi>beta</bdi> minus <bdi>alpha</bdi>, in points');
  });

  it('marks languages that the maker does not declare', () => {
    expect(still).toContain('† undeclared');
  });

  it('loads nothing: no address in any attribute, no style attribute, no handler', () => {
    expect(still).not.toMatch(/\s(?:src|srcset|action|data|poster)="/u);
    expect(still).not.toMatch(/\shref="(?!#)/u);
    expect(still).not.toMatch(/<[^>]*\s(?:style|on\w+)=/u);
  });

  it('writes hostile names as text', () => {
    expect(still).not.toContain('<img');
    expect(still).toContain('&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;');
  });

  it('defines what it shows', () => {
    for (const term of [
      'Score',
      'Pass rate',
      'p (Holm)',
      'TTFT',
      'TPOT',
      'Characters per second',
      'Memory',
    ]) {
      expect(still).toContain(`<dt>${term}</dt>`);
    }
    expect(still).toContain('Not legal advice');
  });
});
