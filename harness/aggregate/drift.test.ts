/** Times that moved while a target was asked, and what must not be taken for that. */
import { describe, expect, it } from 'vitest';
import { cell, failed, manifest, sample } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Note, Sample } from '../types.ts';
import { aggregate } from './aggregate.ts';

interface Answer {
  readonly target?: string;
  readonly language?: string;
  readonly ttft: number;
  readonly e2e: number;
  /** UTF-8. */
  readonly prompt?: number;
  readonly bytes?: number;
  readonly more?: Partial<Sample>;
  /** When it was sent, ms. */
  readonly at?: number;
}

function notesOf(answers: readonly Answer[], code = 'drift', authored: string | null = null): Note[] {
  const made = answers.map((answer, index) => {
    const { target = 'alpha', language = 'sw', ttft, e2e, prompt = 200, bytes = 100, more, at } = answer;
    const test = `t${index}`;
    const messages = [{ role: 'user', content: 'x'.repeat(prompt) }] as const;
    const of = cell({ test, cluster: test, target, language, messages, checks: [], observe: true });
    const sent = at ?? index * 1000;
    const timing = {
      tSched: 0,
      tCall: 0,
      t0: 0,
      tHdr: 1,
      tEvt1: ttft,
      tOut1: ttft,
      tAns1: ttft,
      tLast: e2e,
      tDone: e2e,
    };
    return { of, sample: sample(of, { timing, bytes, endedAt: sent + e2e, ...more }) };
  });
  const targets = [...new Set(made.map(({ of }) => of.target))].map((id) => ({
    id,
    model: id,
    endpoint: 'http://127.0.0.1:1/v1',
    authored,
    dialect: 'auto',
    facts: null,
    concurrency: 1,
    params: {},
    languages: null,
    license: null,
  }));
  return aggregate({
    manifest: manifest({ targets, baseline: targets[0]?.id ?? '' }),
    plan: { cells: made.map(({ of }) => of) },
    samples: made.map(({ sample: one }) => one),
    findings: [],
    readings: [],
  }).summary.notes.filter((note) => note.code === code);
}

const many = (count: number, of: (at: number) => Answer): Answer[] =>
  Array.from({ length: count }, (_, at) => of(at));

describe('a target that becomes slower', () => {
  it('is named in one line, with what moved and by how much', () => {
    const notes = notesOf(many(60, (at) => (at < 30 ? { ttft: 50, e2e: 400 } : { ttft: 500, e2e: 4000 })));
    expect(notes).toEqual([
      {
        level: 'warning',
        code: 'drift',
        text: 'alpha became slower while it was asked: median 500 ms to the first token after 50 ms, median 4000 ms in all after 400 ms (last against first third of 60 answers). Its times are a mixture of both; its scores are not touched.',
      },
    ]);
  });

  it('is told by the order in which it was asked, not by that of the plan', () => {
    const [slow, quick] = [
      { ttft: 500, e2e: 4000 },
      { ttft: 50, e2e: 400 },
    ];
    expect(
      notesOf(many(60, (at) => ({ ...(at % 2 === 0 ? quick : slow), at: (at % 2) * 1e6 + at }))),
    ).toHaveLength(1);
    expect(notesOf(many(60, (at) => (at % 2 === 0 ? quick : slow)))).toEqual([]);
  });

  it('is told from one that becomes faster', () => {
    const notes = notesOf(many(60, (at) => (at < 30 ? { ttft: 500, e2e: 4000 } : { ttft: 50, e2e: 400 })));
    expect(notes[0]?.text).toMatch(/^alpha became faster/u);
  });

  it('is told from another that did not', () => {
    const notes = notesOf([
      ...many(60, (at) => ({ target: 'alpha', ttft: 50, e2e: 400, at })),
      ...many(60, (at) => ({ target: 'beta', ttft: 50, e2e: at < 30 ? 400 : 1000, at })),
    ]);
    expect(notes.map(({ text }) => text.split(' ')[0])).toEqual(['beta']);
    expect(notes[0]?.text).not.toContain('first token');
  });
});

