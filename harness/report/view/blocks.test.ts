import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import type {
  ChoiceEvidence,
  Evidence,
  LanguageEvidence,
  NumberEvidence,
  Stat,
  Summary,
} from '../../types.ts';
import { blocksOf } from './blocks.ts';
import { driftRows } from './drift.ts';
import { fieldsView } from './fields.ts';
import { signatureLines } from './metrics.ts';

const none: Evidence = {
  numbers: [],
  choices: [],
  languages: [],
  stages: [],
  violations: { list: [], distinct: 0 },
  fields: { list: [], distinct: 0 },
};

function seen(evidence: Partial<Evidence>): Summary {
  return { ...syntheticReport({ tests: 1 }).summary, evidence: { ...none, ...evidence } };
}

const share = (value: number | null, n: number, missing = 0): Stat => {
  return { value, low: null, high: null, n, missing, unit: 'share', method: null };
};
const scope = { suite: 'sums', metric: 'answer', target: 'alpha', language: 'ar', n: 0, missing: 0 };
const number = (more: Partial<NumberEvidence>): NumberEvidence => {
  return { ...scope, correct: 0, wrong: 0, none: 0, ambiguous: 0, otherReading: 0, ...more };
};
const choice = (more: Partial<ChoiceEvidence>): ChoiceEvidence => {
  return { ...scope, correct: 0, wrong: 0, invalid: 0, none: 0, ambiguous: 0, chance: null, ...more };
};

describe('a block of evidence', () => {
  it('adds up by target, by metric and by language', () => {
    const [block, ...others] = blocksOf(
      seen({
        numbers: [
          number({ n: 5, missing: 1, correct: 3, wrong: 2, otherReading: 1 }),
          number({ n: 4, correct: 4, language: 'th' }),
          number({ n: 2, correct: 1, none: 1, metric: 'other' }),
          number({ n: 6, missing: 2, correct: 6, target: 'beta' }),
        ],
      }),
    );
    expect(others).toEqual([]);
    expect(block?.outcomes.map(({ word }) => word)).toEqual(['correct', 'wrong', 'no number']);
    expect(block?.totals).toEqual([
      { counts: [8, 2, 1], n: 11, missing: 1, footers: ['1'] },
      { counts: [6, 0, 0], n: 6, missing: 2, footers: ['0'] },
    ]);
    expect(block?.byMetric.map(({ name, target, counts, n }) => [name, target, ...counts, n])).toEqual([
      ['sums › answer', 'alpha', 7, 2, 0, 9],
      ['sums › answer', 'beta', 6, 0, 0, 6],
      ['sums › other', 'alpha', 1, 0, 1, 2],
      ['sums › other', 'beta', 0, 0, 0, 0],
    ]);
    expect(block?.byLanguage.map(({ language, target, n }) => [language.tag, target, n])).toEqual([
      ['ar', 'alpha', 7],
      ['ar', 'beta', 6],
      ['th', 'alpha', 4],
      ['th', 'beta', 0],
    ]);
  });

  it('weighs the chance of guessing by the answers it stands for', () => {
    const [block] = blocksOf(
      seen({
        choices: [
          choice({ n: 3, correct: 3, chance: 0.25 }),
          choice({ n: 1, wrong: 1, chance: 0.5, language: 'th' }),
          choice({ n: 0, missing: 4, target: 'beta' }),
        ],
      }),
    );
    expect(block?.totals.map(({ footers }) => footers)).toEqual([['31.3\u00a0%'], ['n/a']]);
  });
});

describe('pass rates and drift', () => {
  const row = (more: Partial<LanguageEvidence>): LanguageEvidence => ({
    ...scope,
    match: 0,
    mixed: 0,
    other: 0,
    unknown: 0,
    tooShort: 0,
    linePass: share(0.5, 4, 1),
    wordPass: share(null, 0, 5),
    drift: [],
    ...more,
  });

  it('stand beside each other for every target, languages apart from their mean', () => {
    const summary = seen({
      languages: [
        row({ language: null, drift: [{ language: 'en', answers: 3, lines: 9 }] }),
        row({ language: 'sw', wordPass: null, drift: [{ language: 'und-Latn', answers: 1, lines: 1 }] }),
        row({ language: 'sw', target: 'beta', wordPass: null }),
      ],
    });
    const [all, ...more] = driftRows(summary, true);
    expect(more).toEqual([]);
    expect(all).toMatchObject({ name: 'sums › answer', language: null });
    expect(all?.cells).toMatchObject([
      {
        lines: { value: '50.0\u00a0%', n: 4, missing: 1 },
        words: { value: 'n/a (n=0)' },
        drift: 'English 3',
      },
      null,
    ]);
    expect(driftRows(summary, false)).toMatchObject([
      {
        language: { tag: 'sw' },
        cells: [{ words: null, drift: 'unknown in Latin letters 1' }, { drift: '' }],
      },
    ]);
  });
});

describe('fields and rules', () => {
  it('name the whole value, and say how a field differs', () => {
    const { fields, violations } = fieldsView(
      seen({
        violations: {
          list: [
            {
              suite: 'orders',
              pointer: '',
              keyword: 'required',
              answers: 3,
              targets: [{ target: 'beta', answers: 3 }],
            },
          ],
          distinct: 7,
        },
        fields: {
          list: [
            {
              suite: 'orders',
              metric: 'm',
              target: 'beta',
              pointer: '/city',
              kind: 'text',
              match: share(0.75, 4),
              differences: { value: 0, type: 1, absent: 2, extra: 0 },
              languages: [],
            },
          ],
          distinct: 1,
        },
      }),
    );
    expect(violations).toMatchObject({
      listed: 1,
      distinct: 7,
      lines: [{ pointer: '(the whole value)', counts: [0, 3] }],
    });
    expect(fields.lines).toMatchObject([
      { pointer: '/city', kind: 'text', cells: [null, { step: '8', differences: 'other type 1, absent 2' }] },
    ]);
  });
});

describe('a signature', () => {
  it('says "all" only where it holds in every language of its suite', () => {
    const { summary } = syntheticReport({ tests: 1 });
    const languages = signatureLines(summary).map((line) => line.languages);
    expect(languages.slice(0, 3)).toEqual(['all', 'English, Arabic, Thai', 'all']);
  });
});
