import { describe, expect, it } from 'vitest';
import {
  answered,
  cell,
  check,
  failed,
  finding,
  sample,
  scored,
  unscored,
} from '../../fixtures/aggregate/synthetic-run.ts';
import type { Cell, CheckSpec, Outcome, Row, Verdict } from '../types.ts';
import { effectiveSamples } from './effective.ts';
import { joinRows } from './rows.ts';

/** The row of one cell with these checks, this outcome (null: never asked) and these verdicts. */
function rowOf(
  checks: readonly Partial<CheckSpec>[],
  outcome: Outcome | null,
  verdicts: readonly (Verdict | null)[],
): Row {
  const planned: Cell = cell({
    checks: checks.map((each) => ({ ...check, ...each })),
    observe: checks.length === 0,
  });
  const plan = { cells: [planned] };
  const samples = outcome === null ? [] : [sample(planned, { outcome })];
  const findings = verdicts.flatMap((verdict, index) =>
    verdict === null ? [] : [finding(planned, verdict, index)],
  );
  const [row] = joinRows(plan, effectiveSamples(plan, samples), findings);
  if (row === undefined) throw new Error('no row');
  return row;
}

const language = { type: 'language', metric: 'language' };
const json = { type: 'is-json', metric: 'json' };
const chrf = { type: 'chrf', threshold: null };

