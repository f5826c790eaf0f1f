/** The sections of the page, from the summary to HTML; each is one template and the view it takes. */
import type { Label, Report, Summary } from '../../types.ts';
import {
  definitions,
  headings,
  kindWords,
  labelMeanings,
  labelWords,
  otherNames,
  texts,
} from '../strings.ts';
import { corpusLines } from '../view/corpus.ts';
import { kindsView } from '../view/kinds.ts';
import { matricesOf, type Matrix, scoreLines } from '../view/matrix.ts';
import { loadView, qualityRatioLines } from '../view/load.ts';
import { curvePlot, throughputPlot } from './load-plots.ts';
import { memoryView, namedLines, serverLines } from '../view/memory.ts';
import { eventView } from '../view/events.ts';
import { machineLines } from '../view/machine.ts';
import { speedView } from '../view/speed.ts';
import { type DifferenceRow, pairsOf } from '../view/verdict.ts';
import { disagreeSection } from './disagree.ts';
import { runFacts, suiteFacts, targetFacts } from './facts.ts';
import { gatesSection, sinceSection } from './front.ts';
import { memoryCharts } from './memory-plots.ts';
import { forestPlot, kindsPlot, speedPlot } from './plots.ts';
import { renderTemplate } from './render-template.ts';
import { seenSection, signaturesPart, verdictsPart } from './seen.ts';
import { acrossSection, standingsSection } from './standings.ts';
import { aboutTemplate } from './templates/about.ts';
import { answersTemplate } from './templates/answers.ts';
import { memoryTemplate } from './templates/memory.ts';
import { bannersTemplate } from './templates/page.ts';
import { languagesTemplate, scoresTemplate, speedTemplate, wrongTemplate } from './templates/tables.ts';
import { verdictTemplate } from './templates/verdict.ts';

/** What stands after `#` to open the browser of cells with these filters. */
function query(filters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(filters).toString();
}

/** Class of a target's colour. */
type ToneOf = (target: string | null) => string;

function toneOf(summary: Summary): ToneOf {
  const ids = summary.targets.map((target) => target.id);
  return (target) => (target === null || !ids.includes(target) ? 'plain' : `t${ids.indexOf(target) % 6}`);
}

/** Who wins in this label decides its colour; an open question has none. */
function labelTone(label: Label, other: string, baseline: string, tone: ToneOf): string {
  if (label === 'better') return tone(other);
  return label === 'worse' ? tone(baseline) : label;
}

function banners(summary: Summary): string {
  const { run, totals, notes } = summary;
  const demo = notes.find((note) => note.code === 'demo')?.text ?? texts.demoFallback;
  const rest = notes.filter((note) => !(run.demo && note.code === 'demo'));
  return renderTemplate(bannersTemplate, {
    demoWord: texts.demo,
    demo: run.demo ? demo : '',
    incompleteWord: texts.incomplete,
    incomplete: run.complete
      ? ''
      : `${totals.answered} of ${totals.planned} planned cells answered; ${totals.failed} failed, ${totals.unasked} never asked. Figures below count them as missing.`,
    notesWord: texts.notes,
    notes: rest,
  });
}

