import { describe, expect, it } from 'vitest';
import { hostile, syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { boundLines, renderMarkdown } from './markdown.ts';
import { escapeMarkdown } from './markdown-text.ts';

describe('text in Markdown', () => {
  it.each([
    ['<b>&', '&lt;b&gt;&amp;'],
    ['a|b', String.raw`a\|b`],
    ['@everyone #12', '@\u200beveryone #\u200b12'],
    ['[x](javascript:1)', String.raw`\[x\](javascript:1)`],
    ['https://e.x www.e.x', 'https:\u200b//e.x www\u200b.e.x'],
    ['- item', String.raw`\- item`],
    ['1. item', '1\u200b. item'],
    ['a\nb', 'a b'],
    ['`$x$`', String.raw`\`\$x\$\``],
    ['\u202eevil\u0000', String.raw`\\u{202E}evil\\u{0}`],
    [
      'العربية ไทย 日本語 한국어 हिन्दी বাংলা አማርኛ 中文 Türkçe Kiswahili',
      'العربية ไทย 日本語 한국어 हिन्दी বাংলা አማርኛ 中文 Türkçe Kiswahili',
    ],
  ])('writes %j as %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it('keeps every hostile string on one line without markup', () => {
    for (const text of hostile) {
      const escaped = escapeMarkdown(text);
      expect(escaped).not.toMatch(/[\n\r]|[@#][^\u200b]|:\/\/|(?<!\\)[|`*_[\]]|</u);
    }
  });
});

describe('summary.md', () => {
  it('says first what the run is, then the verdict, then every language with its numbers', () => {
    const text = renderMarkdown(syntheticReport());
    expect(text.indexOf('**Demonstration.**')).toBeLessThan(text.indexOf('- Over all languages'));
    expect(text).toContain('**Incomplete.**');
    for (const tag of ['ar', 'th', 'ja', 'hi', 'am', 'zh', 'sw', 'en']) expect(text).toContain(`(${tag}) |`);
    expect(text).toContain('| wrong language |');
    expect(text).toContain('no answer: timeout-first');
  });

  it('says what the checks saw, what had no score and why, and by which definitions', () => {
    const { summary, rows } = syntheticReport();
    const environment = { icu: '78.2', unicode: '17.0' };
    const text = renderMarkdown({ summary: { ...summary, run: { ...summary.run, environment } }, rows });
    expect(text).toContain('| Numbers | alpha | beta |');
    expect(text).toMatch(/\| by guessing \| 25\.0\u00a0% \| 25\.0\u00a0% \|/u);
    expect(text).toMatch(/\| Fields \(5 of 44\) \|/u);
    expect(text).toContain(
      '| orders › language (not-language) | scored 80; not applicable 9, no answer 3, never asked 2 |',
    );
    for (const { signatures } of summary.metrics)
      for (const { signature } of signatures) expect(text).toContain(escapeMarkdown(signature));
    expect(text).toContain('\nICU 78.2, Unicode 17.0.\n');
    expect(text).not.toContain('<img');
  });

  const languageRows = (text: string) =>
    text
      .slice(0, text.indexOf('## What went wrong'))
      .split('\n')
      .filter((line) => /^\| (?:\*\*All languages|[^|]+ \([a-z]{2}\) \|)/u.test(line));

  it('gives a pass rate its own interval, n and what is missing', () => {
    const report = syntheticReport();
    const rows = languageRows(renderMarkdown(report));
    expect(rows).toHaveLength(27);
    for (const row of rows) {
      const found = row.match(/; pass \d+\.\d\u00a0% \(\d+\.\d–\d+\.\d\), n \d+/gu) ?? [];
      expect(found, row).toHaveLength(2);
    }
    const overall = report.summary.scores.find((row) => row.language === null);
    const { passRate, score } = overall ?? {};
    expect(passRate?.n).not.toBe(score?.n);
    expect(rows[0]).toContain(`, n ${passRate?.n}, missing ${passRate?.missing} |`);
  });

  it('gives a difference its interval, its direction, and what could have been seen', () => {
    const text = renderMarkdown(syntheticReport());
    const rows = languageRows(text).slice(0, 9);
    expect(text).toContain('| Verdict (beta minus alpha) |');
    for (const row of rows)
      expect(row).toMatch(/(?:[+\u2212]\d+\.\d|0\.0) \(\S+ to [^ ;)]+(?:; [^)]+)?\), n \d+/u);
    const open = rows.filter((row) => row.includes('undecided'));
    expect(open.length).toBeGreaterThan(0);
    for (const row of open) expect(row).toContain('; could see 18.7)');
    expect(rows.filter((row) => row.includes('could see'))).toEqual(open);
  });

  it('says that a difference has no interval, and names no single direction for several targets', () => {
    const { summary, rows } = syntheticReport({ tests: 1, targets: 3 });
    const comparisons = summary.comparisons.map((each) => ({
      ...each,
      difference: { ...each.difference, low: null, high: null },
    }));
    const text = renderMarkdown({ summary: { ...summary, comparisons }, rows });
    expect(text).toContain('| Verdict (each minus alpha) |');
    expect(text).toMatch(/(?:[+\u2212]\d+\.\d|0\.0) \(no interval\), n \d+/u);
  });

  it('shows corpus figures by language and definition, and says what they may not be used for', () => {
    const report = syntheticReport();
    const text = renderMarkdown(report);
    expect(text).toContain('Compare models within one language only.');
    expect(text).toMatch(
      /\| Thai \(th\) \| orders \| wording \| 43\.5 \(40\.3–46\.3\), n 12 \| 45\.5 \(42\.3–48\.3\), n 12 \| chrF2\+\+\\\|nrefs:1/u,
    );
    expect(text).toMatch(/\| Amharic \(am\) \|.*\| n\/a \(n=0\), n 0, missing 12 \|/u);
    const without = renderMarkdown({ ...report, summary: { ...report.summary, corpus: [] } });
    expect(without).not.toContain('Corpus');
  });

  it('gives every row of a table the columns of its head', () => {
    const report = syntheticReport();
    const [first, ...others] = report.summary.targets;
    if (first === undefined) throw new Error('a target');
    const odd = { ...report.summary, targets: [{ ...first, id: 'a|b\n|c' }, ...others] };
    const lines = renderMarkdown({ ...report, summary: odd }).split('\n');
    const columns = (line: string) => line.split(/(?<!\\)\|/u).length;
    let width = 0;
    for (const line of lines) {
      if (!line.startsWith('|')) width = 0;
      else if (width === 0) width = columns(line);
      else expect(columns(line), line).toBe(width);
    }
  });

  it('stays within its bytes and says where it was cut', () => {
    const text = boundLines(['ሀ'.repeat(50), 'ሁ'.repeat(50), 'ሂ'.repeat(50)], 400);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(400);
    expect(text).toContain('cut here');
    expect(boundLines(['a', 'b'])).toBe('a\nb');
  });
});
