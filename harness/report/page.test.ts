/** The page in a real browser, from a file, as a reader opens it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostile, syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { renderPage } from './html/page.ts';
import { renderJunit } from './junit.ts';

const executablePath = '/usr/bin/chromium';
const absent = !existsSync(executablePath) && process.env['CI'] === undefined;
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const report = syntheticReport({ tests: 6 });
let folder = '';
let address = '';
let browser: Browser;

interface Opened {
  readonly page: Page;
  readonly requests: string[];
  /** Console errors, uncaught errors, dialogs, breaches of the policy. */
  readonly trouble: string[];
}

async function open(options: BrowserContextOptions = {}, hash = ''): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const trouble: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  page.on('dialog', (dialog) => {
    trouble.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address + hash);
  return { page, requests, trouble };
}

/** One expression over every element of a selector, in the page; a string, since types of a browser are not at hand. */
const over = (page: Page, selector: string, expression: string) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => ${expression})`,
  );

const cards = (page: Page) => page.locator('#cards > article');
const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

async function showAll(page: Page): Promise<void> {
  await page.evaluate(
    "while (!document.getElementById('more').hidden) document.getElementById('more').click()",
  );
}

describe.skipIf(absent)('the page in a browser', () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'visavis-page-'));
    const file = path.join(folder, 'report.html');
    writeFileSync(file, renderPage(report));
    address = pathToFileURL(file).href;
    browser = await chromium.launch({ executablePath, headless: true, args });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens from a file, asks for nothing else, and breaks no rule of its own', async () => {
    const { page, requests, trouble } = await open();
    await page.locator('#cards > article').first().waitFor();
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    await showAll(page);
    expect(await cards(page).count()).toBe(report.rows.length / 2);
    expect(requests).toEqual([address]);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('shows hostile answers as the text they are', async () => {
    const { page, requests, trouble } = await open({}, '#suite=orders');
    await showAll(page);
    const shown = await over(page, '.answer > .passage', 'each.textContent');
    for (const text of hostile) expect(shown).toContain(text);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('#cards :is(img, script, a, iframe, svg, form)').count()).toBe(0);
    expect([...trouble, ...requests.slice(1)]).toEqual([]);
    await page.context().close();
  });

  it('shows hidden characters in boxes and leaves the text the same', async () => {
    const { page } = await open({}, '#suite=orders');
    await page.locator('#f-hidden').check();
    await showAll(page);
    expect(await page.locator('.hid[data-code="U+202E"]').count()).toBeGreaterThan(0);
    const shown = await over(page, '.answer > .passage', 'each.textContent');
    for (const text of hostile) expect(shown).toContain(text);
    await page.context().close();
  });

  it('keeps its filters in the address', async () => {
    const { page } = await open();
    const all = await page.locator('#count').textContent();
    const own = report.rows.filter(
      ({ kind, cell }) => kind === 'wrong-answer' && cell.suite === 'sums' && cell.target === 'alpha',
    );
    const { cell } = own.find((row) => row.cell.language !== 'en') ?? {};
    const { language = '', test = '' } = cell ?? {};
    await page.locator('#f-lang').selectOption(language);
    await page.locator('#f-status').selectOption('wrong-answer');
    await page.locator('#f-target').selectOption('alpha');
    await page.locator('#f-text').fill(test.toUpperCase());
    await page.waitForURL(/text=/u);
    const count = await cards(page).count();
    expect(count).toBe(own.filter((row) => row.cell.language === language && row.cell.test === test).length);
    expect(count).toBeGreaterThan(0);
    expect(await page.locator('#count').textContent()).not.toBe(all);
    await page.reload();
    expect(await page.locator('#f-lang').inputValue()).toBe(language);
    expect(await page.locator('#f-text').inputValue()).toBe(test.toUpperCase());
    expect(await cards(page).count()).toBe(count);
    await page.locator('#f-clear').click();
    expect(await page.locator('#count').textContent()).toBe(all);
    await page.context().close();
  });

  it('finds the outcomes that its tables count', async () => {
    const { page } = await open();
    const link = page.locator('#wrong table.kinds a[href*="wrong-language"]').first();
    const count = Number(await link.textContent());
    await link.click();
    await expect.poll(() => page.locator('#f-status').inputValue()).toBe('wrong-language');
    await showAll(page);
    expect(await cards(page).count()).toBe(count);
    await page.context().close();
  });

  it.each([
    ['check-error', 'check-error', 'check crashed'],
    ['not-applicable', 'not-applicable', 'not applicable'],
    ['no-answer', 'no-answer', 'no answer'],
    ['wrong-answer', 'fail', 'fail'],
  ])('says on a card of %s what its check said', async (status, name, word) => {
    const { page } = await open({}, `#status=${status}`);
    const marks = page.locator(`#cards .check.${name} .mark`);
    await marks.first().waitFor();
    expect(await marks.first().textContent()).toContain(word);
    await page.context().close();
  });

  it('puts the largest disagreement first when asked', async () => {
    const { page } = await open({}, '#order=apart');
    expect(await cards(page).first().locator('.chip.apart').count()).toBe(1);
    const kinds = await cards(page).first().locator('.answer header .chip').allTextContents();
    expect(kinds).toContain('passed');
    expect(new Set(kinds).size).toBe(2);
    await page.context().close();
  });

  it('moves between questions by keys, and not while someone types', async () => {
    const { page } = await open();
    await cards(page).first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const focused = "document.activeElement.getAttribute('aria-labelledby')";
    expect(await page.evaluate(focused)).toBe('card-1');
    await page.keyboard.press('k');
    expect(await page.evaluate(focused)).toBe('card-0');
    await page.keyboard.press('p');
    const prompt = cards(page).first().locator('details.prompt .passage');
    await prompt.last().waitFor();
    expect(await prompt.count()).toBe(2);
    await page.keyboard.press('/');
    await page.keyboard.type('jk');
    expect(await page.locator('#f-text').inputValue()).toBe('jk');
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no sideways scroll of the page at 360 px, %s',
    async (colorScheme) => {
      const { page } = await open({ viewport: { width: 360, height: 740 }, colorScheme });
      expect(await widthOf(page)).toBe(360);
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      await showAll(page);
      await page.evaluate("for (const each of document.querySelectorAll('#cards details')) each.open = true");
      expect(await widthOf(page)).toBe(360);
      await page.context().close();
    },
  );

  it('sets Arabic from right to left and English from left to right, on one page', async () => {
    const { page } = await open({}, '#suite=sums');
    await showAll(page);
    const direction = (tag: string) =>
      over(
        page,
        `article[data-lang="${tag}"] .answer > .passage[lang="${tag}"]`,
        'getComputedStyle(each).direction',
      );
    const arabic = await direction('ar');
    expect(arabic.filter((each) => each === 'rtl').length).toBeGreaterThan(arabic.length / 2);
    expect(new Set(await direction('en'))).toEqual(new Set(['ltr']));
    expect(new Set(await direction('th'))).toEqual(new Set(['ltr']));
    await page.context().close();
  });

  it('follows the colour scheme of the reader', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    const light = await open({ colorScheme: 'light' });
    const dark = await open({ colorScheme: 'dark' });
    expect(await light.page.evaluate(ground)).toBe('rgb(246, 247, 249)');
    expect(await dark.page.evaluate(ground)).toBe('rgb(15, 20, 26)');
    await light.page.context().close();
    await dark.page.context().close();
  });

  it('tells and tints by pass rate when asked, without script too', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await page.locator('noscript').isVisible()).toBe(true);
    expect(await page.locator('#filters').isVisible()).toBe(false);
    const cell = page.locator('#languages td.heat').first();
    const size = (name: string) => cell.locator(`.${name} b`).boundingBox();
    expect((await size('m-score'))?.height).toBeGreaterThan((await size('m-pass'))?.height ?? 0);
    await page.locator('label[for="by-pass"]').click();
    expect((await size('m-pass'))?.height).toBeGreaterThan((await size('m-score'))?.height ?? 0);
    await page.context().close();
  });

  it('prints without its controls', async () => {
    const { page } = await open();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('.top').isVisible()).toBe(false);
    expect(await cards(page).first().isVisible()).toBe(true);
    await page.context().close();
  });

  it('names every control', async () => {
    const { page } = await open();
    const names = await over(
      page,
      'select, input, button',
      "[...(each.labels ?? []), each].map((part) => part.localName === 'select' ? '' : part.textContent.trim()).join('')",
    );
    const nameless = names.filter((name) => name === '');
    expect(nameless).toEqual([]);
    await page.context().close();
  });

  it('agrees that junit.xml is XML', async () => {
    const page = await browser.newPage();
    const parse = `(text) => {
      const found = new DOMParser().parseFromString(text, 'application/xml');
      return [found.querySelector('parsererror')?.textContent ?? '', found.querySelectorAll('testcase').length];
    }`;
    const result = await page.evaluate(`(${parse})(${JSON.stringify(renderJunit(report))})`);
    expect(result).toEqual(['', report.rows.length]);
    await page.close();
  });
});
