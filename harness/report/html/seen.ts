/** The section on what the checks saw, and the tables of metrics, from the summary to HTML. */
import type { Summary } from '../../types.ts';
import { headings } from '../strings.ts';
import { type Block, blocksOf } from '../view/blocks.ts';
import { driftRows } from '../view/drift.ts';
import { fieldsView } from '../view/fields.ts';
import { signatureLines, verdictsView } from '../view/metrics.ts';
import { blockPlot } from './plots.ts';
import { renderTemplate } from './render-template.ts';
import {
  driftTemplate,
  fieldsTemplate,
  seenTemplate,
  signaturesTemplate,
  verdictsTemplate,
} from './templates/seen.ts';

/** Name of a target and the class of its colour. */
interface Head {
  readonly id: string;
  readonly tone: string;
}

/** The whole section; empty when no check left evidence. */
export function seenSection(summary: Summary, heads: readonly Head[]): string {
  const blocks = blocksOf(summary);
  const after: Readonly<Record<string, string>> = {
    languages: drift(summary, heads),
    stages: fields(summary, heads),
  };
  if (blocks.length === 0) return '';
  return renderTemplate(
    seenTemplate,
    {
      heading: headings.seen,
      blocks: blocks.map((block) => blockView(block, (after[block.id] ?? '') !== '')),
    },
    Object.fromEntries(
      blocks.flatMap((block): [string, string][] => [
        [`seen-${block.id}`, blockPlot(block)],
        [`after-${block.id}`, after[block.id] ?? ''],
      ]),
    ),
  );
}

function blockView(block: Block, after: boolean) {
  const { outcomes, footers, totals, byMetric, targets } = block;
  const share = (count: number, total: number): string =>
    total === 0 ? '' : `${((100 * count) / total).toFixed(1)}\u00a0%`;
  return {
    ...block,
    after,
    severalMetrics: byMetric.length > targets.length,
    lines: outcomes.map((outcome, at) => ({
      ...outcome,
      cells: totals.map(({ counts, n }) => ({ count: counts[at] ?? 0, share: share(counts[at] ?? 0, n) })),
    })),
    footerLines: footers.map((footer, at) => ({
      ...footer,
      cells: totals.map((total) => total.footers[at] ?? ''),
    })),
  };
}

function drift(summary: Summary, targets: readonly Head[]): string {
  const overall = driftRows(summary, true);
  if (overall.length === 0) return '';
  return renderTemplate(driftTemplate, {
    overall: { languages: false, targets, rows: overall },
    byLanguage: { languages: true, targets, rows: driftRows(summary, false) },
  });
}

function fields(summary: Summary, targets: readonly Head[]): string {
  return renderTemplate(fieldsTemplate, { ...fieldsView(summary), targets });
}

/** How many verdicts of each metric were scored, and why the others were not. */
export function verdictsPart(summary: Summary): string {
  return summary.metrics.length === 0 ? '' : renderTemplate(verdictsTemplate, verdictsView(summary));
}

/** The definitions behind the scores. */
export function signaturesPart(summary: Summary): string {
  const lines = signatureLines(summary);
  return lines.length === 0 ? '' : renderTemplate(signaturesTemplate, lines);
}
