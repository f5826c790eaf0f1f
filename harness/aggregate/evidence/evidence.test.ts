/** What is read off the details of verdicts, in runs whose details are written here by hand. */
import { describe, expect, it } from 'vitest';
import {
  answered,
  cell,
  check,
  failed,
  finding,
  manifest,
  sample,
  scored,
  unscored,
} from '../../../fixtures/aggregate/synthetic-run.ts';
import type { Cell, CheckSpec, Evidence, Finding, JsonObject, Sample, Verdict } from '../../types.ts';
import { aggregate } from '../aggregate.ts';

interface Planned {
  readonly language?: string;
  readonly target?: string;
  /** Verdicts by check; null: no finding. `failed` or `unasked`: what became of the cell instead. */
  readonly verdicts: readonly (Verdict | null)[] | 'failed' | 'unasked';
}

const spec = (type: string, more: Partial<CheckSpec> = {}): CheckSpec => ({
  ...check,
  type,
  metric: type,
  ...more,
});
const read = (details: JsonObject, score = 0): Verdict => ({ ...scored(score), details });

function evidence(checks: readonly CheckSpec[], planned: readonly Planned[]): Evidence {
  const cells: Cell[] = [];
  const samples: Sample[] = [];
  const findings: Finding[] = [];
  for (const [at, { language = 'th', target = 'alpha', verdicts }] of planned.entries()) {
    const one = cell({ test: `item-${at}`, cluster: `item-${at}`, language, target, checks });
    cells.push(one);
    if (verdicts === 'unasked') continue;
    samples.push(sample(one, { outcome: verdicts === 'failed' ? failed() : answered('x') }));
    for (const [index, verdict] of (verdicts === 'failed' ? [] : verdicts).entries())
      if (verdict !== null) findings.push(finding(one, verdict, index));
  }
  const { summary } = aggregate({ manifest: manifest(), plan: { cells }, samples, findings, readings: [] });
  return summary.evidence;
}

describe('numbers', () => {
  const outcomes = (...names: string[]): Planned[] =>
    names.map((outcome) => ({ verdicts: [read({ outcome, otherReading: false })] }));

  it('counts what was read, and what was not, apart', () => {
    const { numbers } = evidence(
      [spec('number')],
      [
        ...outcomes('correct', 'correct', 'wrong', 'none', 'ambiguous'),
        { verdicts: [read({ outcome: 'wrong', otherReading: true })] },
        { verdicts: 'failed' },
        { verdicts: 'unasked' },
        { verdicts: [unscored('check-error')] },
        { verdicts: [null] },
      ],
    );
    expect(numbers).toEqual([
      {
        suite: 'orders',
        metric: 'number',
        target: 'alpha',
        language: 'th',
        n: 6,
        missing: 4,
        correct: 2,
        wrong: 2,
        none: 1,
        ambiguous: 1,
        otherReading: 1,
      },
    ]);
  });

  it('takes a score without an outcome for an answer that held nothing, and never guesses at a new one', () => {
    const { numbers } = evidence(
      [spec('number')],
      [{ verdicts: [read({ signature: 'number' })] }, ...outcomes('correct', 'imaginary')],
    );
    expect(numbers[0]).toMatchObject({ n: 2, missing: 1, correct: 1, none: 1 });
  });

  it('leaves negated checks and other checks out', () => {
    const none = evidence(
      [spec('number', { not: true }), spec('equals')],
      [{ verdicts: [read({ outcome: 'correct' }), read({ outcome: 'correct' })] }],
    );
    expect(none).toEqual({
      numbers: [],
      choices: [],
      languages: [],
      stages: [],
      violations: { list: [], distinct: 0 },
      fields: { list: [], distinct: 0 },
    });
  });

  it('has a row per language and target, in the order of the report', () => {
    const { numbers } = evidence(
      [spec('number')],
      [
        { language: 'ar', target: 'alpha', verdicts: [read({ outcome: 'correct' })] },
        { language: 'ar', target: 'beta', verdicts: [read({ outcome: 'wrong' })] },
        { language: 'hi', target: 'alpha', verdicts: [read({ outcome: 'none' })] },
      ],
    );
    expect(numbers.map(({ target, language }) => `${target} ${language}`)).toEqual([
      'alpha ar',
      'alpha hi',
      'beta ar',
    ]);
  });
});

