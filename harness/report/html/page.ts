/** report.html: one file that loads nothing, opens from a disk, and says first what matters first. */
import { createHash } from 'node:crypto';
import type { Report, Summary } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { headings, shortHeadings } from '../strings.ts';
import { pageData } from './data.ts';
import { pack } from './pack.ts';
import { renderTemplate } from './render-template.ts';
import { pageScript } from './script.ts';
import { renderSections } from './sections.ts';
import { pageStyle } from './style.ts';
import { pageTemplate } from './templates/page.ts';

function sha256(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The policy of the page: nothing but the one style and the one script, known by their hashes. */
export function contentPolicy(): string {
  return [
    "default-src 'none'",
    `script-src ${sha256(pageScript)}`,
    `style-src ${sha256(pageStyle)}`,
    'img-src data:',
    'font-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

function pageTitle(summary: Summary): string {
  const who = summary.targets.map((target) => target.id).join(' · ');
  const where = summary.languages.map((tag) => languageName(tag).english).join(', ');
  return `visavis: ${who} in ${where}`;
}

/** Scripts that no browser runs: `index`, then `block-0` and so on. */
function* dataElements(report: Report): Generator<string> {
  const { index, blocks } = pageData(report);
  const element = (id: string, value: unknown) =>
    `<script type="text/plain" id="${id}">${pack(value)}</script>`;
  yield element('index', index);
  let count = 0;
  for (const block of blocks()) {
    yield `\n${element(`block-${count}`, block)}`;
    count += 1;
  }
}

/** Where the answers go: a mark that only a template of ours can hold, as those of the parts are. */
const dataMark = '<!--data-->';

/** The whole page, in pieces. Deterministic: the same report gives the same bytes. */
export function* renderPage(report: Report): Generator<string> {
  const { summary } = report;
  const parts = renderSections(report);
  const sections = Object.entries(headings)
    .filter(([id]) => parts[id] !== '')
    .map(([id, name]) => ({ id, name: shortHeadings[id] ?? name }));
  const frame = renderTemplate(
    pageTemplate,
    { policy: contentPolicy(), title: pageTitle(summary), sections },
    {
      ...parts,
      style: pageStyle,
      script: pageScript,
    },
  );
  const at = frame.indexOf(dataMark);
  yield frame.slice(0, at);
  yield* dataElements(report);
  yield frame.slice(at + dataMark.length);
}
