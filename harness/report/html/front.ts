/** The sections near the verdict that a run has only where something was claimed or compared. */
import type { Summary } from '../../types.ts';
import { headings } from '../strings.ts';
import { gatesView } from '../view/gates.ts';
import { sinceView } from '../view/since.ts';
import { renderTemplate } from './render-template.ts';
import { gatesTemplate, sinceTemplate } from './templates/front.ts';

/** Empty where nothing was claimed. */
export function gatesSection(summary: Summary): string {
  const view = gatesView(summary);
  return view === null ? '' : renderTemplate(gatesTemplate, { heading: headings.gates, ...view });
}

/** Empty without an earlier run. */
export function sinceSection({ sinceEarlier }: Summary): string {
  if (sinceEarlier === null) return '';
  const view = sinceView(sinceEarlier);
  const { heads } = view;
  return renderTemplate(sinceTemplate, {
    ...view,
    heading: headings.since,
    listed: view.changes.length,
    overall: { languages: false, heads, rows: view.overall },
    byLanguage: { languages: true, heads, rows: view.byLanguage },
  });
}