describe('the kind of a cell', () => {
  it('is unasked without a record, whatever old findings say', () => {
    expect(rowOf([{}], null, [scored(1)])).toMatchObject({
      kind: 'unasked',
      score: null,
      pass: null,
      attempts: 0,
    });
  });

  it('is no answer when every attempt failed: an outage is never a zero', () => {
    expect(rowOf([{}], failed(), [unscored('no-answer')])).toMatchObject({
      kind: 'no-answer',
      score: null,
      pass: null,
    });
    expect(rowOf([{}], failed(), [scored(0)])).toMatchObject({ kind: 'no-answer', score: null, pass: null });
    expect(rowOf([{ not: true }], failed(), [scored(1)])).toMatchObject({
      kind: 'no-answer',
      score: null,
      pass: null,
    });
  });

  it('is observed without a check, even when the answer was cut', () => {
    expect(rowOf([], answered('', { finish: 'length' }), [])).toMatchObject({
      kind: 'observed',
      score: null,
      pass: null,
    });
  });

  it('is check error when one check crashed, though the other has a score', () => {
    expect(rowOf([{}, json], answered(), [scored(1), unscored('check-error')])).toMatchObject({
      kind: 'check-error',
      score: null,
      pass: null,
    });
  });

  it('is check error when a finding is not there: nobody knows what it says', () => {
    expect(rowOf([{}, json], answered(), [scored(1), null])).toMatchObject({
      kind: 'check-error',
      pass: null,
    });
  });

  it('is not applicable when no check applied: null, not zero, when nothing was scored', () => {
    expect(
      rowOf([{}, json], answered(), [unscored('not-applicable'), unscored('not-applicable')]),
    ).toMatchObject({ kind: 'not-applicable', score: null, pass: null });
  });

  it('is passed when what applied passed', () => {
    expect(rowOf([{}, json], answered(), [scored(1), unscored('not-applicable')])).toMatchObject({
      kind: 'passed',
      score: 1,
      pass: true,
    });
  });

  it('is scored only when no check has a threshold', () => {
    expect(rowOf([chrf], answered(), [scored(0.4, null)])).toMatchObject({
      kind: 'scored-only',
      score: 0.4,
      pass: null,
    });
  });

  it.each([
    ['refusal', 'by its own word', answered('Siwezi kusaidia.', { refusal: 'Siwezi.', finish: 'length' })],
    ['refusal', 'by a filter', answered('', { finish: 'content_filter' })],
    ['truncated', 'at the token limit', answered('จำนวนทั้งหมด', { finish: 'length' })],
    ['empty', 'without a letter anyone could see', answered(' \u200b\u3164\ufeff\n')],
    [
      'wrong-answer',
      'for a tool call without text',
      answered('', { toolCalls: [{ id: '1', name: 'f', arguments: '{}' }], finish: 'tool_calls' }),
    ],
    ['wrong-answer', 'else', answered('तीन')],
  ])('is %s %s', (kind, _, outcome) => {
    expect(rowOf([{}], outcome, [scored(0)]).kind).toBe(kind);
  });

  it('is wrong language when the language or the script failed, also negated', () => {
    expect(rowOf([{}, language], answered('日本語'), [scored(0), scored(0)]).kind).toBe('wrong-language');
    expect(rowOf([{ type: 'script' }, json], answered('日本語'), [scored(0), scored(0)]).kind).toBe(
      'wrong-language',
    );
    expect(rowOf([{ ...language, not: true }], answered('English'), [scored(0)]).kind).toBe('wrong-language');
    expect(rowOf([{}, language], answered('日本語'), [scored(0), scored(1)]).kind).toBe('wrong-answer');
  });

  it('is refusal when the answer reads like one and should not, not when it should and does not', () => {
    const refusal = { type: 'refusal', metric: 'refusal' };
    const text = answered('Samahani, siwezi kusaidia.');
    expect(rowOf([{}, { ...refusal, not: true }], text, [scored(0), scored(0)]).kind).toBe('refusal');
    expect(rowOf([{}, { ...refusal, not: true }], text, [scored(0), scored(1)]).kind).toBe('wrong-answer');
    expect(rowOf([refusal], answered('Ndiyo.'), [scored(0)]).kind).toBe('wrong-answer');
  });

  it('is wrong answer for a wrong tool call, unless it was cut or is no answer at all', () => {
    const call = { type: 'tool-call', metric: 'tool-call' };
    const calls = { toolCalls: [{ id: '1', name: 'f', arguments: '{' }] };
    expect(rowOf([call], answered('', { ...calls, finish: 'tool_calls' }), [scored(0.5, false)]).kind).toBe(
      'wrong-answer',
    );
    expect(rowOf([call], answered('晴れです'), [scored(0)]).kind).toBe('wrong-answer');
    expect(rowOf([call], answered('', { ...calls, finish: 'length' }), [scored(0)]).kind).toBe('truncated');
    expect(rowOf([call], answered(''), [scored(0)]).kind).toBe('empty');
  });

  it('is invalid JSON when JSON was due, and not when JSON was forbidden', () => {
    expect(rowOf([{}, json], answered('{'), [scored(0), scored(0)]).kind).toBe('invalid-json');
    expect(rowOf([{ type: 'contains-json' }], answered('٣'), [scored(0)]).kind).toBe('invalid-json');
    expect(rowOf([{ ...json, not: true }], answered('{}'), [scored(0)]).kind).toBe('wrong-answer');
  });
});

describe('the score of a cell', () => {
  it('weighs the checks that were scored, and only those', () => {
    const checks = [{ weight: 3 }, { weight: 1 }, { weight: 4 }];
    expect(rowOf(checks, answered(), [scored(1), scored(0), unscored('not-applicable')]).score).toBe(0.75);
  });

  it('is null when a check crashed: its weight goes to no other', () => {
    const checks = [{ weight: 1 }, { weight: 9 }];
    expect(rowOf(checks, answered(), [scored(1), unscored('check-error')]).score).toBeNull();
    expect(rowOf(checks, answered(), [scored(1), null]).score).toBeNull();
  });

  it('is null when all weight is on checks that said nothing', () => {
    expect(
      rowOf([{ weight: 0 }, { weight: 1 }], answered(), [scored(1), unscored('not-applicable')]),
    ).toMatchObject({ score: null, pass: true });
  });

  it('passes only when every threshold is met', () => {
    expect(rowOf([{}, {}, chrf], answered(), [scored(1), scored(0.5, false), scored(1, null)]).pass).toBe(
      false,
    );
  });
});
