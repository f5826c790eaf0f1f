/** What stands near the verdict in summary.md: gates, an earlier run, all targets, languages and repeats beside each other. */
import type { RunComparison, Summary } from '../types.ts';
import { BREAK, escapeMarkdown, figure, table } from './markdown-text.ts';
import { acrossWords, gateWords, headings, pageWords, sinceWords, standingWords } from './strings.ts';
import { acrossView } from './view/across.ts';
import { gatesView } from './view/gates.ts';
import { sinceView, type SideText, type SinceLine } from './view/since.ts';
import { standingsView } from './view/standings.ts';

/** What the run had to bear out; of several claims those that are not passed by name. */
export function gatesSection(summary: Pick<Summary, 'gates'>): string[] {
  const view = gatesView(summary);
  if (view === null) return [];
  return [
    `## ${headings.gates}`,
    '',
    view.outcome,
    '',
    ...table(
      [gateWords.state, 'Gate', 'Found'],
      view.lines.map(({ word, expression, sentence }) => [
        `**${word}**`,
        escapeMarkdown(expression),
        escapeMarkdown(sentence),
      ]),
    ),
    ...view.lines.flatMap(({ several, claims }) =>
      several
        ? claims
            .filter(({ state }) => state !== 'pass')
            .map(({ word, sentence }) => `- ${word}: ${escapeMarkdown(sentence)}`)
        : [],
    ),
    '',
  ];
}

/** Against an earlier run, regressions first. Model text stands in tables, escaped. */
export function sinceSection(comparison: RunComparison): string[] {
  const view = sinceView(comparison);
  const row = ({ target, language, difference, word, counts }: SinceLine): string[] => [
    `${escapeMarkdown(target)}${language === null ? '' : `, ${escapeMarkdown(language.english)}`}`,
    `${figure(difference)}, ${word}`,
    ...counts.map(String),
  ];
  const side = ({ kind, score, excerpt }: SideText): string =>
    `${kind}, ${score}${excerpt === '' ? '' : `: ${escapeMarkdown(excerpt)}`}`;
  return [
    `## ${headings.since}`,
    '',
    `Run ${escapeMarkdown(view.earlier)} of ${escapeMarkdown(view.createdAt)}. ${view.extent}`,
    '',
    ...view.sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`),
    ...view.remarks.map((remark) => `- ${escapeMarkdown(remark)}`),
    '',
    ...table(
      ['Target', sinceWords.difference, ...view.heads],
      [...view.overall, ...view.byLanguage].map(row),
    ),
    ...(view.changes.length === 0
      ? []
      : [
          `${sinceWords.changesTable}, ${view.changes.length} of ${view.distinct}:`,
          '',
          ...table(
            [sinceWords.change, 'Target', sinceWords.question, sinceWords.before, sinceWords.after],
            view.changes.map(({ word, target, language, place, before, after }) => [
              word,
              escapeMarkdown(target),
              `${escapeMarkdown(place)} (${escapeMarkdown(language.english)})`,
              side(before),
              side(after),
            ]),
          ),
        ]),
  ];
}

/** All targets beside each other; every pair where there are more than two. */
export function standingsSection(summary: Summary): string[] {
  if (summary.targets.length < 2) return [];
  const view = standingsView(summary);
  return [
    `## ${headings.standings}`,
    '',
    ...table(
      [
        'Target',
        standingWords.place,
        standingWords.score,
        standingWords.ifWrong,
        standingWords.worst,
        pageWords.charsPerSecond,
        ...(view.hasMemory ? [view.memory] : []),
        standingWords.front,
      ],
      view.lines.map((line) => [
        escapeMarkdown(line.target),
        [line.place, line.against]
          .filter((part) => part !== '')
          .map(escapeMarkdown)
          .join(': '),
        figure(line.score),
        figure(line.worstCase),
        line.worst === '' ? 'n/a' : line.worst,
        figure(line.speed),
        ...(view.hasMemory ? [line.memory] : []),
        escapeMarkdown(line.front),
      ]),
    ),
    ...(view.hasMemory ? [] : [view.memory, '']),
    ...(view.pairs.length === 0
      ? []
      : table(
          [standingWords.pairsHeading, pageWords.difference, pageWords.label],
          view.pairs.map(({ other, baseline, difference, phrase }) => [
            `${escapeMarkdown(other)} minus ${escapeMarkdown(baseline)}`,
            figure(difference),
            escapeMarkdown(phrase),
          ]),
        )),
  ];
}

/** Whether a target knows an item in all its languages, and whether its repeats agree. */
export function acrossSection(summary: Summary): string[] {
  const { consistency, repeats, ks } = acrossView(summary);
  if (consistency.length + repeats.length === 0) return [];
  return [
    `## ${headings.across}`,
    '',
    ...(consistency.length === 0
      ? []
      : table(
          ['Target', acrossWords.consistent, acrossWords.all, acrossWords.none, acrossWords.some],
          consistency.map(({ target, consistent, all, none, some }) => [
            escapeMarkdown(target),
            figure(consistent),
            ...[all, none, some].map(String),
          ]),
        )),
    ...(repeats.length === 0
      ? []
      : table(
          ['Target', ...ks.map((k) => `pass@${BREAK}${k}`), acrossWords.stable],
          repeats.map(({ target, passAtK, stable }) => [
            escapeMarkdown(target),
            ...[...passAtK, stable].map(figure),
          ]),
        )),
  ];
}
