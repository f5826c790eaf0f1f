/** Prompts cut without a word, as the server's own counts show. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cell, manifest, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Cell, Manifest, Sample } from '../types.ts';
import { aggregate } from './aggregate.ts';

interface Asked {
  readonly id: string;
  readonly text: string;
  /** As the server counted. */
  readonly tokens: number | null;
  readonly language?: string;
  readonly more?: Partial<Cell>;
  readonly sample?: Partial<Sample>;
}

function target(contextTokens: number | null): Manifest['targets'] {
  return [
    {
      id: 'alpha',
      model: 'alpha-model',
      endpoint: 'http://127.0.0.1:1/v1',
      authored: null,
      dialect: 'auto',
      facts: { contextTokens },
      concurrency: 1,
      params: {},
      languages: null,
      license: null,
    },
  ];
}

/** Names of the tests under suspicion. */
function suspected(asked: readonly Asked[], contextTokens: number | null = null): string[] {
  const cells = asked.map(({ id, text, language = 'en', more }) =>
    cell({ test: id, cluster: id, language, messages: [{ role: 'user', content: text }], ...more }),
  );
  const samples = asked.map(({ tokens, sample: changes }, at) => {
    const of = cells[at];
    if (of === undefined) throw new Error('no cell');
    const usage = { prompt: tokens, completion: 9, reasoning: null, cached: null, source: 'usage' } as const;
    return sample(of, { usage, ...changes });
  });
  const { rows, summary } = aggregate({
    manifest: manifest({ targets: target(contextTokens) }),
    plan: { cells },
    samples,
    findings: [],
    readings: [],
  });
  const found = rows
    .filter((row) => row.sample?.flags.includes('prompt-truncated-suspect') === true)
    .map(({ cell: { test } }) => test);
  // The records stay as they were, and the remark stands among the others.
  expect(samples.every(({ flags }) => !flags.includes('prompt-truncated-suspect'))).toBe(true);
  const note = summary.notes.find(({ code }) => code === 'flags')?.text ?? '';
  expect(note.includes(`prompt-truncated-suspect ${found.length}`)).toBe(found.length > 0);
  return found;
}

const words = (count: number, word = 'word '): string => word.repeat(count);

describe('a prompt', () => {
  it('that fills the context the server states has been cut', () => {
    expect(
      suspected(
        [
          { id: 'fits', text: words(3000), tokens: 4094 },
          { id: 'fills', text: words(5000), tokens: 4095 },
          { id: 'over', text: words(6000), tokens: 4096 },
        ],
        4096,
      ),
    ).toEqual(['fills', 'over']);
  });

  it.each([
    ['en', 'word '],
    ['am', 'ቃል '],
    ['zh', '词语'],
    ['ar', 'كلمة '],
    ['hi', 'शब्द '],
    ['th', 'คำ'],
  ])(
    'in %s with the count of another that is half as long again has been cut, and so has that one',
    (language, word) => {
      const asked = [
        { id: 'short', text: words(300, word), tokens: 310, language },
        { id: 'long', text: words(2000, word), tokens: 971, language },
        { id: 'longer', text: words(3000, word), tokens: 971, language },
      ];
      expect(suspected(asked)).toEqual(['long', 'longer']);
    },
  );

  it.each([
    ['two of nearly one length', [words(1000), words(1200)], 900, 'en', 'en'],
    ['two in different languages', [words(1000), words(1000, 'ቃል ቃል ')], 1000, 'en', 'am'],
    ['two short ones', [words(20), words(40)], 40, 'en', 'en'],
  ] as const)('with the count of another is above suspicion: %s', (_what, [a, b], tokens, first, second) => {
    expect(
      suspected([
        { id: 'a', text: a, tokens, language: first },
        { id: 'b', text: b, tokens, language: second },
      ]),
    ).toEqual([]);
  });

  it('that costs less than half of what others of its language cost has been cut', () => {
    const others = Array.from({ length: 8 }, (_, at) => ({
      id: `o${at}`,
      text: words(100 + at * 10, 'ภาษา'),
      tokens: 210 + at * 21,
      language: 'th',
    }));
    expect(
      suspected([
        ...others,
        { id: 'cut', text: words(2000, 'ภาษา'), tokens: 1900, language: 'th' },
        { id: 'whole', text: words(2000, 'ภาษา'), tokens: 4100, language: 'th' },
      ]),
    ).toEqual(['cut']);
  });

  it('is above suspicion where nobody counted, nobody answered, or an image was in it', () => {
    const image = { sha256: 'a', mediaType: 'image/png', name: 'a.png', bytes: 1, detail: null };
    const messages = [{ role: 'user', content: words(5000), images: [image] }] as const;
    const timeout = { code: 'x', message: '', http: null, remedy: 'retry', retryAfterMs: null } as const;
    const failed = { kind: 'failed', failure: { status: 'timeout', ...timeout }, partial: '' } as const;
    expect(
      suspected(
        [
          { id: 'uncounted', text: words(5000), tokens: null },
          { id: 'image', text: '', tokens: 4096, more: { messages } },
          { id: 'failed', text: words(5000), tokens: 4096, sample: { outcome: failed, status: 'timeout' } },
        ],
        4096,
      ),
    ).toEqual([]);
  });

  it('of a server that was recorded doing it is found', () => {
    const file = path.join(
      import.meta.dirname,
      '..',
      '..',
      'fixtures',
      'wire',
      'prompt-truncated.stream.response.http',
    );
    const count = Number(/"prompt_n":(\d+)/u.exec(readFileSync(file, 'utf8'))?.[1]);
    expect(count).toBe(971);
    expect(
      suspected([
        { id: 'two', text: words(2000), tokens: count },
        { id: 'three', text: words(3000), tokens: count },
      ]),
    ).toEqual(['two', 'three']);
  });
});