function verdict(summary: Summary, tone: ToneOf): string {
  const pairs = pairsOf(summary);
  const { verdict: said, totals, run } = summary;
  const list = (rows: readonly DifferenceRow[], scoped: boolean) => ({ rows, scoped });
  const parts = Object.fromEntries(
    pairs.map((pair, index) => [
      `forest-${index}`,
      pair.comparisons.length === 0
        ? ''
        : forestPlot(pair, index, (id) => summary.targets.findIndex((each) => each.id === id)),
    ]),
  );
  return renderTemplate(
    verdictTemplate,
    {
      heading: headings.verdict,
      winner: said.winner ?? '',
      word: labelWords[said.label],
      tone: tone(said.winner),
      // A number and its unit stay on one line.
      sentences: said.sentences.map((sentence) => sentence.replaceAll(/(\d) %/gu, '$1\u00a0%')),
      targets: summary.targets.map(({ id, model }) => ({
        id,
        model,
        tone: tone(id),
        baseline: id === summary.baseline,
      })),
      languageCount: summary.languages.length,
      itemCount: summary.suites.reduce((sum, suite) => sum + suite.tests, 0),
      suiteCount: summary.suites.length,
      answered: totals.answered,
      planned: totals.planned,
      run: run.id,
      pairs: pairs.map((pair, index) => ({
        ...pair,
        index,
        groups: pair.groups.map((group) => ({
          word: group.word,
          tone: labelTone(group.label, pair.other, pair.baseline, tone),
          languages: group.languages.map((name) => ({ ...name, query: query({ lang: name.tag }) })),
        })),
        primary: list(pair.rows, false),
        further: pair.further.length > 0,
        furtherCount: pair.further.length,
        furtherTable: list(pair.further, true),
      })),
    },
    parts,
  );
}

function matrixView(matrix: Matrix, tone: ToneOf) {
  return {
    suite: matrix.suite ?? '',
    compared: matrix.compared,
    direction: matrix.direction,
    heads: matrix.targets.map((id) => ({ id, tone: tone(id) })),
    rows: matrix.rows.map((row) => ({
      language: row.language,
      query: query({
        ...(row.language === null ? {} : { lang: row.language.tag }),
        ...(matrix.suite === null ? {} : { suite: matrix.suite }),
      }),
      cells: row.cells,
      verdicts: row.verdicts.map((each) => ({
        ...each,
        tone: labelTone(each.label, each.other, each.baseline, tone),
      })),
    })),
  };
}

function languages(summary: Summary, tone: ToneOf): string {
  const [all, ...suites] = matricesOf(summary);
  if (all === undefined) return '';
  const undeclared = all.rows.some((row) => row.cells.some((cell) => cell.undeclared));
  return renderTemplate(languagesTemplate, {
    heading: headings.languages,
    steps: Array.from({ length: 11 }, (_each, step) => step),
    all: matrixView(all, tone),
    suites: suites.map((suite) => matrixView(suite, tone)),
    undeclared: undeclared ? texts.undeclared : '',
  });
}

function wrong(summary: Summary): string {
  const view = kindsView(summary);
  const share = (count: number, total: number) =>
    total === 0 ? '' : `${((100 * count) / total).toFixed(1)}\u00a0%`;
  return renderTemplate(
    wrongTemplate,
    {
      heading: headings.wrong,
      targets: view.targets,
      totals: view.totals,
      byLanguage: view.byLanguage,
      lines: view.lines.map((line) => ({
        kind: line.kind,
        word: line.word,
        meaning: kindWords[line.kind].meaning,
        codes: line.kind === 'no-answer' ? view.codes : [],
        cells: line.counts.map((count, index) => ({
          count,
          share: share(count, view.totals[index] ?? 0),
          query: query({ status: line.kind, target: view.targets[index] ?? '' }),
        })),
      })),
    },
    { kinds: view.lines.length === 0 ? '' : kindsPlot(view) },
  );
}

function speed(summary: Summary, tone: ToneOf): string {
  const view = speedView(summary);
  const ids = summary.targets.map((target) => target.id);
  const groups = ['ttft', 'e2e', 'tpot'];
  const chart = speedPlot(summary.speed, ids);
  const position = (id: string): number => ids.indexOf(id);
  const load = loadView(summary);
  const ratios = qualityRatioLines(summary);
  const ttftCurve = curvePlot(summary.speedCurves, 'ttftMs', position);
  const totalCurve = curvePlot(summary.speedCurves, 'e2eMs', position);
  const throughput = summary.speedPhase === null ? null : throughputPlot(summary.speedPhase, position);
  return renderTemplate(
    speedTemplate,
    {
      ratios: ratios.filter((line) => line.language === null),
      ratiosByLanguage: ratios.filter((line) => line.language !== null),
      ttftCurve: ttftCurve !== null,
      totalCurve: totalCurve !== null,
      load: load && {
        ...load,
        groups,
        named: load.levels.some((line) => line.series !== ''),
        good: load.levels.some((line) => line.goodput.length > 0),
        throughput: throughput !== null,
      },
      heading: headings.speed,
      caveat: texts.tokenCaveat,
      overall: { languages: false, groups, rows: view.overall },
      byLanguage: { languages: true, groups, rows: view.byLanguage },
      moreGroups: ['ttfe', 'tta', 'icl', 'queue'],
      moreTimes: [...view.overall, ...view.byLanguage],
      chart: chart !== null,
      heads: ids.map((id) => ({ id, tone: tone(id) })),
    },
    {
      speed: chart ?? '',
      'curve-ttft': ttftCurve ?? '',
      'curve-total': totalCurve ?? '',
      throughput: throughput ?? '',
      memory: memory(summary, tone),
    },
  );
}

