import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostile, syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../../fixtures/report/whole-text.ts';
import { unpackPage } from '../../../fixtures/report/unpack-page.ts';
import type { Report } from '../../types.ts';
import { blocksOf } from '../view/blocks.ts';
import { cardsPerBlock, pageData } from './data.ts';
import { pack } from './pack.ts';
import { renderPage } from './page.ts';

const report = syntheticReport();
const html = wholeText(renderPage(report));

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
    expect(html.match(/<script>/gu)).toHaveLength(1);
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
  const { index, blocks, strings } = unpackPage(html);

  it('lies in elements that no browser runs, in letters that end nothing', () => {
    const elements = [...html.matchAll(/<script([^>]*)>([^<]*)<\/script>/gu)];
    expect(elements).toHaveLength(1 + blocks.length);
    for (const [, attributes, text] of elements) {
      expect(attributes).toMatch(/^ type="text\/plain" id="(?:index|block-\d+)"$/u);
      expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/u);
    }
  });

  it('comes back as it went in, broken letters and all', () => {
    for (const text of hostile) expect(strings).toContain(text);
    expect(index.cells.target).toHaveLength(report.rows.length);
    expect(blocks.flatMap((block) => block.cards)).toHaveLength(index.cards.test.length);
  });

  it('keeps a prompt once per question, not once per target', () => {
    for (const block of blocks) {
      expect(block.strings).toHaveLength(new Set(block.strings).size);
      expect(block.questions.length).toBeLessThanOrEqual(block.cards.length);
      expect(block.cards.every(([, , , cells]) => cells.length === 2)).toBe(true);
    }
    expect(index.cards.test).toHaveLength(report.rows.length / 2);
  });

  it('makes one block at a time', () => {
    const { blocks: made } = pageData(report);
    const first = made().next().value;
    expect(first?.cards).toHaveLength(cardsPerBlock);
  });

  it('is the same to the byte when it is made again', () => {
    expect(wholeText(renderPage(syntheticReport()))).toBe(html);
  });

  it('packs different answers so that 10,000 cells fit into 5 MB', () => {
    const rows = report.rows.map((row, at): Report['rows'][number] => {
      const { sample } = row;
      if (sample?.outcome.kind !== 'answered') return row;
      const because = `found ${at}, expected 2`;
      const findings = row.findings.map((finding) => ({
        ...finding,
        verdict: { ...finding.verdict, because },
      }));
      const text = `${sample.outcome.text} ${at} ${createHash('sha256').update(String(at)).digest('base64')}`;
      return { ...row, findings, sample: { ...sample, outcome: { ...sample.outcome, text } } };
    });
    const { blocks: made } = pageData({ summary: report.summary, rows });
    const bytes = [...made()].reduce((sum, block) => sum + pack(block).length, 0);
    expect(bytes / rows.length).toBeLessThan(400);
    expect(bytes / rows.length).toBeGreaterThan(40);
  });
});

/** From the opening tag of a section to its end. */
function sectionOf(page: string, id: string): string {
  const from = page.indexOf(`<section id="${id}"`);
  return page.slice(from, page.indexOf('</section>', from));
}

describe('the page without its script', () => {
  const still = html.slice(html.indexOf('<body>'), html.indexOf('<script type'));

  it('opens with what the run is, then the verdict', () => {
    const order = [
      'class="banner demo"',
      'class="banner gap-banner"',
      'id="verdict"',
      'id="languages"',
      'id="wrong"',
      'id="disagree"',
      'id="seen"',
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
    const calm = wholeText(renderPage(syntheticReport({ tests: 1, demo: false, complete: true })));
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

  it('gives every table that shows evidence or metrics a caption, and every head of it a scope', () => {
    const parts = ['seen', 'scores', 'about'].map((id) => sectionOf(still, id));
    const tables = parts.join('').match(/<table.*?<\/table>/gsu) ?? [];
    const own = tables.filter((table) => table.includes('<caption'));
    expect(own.length).toBeGreaterThanOrEqual(13);
    expect(sectionOf(still, 'seen').match(/<table/gu)).toHaveLength(
      sectionOf(still, 'seen').match(/<caption/gu)?.length ?? 0,
    );
    for (const table of own) expect(table).not.toMatch(/<th(?=[\s>])(?![^>]*scope="(?:col|row)")/u);
  });

  it('shows what the checks saw as bars with their counts in words and in a table', () => {
    const seen = sectionOf(still, 'seen');
    for (const id of ['numbers', 'choices', 'languages', 'stages'])
      expect(seen).toMatch(new RegExp(`<desc id="seen-${id}-desc">alpha: .* of \\d+\\. beta: `, 'u'));
    const [numbers] = blocksOf(report.summary);
    const row = new RegExp('no number</th><td class="num">(\\d+) .*?<td class="num">(\\d+) ', 'u').exec(seen);
    const at = numbers?.outcomes.findIndex(({ key }) => key === 'none') ?? -1;
    expect(row?.slice(1)).toEqual(numbers?.totals.map(({ counts }) => String(counts[at])));
    expect(seen).toContain('right by the other separators');
    expect(seen).toMatch(/by guessing<\/th><td class="num">25\.0\u00a0%/u);
    expect(seen).toMatch(/drift<\/span>\s*English \d+, unknown in Latin letters 1/u);
    expect(seen).toContain('5 of 44 fields');
    expect(seen).toContain('3 of 5.');
  });

  it('writes pointers out of answers as text', () => {
    expect(sectionOf(still, 'seen')).toContain('/items/*/&lt;img src&#x3D;x onerror');
  });

  it('prints every signature, and how many verdicts were scored and why others were not', () => {
    const about = sectionOf(still, 'about');
    for (const { signatures } of report.summary.metrics)
      for (const { signature } of signatures)
        expect(unescape(about)).toContain(signature.replace('<b>', '&lt;b&gt;'));
    expect(about).toContain('>all<');
    const scores = sectionOf(still, 'scores');
    expect(scores).toMatch(/check crashed<\/th>.*never asked<\/th>/su);
    expect(scores).toContain('<td class="num">89</td>');
  });

  it('leaves the section and its link out where no check left evidence', () => {
    const { summary, rows } = report;
    const none = { list: [], distinct: 0 };
    const evidence = { numbers: [], choices: [], languages: [], stages: [], violations: none, fields: none };
    const bare = wholeText(renderPage({ summary: { ...summary, evidence, metrics: [] }, rows }));
    expect(bare).not.toContain('id="seen"');
    expect(bare).not.toContain('href="#seen"');
    expect(bare).not.toContain('Definitions behind the scores');
    expect(html).toContain('href="#seen"');
  });

  it('says beside a figure why cells have no score', () => {
    expect(still).toMatch(/without a score: [a-z ,\d]*check crashed \d+, no answer \d+/u);
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