describe('no drift is', () => {
  it.each<[string, Answer[]]>([
    ['a difference below the factor', many(60, (at) => ({ ttft: 50, e2e: at < 30 ? 400 : 780 }))],
    [
      'longer answers in the languages that come last',
      many(60, (at) => (at < 30 ? { ttft: 50, e2e: 400, bytes: 100 } : { ttft: 50, e2e: 4000, bytes: 1000 })),
    ],
    [
      'longer prompts in the languages that come last',
      many(60, (at) =>
        at < 30 ? { ttft: 50, e2e: 400, prompt: 200 } : { ttft: 300, e2e: 700, prompt: 1200 },
      ),
    ],
    [
      'shorter answers, which cost more for each byte',
      many(60, (at) => (at < 30 ? { ttft: 50, e2e: 400, bytes: 500 } : { ttft: 50, e2e: 200, bytes: 5 })),
    ],
    ['too few answers', many(33, (at) => (at < 11 ? { ttft: 50, e2e: 400 } : { ttft: 500, e2e: 4000 }))],
    [
      'answers that this process itself held up',
      many(60, (at) =>
        at < 30 ? { ttft: 50, e2e: 400 } : { ttft: 500, e2e: 4000, more: { flags: ['tainted'] } },
      ),
    ],
    [
      'answers after a failure',
      many(60, (at) => (at < 30 ? { ttft: 50, e2e: 400 } : { ttft: 500, e2e: 4000, more: { attempt: 2 } })),
    ],
    [
      'an outage',
      many(60, (at) =>
        at < 30
          ? { ttft: 50, e2e: 400 }
          : { ttft: 50, e2e: 400, more: { outcome: failed(), status: 'timeout' } },
      ),
    ],
  ])('%s', (_what, answers) => {
    expect(notesOf(answers)).toEqual([]);
  });

  it('what an authored endpoint plays', () => {
    const answers = many(60, (at) => (at < 30 ? { ttft: 50, e2e: 400 } : { ttft: 500, e2e: 4000 }));
    expect(notesOf(answers, 'drift', 'written by hand')).toEqual([]);
  });
});

describe('answers that this process disturbed', () => {
  const tainted = { more: { flags: ['tainted'] }, ttft: 900, e2e: 9000 };
  const calm = { ttft: 50, e2e: 400 };

  it('are counted, and more than a twentieth is a warning', () => {
    const few = notesOf(
      many(60, (at) => (at < 3 ? tainted : calm)),
      'tainted',
    );
    expect(few).toMatchObject([
      { level: 'info', text: expect.stringMatching(/in no time: alpha 3 \(5\.0 %\)\.$/u) as string },
    ]);
    const much = notesOf(
      many(60, (at) => (at < 4 ? tainted : calm)),
      'tainted',
    );
    expect(much).toMatchObject([
      { level: 'warning', text: expect.stringMatching(/may be too short/u) as string },
    ]);
    expect(
      notesOf(
        many(60, () => calm),
        'tainted',
      ),
    ).toEqual([]);
  });
});

describe('what was spent on answers that broke off', () => {
  it('is counted once, with the tokens that were said and those that were not', () => {
    const broken = { outcome: failed('truncated'), status: 'incomplete', chunks: 3 } as const;
    const usage = { prompt: 5, completion: 7, reasoning: null, cached: null, source: 'usage' } as const;
    const none = { prompt: null, completion: null, reasoning: null, cached: null, source: 'none' } as const;
    const notes = notesOf(
      [
        { ttft: 50, e2e: 1000, more: { ...broken, usage } },
        { ttft: 50, e2e: 500, more: { ...broken, usage: none } },
        { ttft: 50, e2e: 500, more: { ...broken, usage, chunks: 0 } },
        { ttft: 50, e2e: 400 },
      ],
      'wasted',
    );
    expect(notes.map(({ level, text }) => [level, text])).toEqual([
      [
        'info',
        'Spent on answers that broke off, and in no other figure: alpha 2 attempts, 1.5 s, 7 tokens, 1 without a count.',
      ],
    ]);
  });
});
