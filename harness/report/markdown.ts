/**
 * summary.md: the verdict, the matrix, the kinds and the speed, for a step summary or a pull request. Whatever a person,
 * a suite or a server wrote is escaped: it starts no markup, no mention, no issue reference, no link, no formula.
 */
import type { Report, Summary } from '../types.ts';
import { languageName } from './language-names.ts';
import { acrossSection, gatesSection, sinceSection, standingsSection } from './markdown-front.ts';
import { escapeMarkdown, figure, table } from './markdown-text.ts';
import { headings, labelWords, memoryWords, pageWords, texts } from './strings.ts';
import { type Block, blocksOf } from './view/blocks.ts';
import { corpusLines } from './view/corpus.ts';
import { driftRows } from './view/drift.ts';
import { fieldsView } from './view/fields.ts';
import type { Figure } from './view/figure.ts';
import { kindsView } from './view/kinds.ts';
import { matricesOf, type Matrix, type MatrixVerdict } from './view/matrix.ts';
import { memoryView } from './view/memory.ts';
import { signatureLines, unscoredText } from './view/metrics.ts';
import { speedView } from './view/speed.ts';

/** What a step summary takes at most, in bytes. */
const LIMIT = 1_048_576;
/** `−3.1 (−8.5 to +2.2; could see 7.5), n 853, missing 15`. */
function differenceText({ difference, detectable }: MatrixVerdict): string {
  const seen = detectable === '' ? '' : `; could see ${detectable}`;
  return figure({ ...difference, interval: `${difference.interval || 'no interval'}${seen}` });
}

function matrixTable(matrix: Matrix): string[] {
  const { other, baseline } = matrix.direction;
  const verdict = `Verdict (${other === '' ? 'each' : escapeMarkdown(other)} minus ${escapeMarkdown(baseline)})`;
  const header = ['Language', ...matrix.targets.map(escapeMarkdown), ...(matrix.compared ? [verdict] : [])];
  const rows = matrix.rows.map((row) => [
    row.language === null
      ? '**All languages**'
      : `${escapeMarkdown(row.language.english)} (${escapeMarkdown(row.language.tag)})`,
    ...row.cells.map((cell) => `${figure(cell.score)}; pass ${figure(cell.pass)}`),
    ...(matrix.compared
      ? [row.verdicts.map((each) => `${escapeMarkdown(each.phrase)} ${differenceText(each)}`).join('; ')]
      : []),
  ]);
  return table(header, rows);
}

