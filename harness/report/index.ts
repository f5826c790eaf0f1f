/** The formats. A row here is all it takes to add one. */
import type { ReportFormat } from '../types.ts';
import { renderCsv } from './csv.ts';
import { renderPage } from './html/page.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';

export const formats = {
  html: { name: 'html', file: 'report.html', render: renderPage },
  csv: { name: 'csv', file: 'rows.csv', render: renderCsv },
  junit: { name: 'junit', file: 'junit.xml', render: renderJunit },
  markdown: { name: 'markdown', file: 'summary.md', render: (report) => [renderMarkdown(report)] },
  json: { name: 'json', file: 'summary.json', render: (report) => [renderJson(report)] },
} as const satisfies Readonly<Record<string, ReportFormat>>;
