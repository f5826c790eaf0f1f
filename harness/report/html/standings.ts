/** The sections that set targets, languages and repeats beside each other. */
import type { Summary } from '../../types.ts';
import { formatP } from '../numbers.ts';
import { headings, texts } from '../strings.ts';
import { acrossView, corpusDifferences } from '../view/across.ts';
import { standingsView } from '../view/standings.ts';
import { renderTemplate } from './render-template.ts';
import { standingsPlot } from './standings-plot.ts';
import { acrossTemplate, standingsTemplate } from './templates/standings.ts';

/** Class of a target's colour. */
type ToneOf = (target: string) => string;

/** Empty for a single target. */
export function standingsSection(summary: Summary, tone: ToneOf): string {
  if (summary.targets.length < 2) return '';
  const view = standingsView(summary);
  const ids = summary.targets.map(({ id }) => id);
  const chart = standingsPlot(summary.standings, view.memory, (id) => ids.indexOf(id));
  return renderTemplate(
    standingsTemplate,
    {
      ...view,
      heading: headings.standings,
      chart: chart !== null,
      lines: view.lines.map((line) => ({ ...line, tone: tone(line.target) })),
      pairs: view.pairs.map((pair) => ({ ...pair, p: formatP(pair.pHolm) })),
      legal: texts.legal,
      date: summary.run.createdAt.slice(0, 10),
    },
    { standings: chart ?? '' },
  );
}

/** Empty where nothing can be set beside anything: one language, one answer each. */
export function acrossSection(summary: Summary): string {
  const view = acrossView(summary);
  const { gaps, consistency, repeats, ks } = view;
  const corpus = corpusDifferences(summary);
  if (gaps.length + consistency.length + repeats.length + corpus.length === 0) return '';
  return renderTemplate(acrossTemplate, {
    ...view,
    heading: headings.across,
    corpus,
    consistencyTable: { suites: false, rows: consistency },
    suiteTable: { suites: true, rows: view.bySuite },
    repeatTable: { languages: false, ks, rows: repeats },
    repeatLanguageTable: { languages: true, ks, rows: view.repeatsByLanguage },
  });
}
