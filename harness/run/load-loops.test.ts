import { describe, expect, it } from 'vitest';
import { closedLoop, openLoop } from './load-loops.ts';
import { sleep } from './sleep.ts';

const options = () => {
  const start = performance.now();
  return { clock: () => performance.now() - start, stop: new AbortController().signal };
};
const upTo = (n: number): number[] => Array.from({ length: n }, (_, at) => at);

describe('a closed loop', () => {
  it('keeps its limit full until the list is empty, and never over it', async () => {
    let inFlight = 0;
    let most = 0;
    const sent: number[] = [];
    const { clock, stop } = options();
    const events = await closedLoop(
      upTo(20),
      { concurrency: 4, spreadMs: 0 },
      async (request) => {
        sent.push(request);
        inFlight += 1;
        most = Math.max(most, inFlight);
        await sleep(5, stop);
        inFlight -= 1;
      },
      { clock, stop },
    );
    expect(sent).toEqual(upTo(20));
    expect(most).toBe(4);
    expect(events.maxInFlight).toBe(4);
    expect(events.fullMs).toBeLessThanOrEqual(events.emptyMs);
    expect(events.emptyMs).toBeLessThan(events.endMs);
  });

  it('spreads its first starts, so that no burst stands at the front', async () => {
    const starts: number[] = [];
    const { clock, stop } = options();
    await closedLoop(
      upTo(4),
      { concurrency: 4, spreadMs: 80 },
      async () => {
        starts.push(clock());
        await sleep(100, stop);
      },
      { clock, stop },
    );
    for (const [at, start] of starts.entries()) expect(start).toBeGreaterThanOrEqual(at * 20 - 2);
  });

  it('never says that it was full when there was too little to do', async () => {
    const events = await closedLoop([1, 2], { concurrency: 8, spreadMs: 0 }, async () => {}, options());
    expect(events.fullMs).toBeNull();
    expect(events.maxInFlight).toBeLessThan(8);
  });

  it('starts nothing after a stop', async () => {
    const stopper = new AbortController();
    let sent = 0;
    await closedLoop(
      upTo(100),
      { concurrency: 2, spreadMs: 0 },
      async () => {
        sent += 1;
        if (sent === 10) stopper.abort();
        await sleep(1, stopper.signal);
      },
      { ...options(), stop: stopper.signal },
    );
    expect(sent).toBeLessThanOrEqual(11);
  });

  it('waits for all before it throws what one of them threw', async () => {
    let ended = 0;
    const { clock, stop } = options();
    const running = closedLoop(
      upTo(4),
      { concurrency: 4, spreadMs: 0 },
      async (request) => {
        await sleep(request === 0 ? 1 : 20, stop);
        ended += 1;
        if (request === 0) throw new Error('full disk');
      },
      { clock, stop },
    );
    await expect(running).rejects.toThrow('full disk');
    expect(ended).toBe(4);
  });
});

describe('an open loop', () => {
  it('starts at its times whatever is still open, and says how late it was', async () => {
    const { clock, stop } = options();
    const starts: number[] = [];
    const planned: number[] = [];
    const events = await openLoop(
      [0, 10, 20, 30].map((atMs) => ({ atMs })),
      async ({ atMs }, tSched) => {
        starts.push(clock());
        planned.push(tSched - atMs);
        await sleep(200, stop);
      },
      { clock, stop },
    );
    // Slower than the arrivals: all four are open at once.
    expect(events.maxInFlight).toBe(4);
    expect(new Set(planned.map(Math.round)).size).toBe(1);
    expect(events.lagsMs).toHaveLength(4);
    for (const [at, start] of starts.entries())
      expect(start).toBeGreaterThanOrEqual(events.startMs + at * 10 - 2);
  });
});