function head(summary: Summary): string[] {
  const { run, verdict, totals } = summary;
  const banner = summary.notes.find((note) => note.code === 'demo')?.text ?? texts.demoFallback;
  return [
    `# visavis: ${verdict.winner === null ? labelWords[verdict.label] : `take ${escapeMarkdown(verdict.winner)}`}`,
    '',
    ...(run.demo ? [`> **${texts.demo}.** ${escapeMarkdown(banner)}`, ''] : []),
    ...(run.complete
      ? []
      : [
          `> **${texts.incomplete}.** ${totals.answered} of ${totals.planned} cells answered, ${totals.failed} failed, ${totals.unasked} never asked.`,
          '',
        ]),
    ...verdict.sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`),
    '',
  ];
}

function kindsTable(summary: Summary): string[] {
  const kinds = kindsView(summary);
  return table(
    ['Outcome', ...kinds.targets.map(escapeMarkdown)],
    [
      ...kinds.lines.map((line) => [line.word, ...line.counts.map(String)]),
      ...kinds.codes.map((line) => [`no answer: ${escapeMarkdown(line.code)}`, ...line.counts.map(String)]),
    ],
  );
}

function blockTable({ heading, targets, outcomes, footers, totals }: Block): string[] {
  const lines = [
    ...outcomes.map(({ word }, at) => [word, ...totals.map(({ counts }) => String(counts[at] ?? 0))]),
    ...footers.map(({ word }, at) => [word, ...totals.map((total) => total.footers[at] ?? '')]),
    ['read (missing)', ...totals.map(({ n, missing }) => `${n} (${missing})`)],
  ];
  return table([heading, ...targets.map(escapeMarkdown)], lines);
}

function driftTable(summary: Summary): string[] {
  const rows = driftRows(summary, true);
  if (rows.length === 0) return [];
  const cell = (text: string, each: Figure | null): string =>
    each === null ? '' : `; ${text} ${figure(each)}`;
  return table(
    ['Lines and words that pass, and drift', ...summary.targets.map(({ id }) => escapeMarkdown(id))],
    rows.map(({ name, cells }) => [
      escapeMarkdown(name),
      ...cells.map((each) =>
        each === null
          ? 'n/a'
          : `${figure(each.lines)}${cell(pageWords.wordPass, each.words)}; ${each.drift === '' ? 'no drift' : escapeMarkdown(each.drift)}`,
      ),
    ]),
  );
}

function fieldTables(summary: Summary): string[] {
  const { fields, violations } = fieldsView(summary);
  const targets = summary.targets.map(({ id }) => escapeMarkdown(id));
  return [
    ...(fields.lines.length === 0
      ? []
      : table(
          [`Fields (${fields.listed} of ${fields.distinct})`, ...targets],
          fields.lines.map(({ suite, pointer, cells }) => [
            `${escapeMarkdown(suite)} ${escapeMarkdown(pointer)}`,
            ...cells.map((each) =>
              each === null
                ? 'n/a'
                : [figure(each.match), each.differences].filter((part) => part !== '').join('; '),
            ),
          ]),
        )),
    ...(violations.lines.length === 0
      ? []
      : table(
          [`Broken rules of schemas (${violations.listed} of ${violations.distinct})`, ...targets],
          violations.lines.map(({ suite, pointer, keyword, counts }) => [
            `${escapeMarkdown(suite)} ${escapeMarkdown(pointer)} ${escapeMarkdown(keyword)}`,
            ...counts.map(String),
          ]),
        )),
  ];
}

function seenSection(summary: Summary): string[] {
  const blocks = blocksOf(summary);
  if (blocks.length === 0) return [];
  return [
    `## ${headings.seen}`,
    '',
    ...blocks.flatMap((block) => [
      ...blockTable(block),
      ...(block.id === 'languages' ? driftTable(summary) : []),
      ...(block.id === 'stages' ? fieldTables(summary) : []),
    ]),
  ];
}

/** Checks that had nothing to say somewhere, and why: what is not listed was scored wherever it was planned. */
function unscoredTable(summary: Summary): string[] {
  const rows = summary.metrics
    .filter(({ verdicts }) => verdicts.some((count) => unscoredText(count) !== ''))
    .map(({ suite, metric, check, verdicts }) => [
      `${escapeMarkdown(suite)} › ${escapeMarkdown(metric)} (${escapeMarkdown(check)})`,
      ...summary.targets.map(({ id }) => {
        const count = verdicts.find(({ target }) => target === id);
        if (count === undefined) return 'n/a';
        const why = unscoredText(count);
        return why === '' ? `scored ${count.scored}` : `scored ${count.scored}; ${why}`;
      }),
    ]);
  const heads = summary.targets.map(({ id }) => escapeMarkdown(id));
  return rows.length === 0
    ? []
    : [`## ${pageWords.verdictsHeading}`, '', ...table(['Metric (check)', ...heads], rows)];
}

/** Every definition behind a score. */
function signaturesTable(summary: Summary): string[] {
  const lines = signatureLines(summary);
  if (lines.length === 0) return [];
  return [
    `## ${pageWords.signaturesHeading}`,
    '',
    ...table(
      ['Metric (check)', 'Signature', 'Languages', 'n'],
      lines.map(({ suite, metric, check, signature, languages, scored }) => [
        `${escapeMarkdown(suite)} › ${escapeMarkdown(metric)} (${escapeMarkdown(check)})`,
        escapeMarkdown(signature),
        escapeMarkdown(languages),
        String(scored),
      ]),
    ),
  ];
}

/** Which data of scripts and words the run was made with; signatures name what the scores were made with. */
function unicodeLine({ run }: Summary): string[] {
  const { icu, unicode } = run.environment;
  return typeof icu === 'string' && typeof unicode === 'string'
    ? [escapeMarkdown(`ICU ${icu}, Unicode ${unicode}.`)]
    : [];
}

