/** summary.json: the summary itself, for other programs. */
import type { Report } from '../types.ts';

export function renderJson(report: Report): string {
  return `${JSON.stringify(report.summary, null, 2)}\n`;
}