describe('choices', () => {
  it('stand beside what guessing would get', () => {
    const { choices } = evidence(
      [spec('choice')],
      ['correct', 'wrong', 'invalid', 'none', 'ambiguous', 'correct'].map((outcome, at) => ({
        verdicts: [read({ outcome, chance: at < 3 ? 0.25 : 0.5 })],
      })),
    );
    expect(choices).toMatchObject([
      { n: 6, missing: 0, correct: 2, wrong: 1, invalid: 1, none: 1, ambiguous: 1, chance: 0.375 },
    ]);
  });

  it('have no chance where nothing was read', () => {
    expect(evidence([spec('choice')], [{ verdicts: 'failed' }]).choices).toMatchObject([
      { n: 0, missing: 1, chance: null },
    ]);
  });
});

describe('languages', () => {
  const said = (outcome: string, more: JsonObject = {}): Verdict =>
    outcome === 'unknown' || outcome === 'too_short'
      ? { status: 'unscored', why: 'not-applicable', because: '', details: { outcome, ...more } }
      : read({ outcome, ...more }, outcome === 'match' ? 1 : 0);
  const foreign = (count: number): JsonObject => ({ foreign: { count, words: [] } });

  it('counts the answers that kept to the language, and where the others went', () => {
    const { languages } = evidence(
      [spec('language')],
      [
        { verdicts: [said('match', foreign(0))] },
        { verdicts: [said('match', foreign(2))] },
        { verdicts: [said('mixed', { others: { en: 1 }, ...foreign(5) })] },
        { verdicts: [said('other:en', { others: { en: 3, fr: 1 }, ...foreign(9) })] },
        { verdicts: [said('too_short', foreign(0))] },
        { verdicts: [said('unknown')] },
        { verdicts: 'failed' },
      ],
    );
    const row = {
      n: 6,
      missing: 1,
      match: 2,
      mixed: 1,
      other: 1,
      unknown: 1,
      tooShort: 1,
      linePass: { value: 0.5, n: 4, missing: 3, unit: 'share' },
      // Of the answers that passed by line: those that failed hold foreign words of course.
      wordPass: { value: 0.5, n: 2, missing: 5 },
      drift: [
        { language: 'en', answers: 2, lines: 4 },
        { language: 'fr', answers: 1, lines: 1 },
      ],
    };
    expect(languages).toMatchObject([
      { language: null, ...row },
      { language: 'th', ...row },
    ]);
    expect(languages[1]?.linePass).toMatchObject({ method: 'wilson' });
  });

  it('knows no rate of words where the letters are Latin, also not in the mean of all languages', () => {
    const { languages } = evidence(
      [spec('language')],
      [
        { language: 'sw', verdicts: [said('match')] },
        { language: 'ar', verdicts: [said('match', foreign(0))] },
        { language: 'ar', verdicts: [said('match', foreign(1))] },
      ],
    );
    expect(languages.map(({ language, wordPass }) => [language, wordPass?.value, wordPass?.n])).toEqual([
      [null, 0.5, 2],
      ['sw', undefined, undefined],
      ['ar', 0.5, 2],
    ]);
    expect(languages[0]).toMatchObject({ linePass: { value: 1 }, wordPass: { missing: 0 } });
  });

  it('makes the rate over all languages the mean of the language means', () => {
    const { languages } = evidence(
      [spec('language')],
      [
        { language: 'ar', verdicts: [said('other:en', { others: { en: 1 } })] },
        ...[1, 2, 3].map(() => ({ language: 'ko', verdicts: [said('match')] })),
      ],
    );
    expect(languages[0]).toMatchObject({ match: 3, other: 1, linePass: { value: 0.5 } });
  });
});

