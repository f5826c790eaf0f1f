import { describe, expect, it } from 'vitest';
import { sample } from '../../../fixtures/aggregate/synthetic-run.ts';
import { makeCell } from '../../../fixtures/test/made-up.ts';
import type { ClientBlock, SpeedRequest } from '../../types.ts';
import { deal } from '../deal.ts';
import { between } from './common-clock.ts';
import { taintedByOthers, together } from './load-parts.ts';
import { takeReplies, type DoneBody } from './load-take.ts';
import { readOrder, readReply, wordsOf, type Order, type Reply } from './load-words.ts';

const calm = { utilization: 0.1, delayP50Ms: 0.1, delayP99Ms: 1, lagP99Ms: null };
const part = (client: string, more: Partial<ClientBlock> = {}): ClientBlock => ({
  client,
  share: 2,
  startMs: 1000,
  fullMs: 1030,
  emptyMs: 1200,
  endMs: 1300,
  maxInFlight: 2,
  load: calm,
  offsetMs: 0,
  errorMs: 0.2,
  ...more,
});

describe('two clocks and one', () => {
  it('are as far apart as before and after say together, and as uncertain as both and what lies between', () => {
    expect(between({ offsetMs: 500, errorMs: 0.25 }, { offsetMs: 500, errorMs: 0.5 })).toEqual({
      offsetMs: 500,
      errorMs: 0.5,
    });
    // Somebody set a clock meanwhile: no figure over several clients stands on that.
    expect(between({ offsetMs: 500, errorMs: 0.25 }, { offsetMs: 1500, errorMs: 0.25 })).toEqual({
      offsetMs: 1000,
      errorMs: 500.25,
    });
  });
});