function memory(summary: Summary, tone: ToneOf): string {
  const view = memoryView(summary);
  const charts = memoryCharts(summary);
  return renderTemplate(
    memoryTemplate,
    {
      tables: view.tables.map((table) => ({
        ...table,
        rows: table.rows.map(({ target, cells }) => ({
          target,
          tone: tone(target),
          cells: cells.map((each) => ({ ...each, known: each.n !== null })),
        })),
      })),
      charts: charts.map(({ id, title, hasMarks, targets }) => ({
        id,
        title,
        hasMarks,
        heads: targets.map((target) => ({ target, tone: tone(target) })),
      })),
      gaps: view.gaps,
      servers: serverLines(summary),
      named: namedLines(summary),
    },
    Object.fromEntries(charts.map(({ id, svg }) => [id, svg])),
  );
}

function scores(summary: Summary): string {
  const targets = summary.targets.map((target) => target.id);
  const part = (overall: boolean) => ({
    languages: !overall,
    targets,
    rows: scoreLines(summary, overall).map((line) => ({
      ...line,
      suite: line.suite ?? '',
      metric: line.metric ?? '',
    })),
  });
  return renderTemplate(
    scoresTemplate,
    {
      heading: headings.scores,
      overall: part(true),
      byLanguage: part(false),
      corpus: corpusLines(summary),
    },
    { verdicts: verdictsPart(summary) },
  );
}

function about(summary: Summary, tone: ToneOf): string {
  const labels = Object.entries(labelMeanings).map(([label, meaning]) => ({
    word: labelWords[label as Label],
    meaning,
  }));
  const view = {
    heading: headings.about,
    definitions,
    labels,
    margin: (100 * (summary.comparisons[0]?.margin ?? 0.02)).toFixed(1),
    otherNames,
    run: runFacts(summary),
    machine: machineLines(summary),
    events: eventView(summary),
    targets: summary.targets.map((target) => ({
      id: target.id,
      tone: tone(target.id),
      facts: targetFacts(target),
    })),
    suites: summary.suites.map((suite) => ({ name: suite.name, facts: suiteFacts(suite) })),
    legal: texts.legal,
  };
  return renderTemplate(aboutTemplate, view, { signatures: signaturesPart(summary) });
}

/** Finished HTML by the name of its place in the page. */
export function renderSections(report: Report): Readonly<Record<string, string>> {
  const { summary } = report;
  const tone = toneOf(summary);
  return {
    banners: banners(summary),
    verdict: verdict(summary, tone),
    gates: gatesSection(summary),
    since: sinceSection(summary),
    standings: standingsSection(summary, tone),
    across: acrossSection(summary),
    languages: languages(summary, tone),
    wrong: wrong(summary),
    disagree: disagreeSection(report),
    seen: seenSection(
      summary,
      summary.targets.map(({ id }) => ({ id, tone: tone(id) })),
    ),
    speed: speed(summary, tone),
    scores: scores(summary),
    answers: renderTemplate(answersTemplate, {
      heading: headings.answers,
      noscript: texts.noscript,
      cannotUnpack: texts.cannotUnpack,
    }),
    about: about(summary, tone),
  };
}