function speedTable(summary: Summary): string[] {
  const speed = speedView(summary);
  return table(
    ['Target', 'TTFT p50 / p90 / p95', 'Total p50 / p90 / p95', 'n (missing)', 'tokens out', 'chars/s'],
    speed.overall.map((line) => {
      const figures = [line.ttft, line.e2e].map((each) => `${each.p50} / ${each.p90} / ${each.p95}`);
      return [
        escapeMarkdown(line.target),
        ...figures,
        `${line.e2e.n} (${line.e2e.missing})`,
        line.tokensOut.value,
        figure(line.chars),
      ];
    }),
  );
}

/** A table per basis, as on the page; then what could not be measured, and why. */
function memoryTables(summary: Summary): string[] {
  const { tables, gaps } = memoryView(summary);
  return [
    `### ${pageWords.memory}`,
    '',
    ...tables.flatMap(({ title, columns, rows }) => [
      `${title}:`,
      '',
      ...table(
        ['Target', ...columns.map(({ name, basis }) => `${name} (${basis})`)],
        rows.map(({ target, cells }) => [
          escapeMarkdown(target),
          ...cells.map(({ text, n }) => (n === null ? text : `${text}, n ${n}`)),
        ]),
      ),
    ]),
    ...gaps.map(
      ({ target, probe, why }) =>
        `- ${memoryWords.gaps}: ${escapeMarkdown(target)}, ${escapeMarkdown(probe)}: ${escapeMarkdown(why)}`,
    ),
    ...(gaps.length === 0 ? [] : ['']),
  ];
}

function corpusTable(summary: Summary): string[] {
  const lines = corpusLines(summary);
  if (lines.length === 0) return [];
  const targets = summary.targets.map(({ id }) => escapeMarkdown(id));
  return [
    `## ${pageWords.corpus}`,
    '',
    pageWords.corpusCaption,
    '',
    ...table(
      ['Language', 'Suite', 'Metric', ...targets, 'Definition'],
      lines.map(({ language, suite, metric, figures, signature }) => [
        `${escapeMarkdown(language.english)} (${escapeMarkdown(language.tag)})`,
        escapeMarkdown(suite),
        escapeMarkdown(metric),
        ...figures.map(figure),
        escapeMarkdown(signature),
      ]),
    ),
  ];
}

/** At most `limit` bytes, cut between lines, and saying so. */
export function boundLines(lines: readonly string[], limit = LIMIT): string {
  const last = '\n(cut here: the whole is in summary.json)\n';
  const whole = lines.join('\n');
  if (Buffer.byteLength(whole) <= limit) return whole;
  const kept: string[] = [];
  let size = Buffer.byteLength(last);
  for (const line of lines) {
    size += Buffer.byteLength(line) + 1;
    if (size > limit) break;
    kept.push(line);
  }
  return `${kept.join('\n')}\n${last}`;
}

/** What a reader of the numbers should know besides; the demonstration is said at the top. */
function notesList({ notes }: Summary): string[] {
  const rest = notes.filter((note) => note.code !== 'demo');
  if (rest.length === 0) return [];
  return [`## ${texts.notes}`, '', ...rest.map((note) => `- ${escapeMarkdown(note.text)}`), ''];
}

export function renderMarkdown(report: Report): string {
  const { summary } = report;
  const matrices = matricesOf(summary);
  return boundLines([
    ...head(summary),
    ...gatesSection(summary),
    ...(summary.sinceEarlier === null ? [] : sinceSection(summary.sinceEarlier)),
    ...standingsSection(summary),
    `## ${headings.languages}`,
    '',
    texts.matrixKey,
    '',
    ...matrices.flatMap((matrix) => [
      ...(matrix.suite === null ? [] : [`### ${escapeMarkdown(matrix.suite)}`, '']),
      ...matrixTable(matrix),
    ]),
    ...acrossSection(summary),
    `## ${headings.wrong}`,
    '',
    ...kindsTable(summary),
    ...seenSection(summary),
    `## ${headings.speed}`,
    '',
    ...speedTable(summary),
    ...memoryTables(summary),
    ...corpusTable(summary),
    ...unscoredTable(summary),
    ...signaturesTable(summary),
    ...notesList(summary),
    `Languages: ${summary.languages.map((tag) => escapeMarkdown(languageName(tag).english)).join(', ')}. Run ${escapeMarkdown(summary.run.id)}, ${escapeMarkdown(summary.run.tool)}, plan ${escapeMarkdown(summary.run.planHash.slice(0, 12))}, seed ${summary.run.seed}.`,
    ...unicodeLine(summary),
    '',
  ]);
}
