/** The page for readers who do not see it, or cannot use a mouse: axe-core finds nothing serious, in light, dark and small. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  noBrowser,
  press,
  settled,
  startPageBrowser,
  type PageBrowser,
} from '../../fixtures/report/page-browser.ts';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import { renderPage } from './html/page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let reader: PageBrowser;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

describe.skipIf(noBrowser)('the page under axe', () => {
  beforeAll(async () => {
    reader = await startPageBrowser(wholeText(renderPage(syntheticReport({ tests: 5 }))));
  });

  afterAll(() => reader.close());

  it.each([
    ['light', 1280],
    ['dark', 360],
  ] as const)('has no serious fault, %s at %i px', async (colorScheme, width) => {
    const { page, close } = await reader.open(
      { colorScheme, viewport: { width, height: 900 } },
      '#diff=reference',
    );
    await press(page, '#f-hidden');
    await settled(page);
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    await page.locator('#cards table.raw').first().waitFor();
    // As the browser's own tools do: the page's policy holds for the page, not for who examines it.
    await page.evaluate(axe);
    const found = await page.evaluate<Violation[]>(
      "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)",
    );
    const serious = found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map((node) => `${node.target.join(' ')}: ${node.failureSummary}`)
            .join(' | ')} (${nodes.length})`,
      );
    expect(serious).toEqual([]);
    await close();
  });
});
