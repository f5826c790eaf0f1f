/** The section on disagreements, from the rows to HTML. Empty where there is one target. */
import type { Report } from '../../types.ts';
import { headings, kindWords } from '../strings.ts';
import { disagreements, type DisagreementLine, type OneSided } from '../view/disagreement.ts';
import { renderTemplate } from './render-template.ts';
import { disagreeTemplate } from './templates/disagree.ts';

export function disagreeSection(report: Report): string {
  const pairs = disagreements(report);
  if (pairs.length === 0) return '';
  return renderTemplate(disagreeTemplate, {
    heading: headings.disagree,
    pairs: pairs.map(({ other, baseline, lines }) => ({
      other,
      baseline,
      lines: lines.map((line) => ({
        ...line,
        onlyOther: sideView(line, line.onlyOther, { right: other, wrong: baseline }),
        onlyBaseline: sideView(line, line.onlyBaseline, { right: baseline, wrong: other }),
      })),
    })),
  });
}

interface Sides {
  readonly right: string;
  readonly wrong: string;
}

function sideView({ language }: DisagreementLine, { count, kinds }: OneSided, { right, wrong }: Sides) {
  const filters = { right, wrong, ...(language === null ? {} : { lang: language.tag }) };
  const query = (more: Readonly<Record<string, string>>) =>
    new URLSearchParams({ ...filters, ...more }).toString();
  return {
    count,
    query: query({}),
    kinds: kinds.map((each) => ({
      ...each,
      word: kindWords[each.kind].word,
      query: query({ status: each.kind, target: wrong }),
    })),
  };
}