describe('a block of several clients', () => {
  it('is full when the last is, over when the first has nothing left, on the clock in common', () => {
    const { events, client } = together([
      part('ไทย', { offsetMs: 9000 }),
      part('日本', {
        startMs: 10,
        fullMs: 45,
        emptyMs: 190,
        endMs: 250,
        offsetMs: 10_000,
        load: { ...calm, utilization: 0.8, delayP99Ms: 0.5 },
      }),
    ]);
    expect(events).toEqual({
      startMs: 10_000,
      fullMs: 10_045,
      emptyMs: 10_190,
      endMs: 10_300,
      maxInFlight: 4,
    });
    // The worst of them in each: one at its limit is the limit of all.
    expect(client).toEqual({ utilization: 0.8, delayP50Ms: 0.1, delayP99Ms: 1, lagP99Ms: null });
  });

  it('was never full where one of them was not, and has no such moment in an open loop', () => {
    expect(together([part('a'), part('b', { fullMs: null })]).events.fullMs).toBeNull();
    const open = { share: null, fullMs: null };
    const { events, client } = together([
      part('a', { ...open, load: { ...calm, lagP99Ms: 1 } }),
      part('b', { ...open, emptyMs: 1250, load: { ...calm, lagP99Ms: 7 } }),
    ]);
    expect(events).toMatchObject({ fullMs: null, emptyMs: 1250 });
    expect(client.lagP99Ms).toBe(7);
  });

  it('takes out of the times what came while another client was held up, and nothing else', () => {
    const own = { block: part('a', { offsetMs: 5000 }), disturbed: [] };
    const other = { block: part('b', { offsetMs: 100 }), disturbed: [{ from: 6000, to: 6100 }] };
    // 6100 to 6200 on the clock in common: 1100 to 1200 on the own one.
    const at = (tCall: number, tDone: number) =>
      taintedByOthers(
        sample(makeCell('t', 1), { timing: { ...sample(makeCell('t', 1)).timing, tCall, tDone } }),
        own,
        [own, other],
      );
    expect([at(1000, 1099), at(1000, 1101), at(1150, 1160), at(1199, 1300), at(1201, 1300)]).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('what clients told of a batch', () => {
  const base = makeCell('t', 1);
  const request: SpeedRequest = {
    key: 'ก1',
    series: 'all',
    level: 'c1',
    load: { kind: 'closed', concurrency: 1 },
    target: base.target,
    cell: base.key,
    language: base.language,
    cluster: 'item',
    unit: 'u',
    repeat: base.repeat,
    block: 3,
    turn: 'AB',
    nonce: '',
    atMs: null,
    maxTokens: 4,
  };
  const hands = deal([{ request, question: request }], request.load, ['甲']);
  const good = sample({ ...base, key: request.key }, { cell: request.key, phase: 'speed', leg: 'its own' });
  const { client: _own, share: _of, ...seen } = part('甲');
  const taken = (samples: readonly { key: string; sample: string }[], done: Partial<DoneBody> = {}) =>
    takeReplies(
      {
        samples: new Map([['甲', samples]]),
        done: new Map([['甲', { block: seen, disturbed: [], samples: 1, isCut: false, ...done }]]),
      },
      hands,
      { batch: { warmup: false }, cells: new Map([[base.key, base]]), leg: 'leg-2', isStopped: false },
    );

  it('stands in the record under the start of this run, with the name of its client', () => {
    const { samples, blocks, faults } = taken([{ key: request.key, sample: JSON.stringify(good) }]);
    expect(faults).toEqual([]);
    expect(samples).toMatchObject([
      { sample: { cell: 'ก1', leg: 'leg-2', client: '甲', block: 3, turn: 'AB', concurrency: 1 } },
    ]);
    expect(blocks).toMatchObject([{ client: '甲', share: 1 }]);
  });

  it.each([
    ['of a request that is not its own', [{ key: 'ก2', sample: JSON.stringify(good) }], {}],
    ['that is no record', [{ key: 'ก1', sample: '{' }], {}],
    ['of the other phase', [{ key: 'ก1', sample: JSON.stringify({ ...good, phase: 'quality' }) }], {}],
    ['told twice', [1, 2].map(() => ({ key: 'ก1', sample: JSON.stringify(good) })), { samples: 2 }],
    ['that did not come', [], {}],
    ['of a client that left', [{ key: 'ก1', sample: JSON.stringify(good) }], { isCut: true }],
  ])('is no measurement with a record %s', (_what, samples, done) => {
    const found = taken(samples, done);
    expect(found.faults.length).toBeGreaterThan(0);
    expect(new Set(found.faults.map(({ client }) => client))).toEqual(new Set(['甲']));
  });
});

const head = { session: 's', client: 'ملقم', turn: 3 } as const;
const order: Order = {
  ...head,
  kind: 'load',
  body: {
    target: 'hedef',
    items: [
      ['k'.repeat(32), null],
      ['k'.repeat(32), '0123456789abcdef'],
    ],
    load: { kind: 'closed', concurrency: 2 },
    place: { first: 0, step: 2, of: 4 },
    spreadMs: 10,
    withoutEos: false,
    dialect: 'generic',
    ignoreEos: 'yes',
    epochMs: 1,
    waits: true,
  },
};
const { client: _client, share: _share, ...block } = part('a');
const reply: Reply = {
  ...head,
  kind: 'done',
  body: { block, disturbed: [{ from: 1, to: 2 }], samples: 4, isCut: false },
};

/** What is said, with something else in the place of a part of its body. */
const changed = (said: Order | Reply, body: object): string[] =>
  wordsOf({ ...said, body: { ...said.body, ...body } } as Order);

describe('what is said of a load', () => {
  it('comes out of the stream as it went in', () => {
    expect(readOrder(wordsOf(order))).toEqual(order);
    expect(readReply(wordsOf(reply))).toEqual(reply);
  });

  it.each([
    [[]],
    [wordsOf(reply)],
    [wordsOf(order).toSpliced(5, 1, '-1')],
    [wordsOf(order).toSpliced(7, 1, 'constructor')],
    [wordsOf(order).toSpliced(9, 1, '{')],
    [wordsOf(order).toSpliced(9, 1, 'null')],
    [changed(order, { items: [['k', 'a nonce that is a prompt']] })],
    [changed(order, { items: 'k' })],
    [changed(order, { ignoreEos: 'perhaps' })],
    [changed(order, { place: { first: -1, step: 1, of: 1 } })],
    [changed(order, { load: { kind: 'closed', concurrency: 0.5 } })],
    [changed(order, { epochMs: null })],
  ])('is no order when it is not in order: %#', (words) => {
    expect(readOrder(words)).toBeNull();
  });

  it.each([
    [wordsOf(order)],
    [changed(reply, { samples: '4' })],
    [changed(reply, { block: { ...block, offsetMs: '0' } })],
    [changed(reply, { block: { ...block, load: null } })],
    [changed(reply, { disturbed: [{ from: 1 }] })],
    [wordsOf({ ...head, kind: 'sample', body: { key: 'k', sample: 'x'.repeat(3_000_000) } })],
  ])('is no reply when it is not in order: %#', (words) => {
    expect(readReply(words)).toBeNull();
  });
});
