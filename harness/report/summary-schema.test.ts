import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { syntheticRun } from '../../fixtures/aggregate/synthetic-run.ts';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import { aggregate } from '../aggregate/aggregate.ts';
import type { EventLog, JsonObject, Summary } from '../types.ts';

const schema = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'summary.schema.json'), 'utf8'),
) as JsonObject;
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

describe('summary.schema.json', () => {
  it.each([{}, { targets: 1 }, { targets: 4, demo: false, complete: true }])(
    'describes a summary of %j',
    (options) => {
      expect(validate(syntheticReport(options).summary), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  it.each([1, 3])('describes a summary that was computed, %i repeats', (repeats) => {
    const script = (target: string, language: string, item: number) =>
      item === 0 && target === 'beta' ? 'failed' : (item + language.length) % 4 === 0 ? 0.3 : 1;
    const { summary } = aggregate(
      syntheticRun({ repeats, languages: ['en', 'ar', 'zh-TW'], items: 25, script }),
    );
    expect(validate(summary), JSON.stringify(validate.errors)).toBe(true);
    expect(summary.spread[0]?.gaps).toHaveLength(2);
    expect(summary.repeats).toHaveLength(repeats === 1 ? 0 : 8);
  });

  it('describes the machine of a client, and what happened on the way', () => {
    const { summary: made } = syntheticReport();
    const [machine] = made.run.machine;
    const events: EventLog = {
      counts: [{ target: null, event: 'load-ended', count: 1, totalMs: null }],
      list: {
        list: [
          {
            atMs: 5,
            event: 'load-ended',
            target: null,
            phase: 'speed',
            leg: 'leg-2',
            ms: null,
            because: 'ผู้ช่วยหายไป',
          },
        ],
        distinct: 1,
      },
    };
    const held = {
      ...made,
      run: {
        ...made.run,
        machine: machine === undefined ? [] : [machine, { ...machine, client: 'h-1' }],
      },
      events,
    };
    expect(validate(held), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...held, events: { ...events, counts: [{ target: null }] } })).toBe(false);
  });

  const { summary } = syntheticReport();
  const changed = (change: (copy: Summary) => unknown): Summary => {
    const copy = structuredClone(summary);
    change(copy);
    return copy;
  };
  it.each([
    ['an unknown key', { ...summary, extra: 1 }],
    [
      'a corpus figure without its definition',
      { ...summary, corpus: [{ ...summary.corpus[0], signature: undefined }] },
    ],
    ['a missing list', { ...summary, speed: undefined }],
    ['another version', { ...summary, v: 2 }],
    ['an unknown kind', { ...summary, kinds: [{ ...summary.kinds[0], kind: 'error' }] }],
    [
      'a score without its worst case',
      { ...summary, scores: [{ ...summary.scores[0], worstCase: undefined }] },
    ],
    [
      'a gap without its base',
      { ...summary, spread: [{ ...summary.spread[0], gaps: [{ language: 'th' }] }] },
    ],
    [
      'a verdict of an unknown kind',
      changed((copy) => Object.assign(copy.metrics[0]?.verdicts[0] ?? {}, { lost: 1 })),
    ],
    ['a count below zero', changed((copy) => Object.assign(copy.evidence.numbers[0] ?? {}, { wrong: -1 }))],
    [
      'a rung that is none',
      changed((copy) => Object.assign(copy.evidence.stages[0]?.stages ?? {}, { odd: 1 })),
    ],
    [
      'a rate without its n',
      changed((copy) => Object.assign(copy.evidence.languages[0] ?? {}, { linePass: 0.5 })),
    ],
    ['a gate in a fourth state', { ...summary, gates: [{ ...summary.gates[0], state: 'skipped' }] }],
    [
      'a claim without its sentence',
      changed((copy) => Object.assign(copy.gates[0]?.claims[0] ?? {}, { sentence: undefined })),
    ],
    [
      'a changed cell that is none',
      changed((copy) => Object.assign(copy.sinceEarlier?.changes.list[0] ?? {}, { change: 'same' })),
    ],
    ['a number without its n', { ...summary, scores: [{ ...summary.scores[0], score: { value: 1 } }] }],
  ])('refuses %s', (_what, broken) => {
    expect(validate(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });
});
