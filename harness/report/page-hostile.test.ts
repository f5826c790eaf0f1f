/** Every attack of the corpus in every field that comes from outside, in a real browser, from a file: nothing happens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileCorpus } from '../../fixtures/report/hostile-corpus.ts';
import { hostileReport } from '../../fixtures/report/hostile-report.ts';
import {
  noBrowser,
  overAll,
  startPageBrowser,
  type PageBrowser,
} from '../../fixtures/report/page-browser.ts';
import { wholeText } from '../../fixtures/report/whole-text.ts';
import type { Row } from '../types.ts';
import { renderPage } from './html/page.ts';

const report = hostileReport();
let reader: PageBrowser;

describe.skipIf(noBrowser)('a page made of attacks', () => {
  beforeAll(async () => {
    reader = await startPageBrowser(wholeText(renderPage(report)));
  });

  afterAll(() => reader.close());

  it('has enough of them, all different', () => {
    expect(hostileCorpus.length).toBeGreaterThanOrEqual(150);
    expect(new Set(hostileCorpus).size).toBe(hostileCorpus.length);
    expect(report.rows.length / 2).toBeGreaterThanOrEqual(hostileCorpus.length);
  });

  it('opens no dialog, asks for nothing, breaks no rule of its own and says every attack as text', async () => {
    const { page, requests, trouble, close } = await reader.open();
    await page.evaluate(
      "addEventListener('securitypolicyviolation', (event) => (window.breaches = (window.breaches ?? 0) + 1))",
    );
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    const places = {
      answer: '.answer > .passage',
      reasoning: '.answer > details:not(.raw-box) .passage',
      prompt: 'details.prompt > .passage',
      because: '.check > bdi:last-of-type',
      suite: 'h3 > bdi:nth-of-type(1)',
      reference: '.reference :is(.passage, pre)',
    };
    const told = await overAll(
      page,
      Object.values(places).join(', '),
      `(Object.entries(${JSON.stringify(places)}).find(([, selector]) => each.matches(selector)) ?? ['']).at(0) + '|' + each.textContent`,
      'details',
    );
    const shown = new Set(told);
    // A question that nobody was asked has no answer, and one that is only observed no checks.
    const textsWhere = (has: (row: Row) => boolean) =>
      new Set(report.rows.filter(has).map(({ cell }) => cell.model));
    const answered = textsWhere(({ sample }) => sample?.outcome.kind === 'answered');
    const judged = textsWhere(({ findings }) => findings.length > 0);
    expect(Math.min(answered.size, judged.size)).toBeGreaterThanOrEqual(150);
    for (const text of hostileCorpus) {
      const fields = [
        'prompt',
        'suite',
        'reference',
        ...(answered.has(text) ? ['answer', 'reasoning'] : []),
        ...(judged.has(text) ? ['because'] : []),
      ];
      for (const field of fields)
        expect([text, field, shown.has(`${field}|${text}`)]).toEqual([text, field, true]);
    }
    // Whatever a reader may touch.
    await page.evaluate(
      "for (const each of document.querySelectorAll('#cards *')) for (const type of ['mouseover', 'focus', 'click', 'toggle', 'animationstart']) if (each.localName !== 'a') each.dispatchEvent(new Event(type))",
    );
    expect(await page.evaluate('[window.hacked, window.breaches, document.title.length > 0]')).toEqual([
      undefined,
      undefined,
      true,
    ]);
    const strange =
      'body :is(img, iframe, object, embed, link, meta, base, audio, video, source, picture, marquee, portal, math, form:not(#filters), script:not([type="text/plain"]):not(:last-of-type), a:not([href^="#"]))';
    expect(await page.locator(strange).count()).toBe(0);
    expect(requests).toEqual([reader.address]);
    expect(trouble).toEqual([]);
    await close();
  });
});
