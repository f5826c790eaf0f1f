import { describe, expect, it } from 'vitest';
import { makeCell, makeTarget } from '../../../fixtures/test/made-up.ts';
import type { Sample } from '../../types.ts';
import { failure } from '../failure.ts';
import { Leases } from './lease.ts';
import { notAsked } from './not-asked.ts';
import { entryOf, readEntry, readSample } from './report.ts';

const target = makeTarget('a');
const cell = makeCell('a', 1, { key: 'c'.repeat(32), language: 'ar' });
const context = {
  attempt: 1,
  leg: 'leg-1',
  block: 0,
  turn: 'A',
  warmup: false,
  tSched: 0,
  signal: new AbortController().signal,
};
const good: Sample = {
  ...notAsked(target, cell, context),
  status: 'ok',
  iclMs: [1],
  outcome: {
    kind: 'answered',
    text: 'كم الناتج؟ ៥ ๕ \u2028 5',
    reasoning: '',
    toolCalls: [{ id: '1', name: 'f', arguments: '{' }],
    refusal: null,
    finish: null,
  },
};
const failed: Sample = {
  ...good,
  status: 'timeout',
  outcome: { kind: 'failed', failure: failure('timeout', 'timeout-idle', 'silent'), partial: 'पाँ' },
};

describe('a report', () => {
  it('comes out of the stream as it went in, whatever is written in it', () => {
    const report = { kind: 'sample', target: 'a', key: cell.key, body: JSON.stringify(good) } as const;
    const read = readEntry('1-0', entryOf('host-1', report));
    expect(read).toEqual({ ...report, id: '1-0', from: 'host-1' });
    expect(readSample(read?.body ?? '', cell)).toEqual(good);
    expect(readSample(JSON.stringify(failed), cell)).toEqual(failed);
  });

  it.each([
    [[]],
    [['kind', 'sample']],
    [['kind', 'order', 'from', 'x', 'target', 'a', 'key', 'k', 'body', '']],
  ])('is none of ours: %j', (words) => {
    expect(readEntry('1-0', words)).toBeNull();
  });

  it('counts only whole and of its own cell', () => {
    const refused = (change: object): unknown => readSample(JSON.stringify({ ...good, ...change }), cell);
    for (const label of [{ cell: 'x' }, { target: 'b' }, { language: 'en' }, { repeat: 2 }, { variant: 'v' }])
      expect(refused(label)).toBe('of another cell');
    expect(readSample('{', cell)).toBe('not JSON');
    expect(readSample('[]', cell)).toBe('not a sample');
    expect(refused({ v: 2 })).toBe('not a sample');
    expect(refused({ finishRaw: 'x'.repeat(1024 * 1024) })).toBe('larger than 1 MiB');
    // Speed is measured elsewhere: text of that phase is never scored.
    expect(refused({ phase: 'speed' })).toBe('not a whole sample');
    // A failure cannot pass for an answer, nor the other way round.
    expect(refused({ status: 'timeout' })).toBe('not a whole sample');
    expect(refused({ outcome: failed.outcome })).toBe('not a whole sample');
    expect(readSample(JSON.stringify({ ...failed, status: 'ok' }), cell)).toBe('not a whole sample');
  });

  it('does not count without any one of its parts, or with another kind of thing in the place of one', () => {
    // What the coordinator writes itself, or nothing reads as other than it is.
    const own = new Set([
      'attempt',
      'leg',
      'block',
      'turn',
      'warmup',
      'concurrency',
      'reusedSocket',
      'crc32',
    ]);
    for (const sample of [good, failed]) {
      for (const name of Object.keys(sample).filter((one) => !own.has(one))) {
        const { [name]: _gone, ...rest } = sample as unknown as Record<string, unknown>;
        expect([name, typeof readSample(JSON.stringify(rest), cell)]).toEqual([name, 'string']);
        const odd = { ...sample, [name]: { odd: true } };
        expect([name, typeof readSample(JSON.stringify(odd), cell)]).toEqual([name, 'string']);
      }
      for (const part of ['timing', 'usage', 'outcome'] as const) {
        for (const name of Object.keys(sample[part])) {
          const { [name]: _gone, ...rest } = sample[part] as unknown as Record<string, unknown>;
          const body = JSON.stringify({ ...sample, [part]: rest });
          expect([part, name, typeof readSample(body, cell)]).toEqual([part, name, 'string']);
        }
      }
    }
  });
});

describe('a lease', () => {
  it('ends before the queue gives the job to another, unless it was renewed', () => {
    const leases = new Leases(1000);
    leases.renew('a', 0);
    leases.renew('b', 0);
    expect(leases.overdue(899)).toEqual([]);
    leases.renewAll(['b', 'never-held'], 500);
    expect(leases.overdue(900)).toEqual(['a']);
    expect(leases.overdue(1400)).toEqual(['a', 'b']);
    leases.release('a');
    expect(leases.overdue(1400)).toEqual(['b']);
  });
});
