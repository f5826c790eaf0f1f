/** The page in a real browser, from a file, as a reader opens it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cards,
  noBrowser,
  over,
  overAll,
  startPageBrowser,
  type PageBrowser,
} from '../../fixtures/report/page-browser.ts';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import { renderPage } from './html/page.ts';
import { renderJunit } from './junit.ts';

const report = syntheticReport({ tests: 6 });
let reader: PageBrowser;

describe.skipIf(noBrowser)('the page in a browser', () => {
  beforeAll(async () => {
    reader = await startPageBrowser(wholeText(renderPage(report)));
  });

  afterAll(() => reader.close());

  it('opens from a file, asks for nothing else, and breaks no rule of its own', async () => {
    const { page, requests, trouble, close } = await reader.open();
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    const titles = await overAll(page, 'h3', 'each.id', 'details');
    expect(titles).toHaveLength(report.rows.length / 2);
    expect(requests).toEqual([reader.address]);
    expect(trouble).toEqual([]);
    await close();
  });

  it('keeps a window of the list in the document, whatever was scrolled past', async () => {
    const { page, close } = await reader.open();
    const most: number[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      await page.evaluate('new Promise((next) => requestAnimationFrame(() => setTimeout(next, 30)))');
      most.push(await cards(page).count());
    }
    expect(Math.max(...most)).toBeGreaterThan(20);
    expect(Math.max(...most)).toBeLessThanOrEqual(48);
    // Back up: what left its height behind is drawn again.
    await page.evaluate("document.getElementById('answers').scrollIntoView()");
    await expect.poll(() => page.locator('#cards > article[data-at]').first().isVisible()).toBe(true);
    await expect.poll(() => page.locator('#above').isHidden()).toBe(true);
    await close();
  });

  it.each(['light', 'dark'] as const)(
    'has no sideways scroll of the page at 360 px, %s',
    async (colorScheme) => {
      const { page, close } = await reader.open({ viewport: { width: 360, height: 740 }, colorScheme });
      const width = () => page.evaluate('document.documentElement.scrollWidth');
      expect(await width()).toBe(360);
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      const widths = await overAll(page, 'h3', 'document.documentElement.scrollWidth', 'details');
      expect(new Set(widths)).toEqual(new Set([360]));
      await close();
    },
  );

  it.each([1024, 1200, 1280])('shows every entry of the bar at %i px', async (width) => {
    const { page, close } = await reader.open({ viewport: { width, height: 800 } });
    const [clipped] = await over(page, '.top nav', 'String(each.scrollWidth > each.clientWidth)');
    expect(clipped).toBe('false');
    await close();
  });

  it('sets Arabic from right to left and English from left to right, on one page', async () => {
    const { page, close } = await reader.open({}, '#suite=sums');
    const shown = await overAll(
      page,
      '.answer > .passage',
      "each.lang + ' ' + getComputedStyle(each).direction",
    );
    const directions = (tag: string) =>
      shown.filter((each) => each.startsWith(`${tag} `)).map((each) => each.slice(tag.length + 1));
    const arabic = directions('ar');
    expect(arabic.filter((each) => each === 'rtl').length).toBeGreaterThan(arabic.length / 2);
    expect(new Set(directions('en'))).toEqual(new Set(['ltr']));
    expect(new Set(directions('th'))).toEqual(new Set(['ltr']));
    await close();
  });

  it('follows the colour scheme of the reader', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    const light = await reader.open({ colorScheme: 'light' });
    const dark = await reader.open({ colorScheme: 'dark' });
    expect(await light.page.evaluate(ground)).toBe('rgb(246, 247, 249)');
    expect(await dark.page.evaluate(ground)).toBe('rgb(15, 20, 26)');
    await light.close();
    await dark.close();
  });

  it('tells and tints by pass rate when asked, without script too', async () => {
    const { page, close } = await reader.open({ javaScriptEnabled: false });
    expect(await page.locator('noscript').isVisible()).toBe(true);
    expect(await page.locator('#filters').isVisible()).toBe(false);
    const cell = page.locator('#languages td.heat').first();
    const size = (name: string) => cell.locator(`.${name} b`).boundingBox();
    expect((await size('m-score'))?.height).toBeGreaterThan((await size('m-pass'))?.height ?? 0);
    await page.locator('label[for="by-pass"]').click();
    expect((await size('m-pass'))?.height).toBeGreaterThan((await size('m-score'))?.height ?? 0);
    await close();
  });

  it('says so, and keeps its tables, in a browser that cannot unpack', async () => {
    const context = await reader.browser.newContext();
    await context.addInitScript('delete globalThis.DecompressionStream');
    const page = await context.newPage();
    await page.goto(reader.address);
    await page.locator('#cannot-unpack').waitFor();
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('#languages td.heat').first().isVisible()).toBe(true);
    await context.close();
  });

  it('prints without its controls', async () => {
    const { page, close } = await reader.open();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('.top').isVisible()).toBe(false);
    expect(await cards(page).first().isVisible()).toBe(true);
    await close();
  });

  it('names every control', async () => {
    const { page, close } = await reader.open();
    const names = await over(
      page,
      'select, input, button',
      "[...(each.labels ?? []), each].map((part) => part.localName === 'select' ? '' : part.textContent.trim()).join('')",
    );
    const nameless = names.filter((name) => name === '');
    expect(nameless).toEqual([]);
    await close();
  });

  it('agrees that junit.xml is XML', async () => {
    const page = await reader.browser.newPage();
    const parse = `(text) => {
      const found = new DOMParser().parseFromString(text, 'application/xml');
      return [found.querySelector('parsererror')?.textContent ?? '', found.querySelectorAll('testcase').length];
    }`;
    const result = await page.evaluate(`(${parse})(${JSON.stringify(wholeText(renderJunit(report)))})`);
    expect(result).toEqual(['', report.rows.length + report.summary.gates.length]);
    await page.close();
  });
});
