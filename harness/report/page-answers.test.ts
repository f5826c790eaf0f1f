/** The browser of cells: filters, search, keys, differences, requests. In a real browser, from a file. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cards,
  foundCount,
  noBrowser,
  over,
  overAll,
  press,
  settled,
  startPageBrowser,
  type PageBrowser,
} from '../../fixtures/report/page-browser.ts';
import { hostile, syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import type { Report } from '../types.ts';
import { renderPage } from './html/page.ts';

const report = syntheticReport({ tests: 6 });
let reader: PageBrowser;

/** The same, as if the answer had to be the reference to the letter. */
const asExactText: Report = {
  ...report,
  rows: report.rows.map((row) => ({
    ...row,
    cell: { ...row.cell, checks: row.cell.checks.map((check) => ({ ...check, type: 'equals' })) },
  })),
};

describe.skipIf(noBrowser)('the browser of cells', () => {
  beforeAll(async () => {
    reader = await startPageBrowser(wholeText(renderPage(report)));
  });

  afterAll(() => reader.close());

  it('shows hostile answers as the text they are, hidden characters in boxes too', async () => {
    const { page, requests, trouble, close } = await reader.open({}, '#suite=orders');
    for (const boxes of [false, true]) {
      if (boxes) await press(page, '#f-hidden');
      await settled(page);
      const shown = await overAll(page, '.answer > .passage', 'each.textContent');
      for (const text of hostile) expect(shown).toContain(text);
    }
    const codes = await overAll(page, '.hid', 'each.dataset.code');
    expect(codes).toContain('U+202E');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    const active = ':is(img, script, iframe, svg, form, a:not([href^="#cell="]))';
    expect(await overAll(page, active, 'each.outerHTML', 'details')).toEqual([]);
    expect([...trouble, ...requests.slice(1)]).toEqual([]);
    await close();
  });

  it('lets a reader go to what stands below a list that grows', async () => {
    const long = await startPageBrowser(wholeText(renderPage(syntheticReport({ tests: 30 }))));
    // The smooth scroll of a reader who did not ask for less motion is the one that a growing list outruns.
    const { page, close } = await long.open({ reducedMotion: 'no-preference' });
    await settled(page);
    const top = `document.getElementById('about').getBoundingClientRect().top`;
    await page.locator('nav a[href="#about"]').click();
    await page.waitForTimeout(2500);
    const [reached] = [await page.evaluate(top)] as [number];
    expect(Math.abs(reached - 100)).toBeLessThan(100);
    expect(await page.evaluate('location.hash')).toBe('#about');
    await close();
    await long.close();
  });

  it('keeps its filters in the address', async () => {
    const { page, close } = await reader.open();
    const all = await foundCount(page);
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
    const count = await foundCount(page);
    expect(count).toBe(own.filter((row) => row.cell.language === language && row.cell.test === test).length);
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(all);
    await page.reload();
    expect(await foundCount(page)).toBe(count);
    expect(await page.locator('#f-lang').inputValue()).toBe(language);
    expect(await page.locator('#f-text').inputValue()).toBe(test.toUpperCase());
    await press(page, '#f-clear');
    await expect.poll(() => foundCount(page)).toBe(all);
    await close();
  });

  it('finds the outcomes and the disagreements that its tables count', async () => {
    const { page, close } = await reader.open();
    for (const row of ['.overall', ':not(.overall)']) {
      const way = page.locator(`#disagree tr${row} td a[href*="status"]`).first();
      const told = Number(/\d+/u.exec((await way.textContent()) ?? '')?.[0]);
      await page.evaluate(`location.hash = ${JSON.stringify(await way.getAttribute('href'))}`);
      await expect.poll(() => foundCount(page)).toBe(told);
    }
    const link = page.locator('#wrong table.kinds a[href*="wrong-language"]').first();
    const count = Number(await link.textContent());
    await link.click();
    await expect.poll(() => page.locator('#f-status').inputValue()).toBe('wrong-language');
    await expect.poll(() => foundCount(page)).toBe(count);
    await close();
  });

  it.each([
    ['check-error', 'check-error', 'check crashed'],
    ['not-applicable', 'not-applicable', 'not applicable'],
    ['no-answer', 'no-answer', 'no answer'],
    ['wrong-answer', 'fail', 'fail'],
  ])('says on a card of %s what its check said', async (status, name, word) => {
    const { page, close } = await reader.open({}, `#status=${status}`);
    const marks = page.locator(`#cards .check.${name} .mark`);
    await marks.first().waitFor();
    expect(await marks.first().textContent()).toContain(word);
    await close();
  });

  it('puts the largest disagreement first, and the plan’s order where asked', async () => {
    const { page, close } = await reader.open();
    expect(await cards(page).first().locator('.chip.apart').count()).toBe(1);
    const kinds = await cards(page).first().locator('.answer header .chip').allTextContents();
    expect(kinds).toContain('passed');
    expect(new Set(kinds).size).toBe(2);
    await page.locator('#f-order').selectOption('plan');
    await expect.poll(() => cards(page).first().getAttribute('data-at')).toBe('0');
    await close();
  });

  it('shows where one target was right and the other wrong, both ways', async () => {
    const pass = new Map(
      report.rows.map((row) => [
        [row.cell.target, row.cell.suite, row.cell.test, row.cell.language].join(' '),
        row.pass,
      ]),
    );
    const count = (right: string, wrong: string): number =>
      report.rows.filter(({ cell }) => {
        const place = [cell.suite, cell.test, cell.language].join(' ');
        return (
          cell.target === right &&
          pass.get(`${right} ${place}`) === true &&
          pass.get(`${wrong} ${place}`) === false
        );
      }).length;
    const { page, close } = await reader.open({}, '#right=alpha&wrong=beta');
    expect(count('alpha', 'beta')).not.toBe(count('beta', 'alpha'));
    expect(await foundCount(page)).toBe(count('alpha', 'beta'));
    await page.locator('#f-right').selectOption('beta');
    await page.locator('#f-wrong').selectOption('alpha');
    await expect.poll(() => foundCount(page)).toBe(count('beta', 'alpha'));
    await close();
  });

  it('finds words in any script, in answers as well as in questions', async () => {
    const { page, close } = await reader.open();
    for (const [typed, language] of [
      ['รวมทั้งหมดกี่แก้ว', 'th'],
      ['عدد الأكواب', 'ar'],
      ['عدد الاكواب', 'ar'],
      ['二杯', 'ja'],
      ['कप कॉफ़ी', 'hi'],
      ['咖啡', 'zh'],
      ['VIKOMBE', 'sw'],
    ] as const) {
      await page.locator('#f-text').fill(typed);
      await expect
        .poll(() => page.evaluate('decodeURIComponent(location.hash)'))
        .toContain(typed.split(' ')[0]);
      await settled(page);
      const languages = await overAll(page, 'h3', "each.closest('article').dataset.lang");
      expect([typed, [...new Set(languages)]]).toEqual([typed, [language]]);
    }
    await page.locator('#f-text').fill('عدد الاكواب');
    await press(page, '#f-exact');
    await expect.poll(() => page.locator('#count').textContent()).toMatch(/^No /u);
    await close();
  });

  it('opens one question by its link, though filters hide it', async () => {
    const { page, close } = await reader.open();
    const link = page.locator('#cards > article a.permalink').nth(5);
    const [href, at] = [
      await link.getAttribute('href'),
      await link.evaluate(
        (each: { closest: (s: string) => { dataset: { at: string } } }) => each.closest('article').dataset.at,
      ),
    ];
    const again = await reader.open({}, href ?? '');
    const focused = 'document.activeElement.dataset.at';
    await expect.poll(() => again.page.evaluate(focused)).toBe(at);
    await again.page.evaluate(`location.hash = 'lang=xx-none&' + ${JSON.stringify(href?.slice(1))}`);
    await expect.poll(() => again.page.evaluate(focused)).toBe(at);
    await again.close();
    await close();
  });

  it('goes from question to question by keys, further than the window, and not while someone types', async () => {
    const { page, close } = await reader.open();
    const order = await overAll(page, 'h3', "each.closest('article').dataset.at");
    const focused = () => page.evaluate('document.activeElement.dataset.at');
    await page.keyboard.press('g');
    await expect.poll(focused).toBe(order[0]);
    for (const at of order.slice(1, 60)) {
      await page.keyboard.press('j');
      await expect.poll(focused).toBe(at);
    }
    expect(await cards(page).count()).toBeLessThanOrEqual(56);
    for (const at of order.slice(0, 59).toReversed()) {
      await page.keyboard.press('k');
      await expect.poll(focused).toBe(at);
    }
    await page.keyboard.press('G');
    await expect.poll(focused).toBe(order.at(-1));
    await page.keyboard.press('g');
    await expect.poll(focused).toBe(order[0]);
    await page.keyboard.press('p');
    const prompt = cards(page).first().locator('details.prompt .passage');
    await prompt.last().waitFor();
    expect(await prompt.count()).toBe(2);
    await page.keyboard.press('l');
    await page.keyboard.press('l');
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('beta');
    await page.keyboard.press('r');
    await cards(page).first().locator('.answer').nth(1).locator('table.raw').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('jk');
    expect(await page.locator('#f-text').inputValue()).toBe('jk');
    await close();
  });

  it('draws an answer as its difference from the reference or from the first answer', async () => {
    const { page, close } = await reader.open(
      {},
      '#suite=sums&right=beta&status=wrong-answer&target=alpha&diff=answers',
    );
    const answers = cards(page).first().locator('.answer');
    expect(await answers.first().locator('ins, del').count()).toBe(0);
    const side = async (tags: string) =>
      (await answers.nth(1).locator(`.diff > :is(${tags})`).allTextContents()).join('');
    const [before, after] = [await side('span, del'), await side('span, ins')];
    expect(before).toBe(await answers.first().locator('.passage').textContent());
    const plain = await reader.open({}, '#suite=sums&right=beta&status=wrong-answer&target=alpha');
    expect(after).toBe(
      await cards(plain.page).first().locator('.answer').nth(1).locator('.passage').textContent(),
    );
    expect(await cards(plain.page).first().locator('.reference .passage').textContent()).toBe('2');
    await plain.close();
    // The number two is no text to compare an answer with word by word; where it is one, it is compared.
    await page.locator('#f-diff').selectOption('reference');
    await settled(page);
    expect(await answers.first().locator('ins, del').count()).toBe(0);
    await close();
    const exact = await startPageBrowser(wholeText(renderPage(asExactText)));
    const { page: other } = await exact.open({}, '#suite=sums&lang=th&diff=reference');
    await expect.poll(() => other.locator('.answer del').first().textContent()).toBe('2');
    await exact.close();
  });

  it('shows the request, the clock and the command that sends it again', async () => {
    const { page, close } = await reader.open(
      { permissions: ['clipboard-read', 'clipboard-write'] },
      '#suite=sums&lang=th&status=passed&target=beta',
    );
    const answer = cards(page).first().locator('.answer').nth(1);
    await answer.locator('details.raw-box > summary').click();
    const body = JSON.parse((await answer.locator('.raw-box pre').textContent()) ?? '') as {
      model: string;
      messages: { content: string }[];
      temperature: number;
    };
    expect(body).toMatchObject({ model: 'example/beta-7b', temperature: 0 });
    expect(body.messages[1]?.content).toContain('ขอกาแฟสองแก้ว');
    const clock = await answer.locator('table.raw').first().locator('td').allTextContents();
    expect(clock[1]).toBe('0.0 ms');
    expect(clock.every((time) => /^-?\d+\.\d ms$/u.test(time))).toBe(true);
    await answer.locator('button.curl').click();
    await expect.poll(() => answer.locator('button.curl').textContent()).toBe('Copied');
    const command = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(command).toContain("curl 'http://127.0.0.1:8001/v1/chat/completions'");
    expect(command).toContain('Bearer $BETA_API_KEY"');
    await close();
  });

  it('jumps to a number, and can go back from there', async () => {
    const { page, close } = await reader.open({}, '#order=plan');
    await page.locator('#f-at').fill('50');
    await page.locator('#f-at').press('Enter');
    await page.locator('#f-at').blur();
    await expect.poll(() => over(page, '#cards > article:focus', 'each.dataset.at')).toEqual(['49']);
    await page.keyboard.press('k');
    await expect.poll(() => over(page, '#cards > article:focus', 'each.dataset.at')).toEqual(['48']);
    await close();
  });
});