describe('the JSON ladder', () => {
  it('counts each answer once, by the first check that says a stage', () => {
    const { stages } = evidence(
      [spec('is-json'), spec('equals-json')],
      [
        { verdicts: [read({ stage: 'fenced' }), read({ stage: 'fenced' })] },
        { verdicts: [unscored('check-error'), read({ stage: 'strict' })] },
        { verdicts: [read({ stage: 'none' }), null] },
        { verdicts: [read({ stage: 'sideways' }), read({})] },
        { verdicts: 'failed' },
      ],
    );
    expect(stages).toEqual([
      {
        suite: 'orders',
        target: 'alpha',
        language: 'th',
        n: 3,
        missing: 2,
        stages: {
          strict: 1,
          fenced: 1,
          embedded: 0,
          ambiguous: 0,
          truncated: 0,
          repaired: 0,
          invalid: 0,
          none: 1,
        },
      },
    ]);
  });

  const broke = (...errors: (readonly [pointer: string, keyword: string])[]): Verdict =>
    read({
      stage: 'strict',
      errors: errors.map(([pointer, keyword]) => ({ pointer, keyword, message: '' })),
    });

  it('groups violations by pointer and keyword, an answer once each, the most frequent first', () => {
    const { violations } = evidence(
      [spec('is-json')],
      [
        {
          verdicts: [broke(['/items/0/quantity', 'type'], ['/items/12/quantity', 'type'], ['', 'required'])],
        },
        { target: 'beta', verdicts: [broke(['/items/3/quantity', 'type'])] },
        { target: 'beta', verdicts: [broke(['/2024', 'enum'])] },
      ],
    );
    expect(violations).toMatchObject({
      distinct: 3,
      list: [
        {
          pointer: '/items/*/quantity',
          keyword: 'type',
          answers: 2,
          targets: [
            { target: 'alpha', answers: 1 },
            { target: 'beta', answers: 1 },
          ],
        },
        { pointer: '', keyword: 'required', answers: 1 },
        { pointer: '/*', keyword: 'enum', answers: 1 },
      ],
    });
  });

  it('lists twenty and says how many there are; pointers are cut, keys of answers stand in them', () => {
    const long = `/${'ሀ'.repeat(500)}`;
    const many = Array.from({ length: 30 }, (_, at) => [`${long}/k${at}`, `keyword-${at}`] as const);
    const { violations } = evidence([spec('is-json')], [{ verdicts: [broke(...many)] }]);
    expect(violations.list).toHaveLength(20);
    expect(violations.distinct).toBe(30);
    for (const { pointer } of violations.list) expect(pointer.length).toBeLessThanOrEqual(120);
  });
});

describe('fields', () => {
  const value = {
    city: 'ናይሮቢ',
    items: [
      { name: 'ቡና', count: 2 },
      { name: 'ሻይ', count: 1 },
    ],
  };
  const equals = spec('equals-json', { params: { value } });
  const compared = (...fields: (readonly [pointer: string, match: number, why: string])[]): Verdict =>
    read({
      stage: 'strict',
      leaves: fields.filter(([, , why]) => why !== 'extra').length,
      extra: fields.filter(([, , why]) => why === 'extra').length,
      fields: fields.map(([pointer, match, why]) => ({ pointer, kind: 'exact', match, weight: 1, why })),
    });
  const right = [
    ['/city', 1, 'equal'],
    ['/items/0/name', 1, 'equal'],
    ['/items/0/count', 1, 'equal'],
    ['/items/1/name', 1, 'equal'],
    ['/items/1/count', 1, 'equal'],
  ] as const;

  it('sums by pointer, with what differs and how', () => {
    const { fields } = evidence(
      [equals],
      [
        { verdicts: [compared(...right)] },
        {
          verdicts: [
            compared(
              ['/city', 0, 'missing'],
              ['/items/0/name', 0.5, 'value'],
              ['/items/0/count', 0, 'type'],
              ['/items/1/name', 1, 'equal'],
              ['/items/1/count', 0, 'value'],
              ['/colour', 0, 'extra'],
            ),
          ],
        },
        { verdicts: [read({ stage: 'none' })] },
        { verdicts: 'failed' },
      ],
    );
    expect(fields.distinct).toBe(4);
    expect(fields.list).toMatchObject([
      {
        pointer: '/city',
        match: { value: 0.5, n: 2, missing: 2 },
        differences: { value: 0, type: 0, absent: 1, extra: 0 },
        languages: [{ language: 'th', n: 2, matched: 1 }],
      },
      { pointer: '/items/*/name', match: { value: 0.875, n: 4, missing: 4 }, differences: { value: 1 } },
      { pointer: '/items/*/count', match: { value: 0.5, n: 4 }, differences: { value: 1, type: 1 } },
      { pointer: '/colour', match: { value: null, n: 0, missing: 0 }, differences: { extra: 1 } },
    ]);
  });

  it('does not call a leaf matched that the details had no room for', () => {
    const cut = { ...compared(['/city', 0, 'value']).details, leaves: 5 };
    const { fields } = evidence([equals], [{ verdicts: [read(cut)] }, { verdicts: [compared(...right)] }]);
    expect(fields.list[0]).toMatchObject({ pointer: '/city', match: { value: 1, n: 1, missing: 1 } });
  });

  it('reads details with unknown keys, and survives those without sense', () => {
    const { fields } = evidence(
      [equals],
      [
        { verdicts: [read({ fields: 'x', leaves: 'y', errors: [null, 7], fold: { deep: true } })] },
        {
          verdicts: [
            read({ fields: [{ pointer: '/city', why: 'equal', match: 1, path: 1 }, 3, {}], leaves: 1 }),
          ],
        },
      ],
    );
    expect(fields.list).toMatchObject([{ pointer: '/city', match: { value: 1, n: 1, missing: 1 } }]);
  });
});
