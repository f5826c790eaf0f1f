import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Moment, Probe, Sight } from '../types.ts';
import { poll } from './poll.ts';

const nothing: Sight = { status: 'unavailable', why: 'slow' };

/** A probe whose sights come when the test lets them; counts how many are under way. */
class SlowProbe implements Probe {
  readonly name = 'slow';
  readonly everyMs = 500;
  readonly asked: string[] = [];
  readonly #waiting: ((sight: Sight | null) => void)[] = [];

  read(target: string, moment: Moment): Promise<Sight | null> {
    this.asked.push(`${target} ${moment}`);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  get underWay(): number {
    return this.#waiting.length;
  }

  async answer(sight: Sight | null = nothing): Promise<void> {
    for (const one of this.#waiting.splice(0)) one(sight);
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('polling', () => {
  let stop = (): void => {};
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('asks at the pace of the probe about every target, as under load', async () => {
    const probe = new SlowProbe();
    const taken: string[] = [];
    stop = poll(probe, ['a', 'ب'], (target) => taken.push(target));
    await vi.advanceTimersByTimeAsync(499);
    expect(probe.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(probe.asked).toEqual(['a loaded', 'ب loaded']);
    await probe.answer();
    expect(taken).toEqual(['a', 'ب']);
    await vi.advanceTimersByTimeAsync(500);
    expect(probe.asked).toHaveLength(4);
    await probe.answer();
    expect(taken).toHaveLength(4);
  });

  it('never starts a look while one is under way, and goes on after it', async () => {
    const probe = new SlowProbe();
    stop = poll(probe, ['a'], () => {});
    await vi.advanceTimersByTimeAsync(5000);
    expect(probe.underWay).toBe(1);
    expect(probe.asked).toHaveLength(1);
    await probe.answer();
    await vi.advanceTimersByTimeAsync(500);
    expect(probe.asked).toHaveLength(2);
  });

  it('hands on nothing where there was nothing new', async () => {
    const probe = new SlowProbe();
    const taken: Sight[] = [];
    stop = poll(probe, ['a'], (_target, sight) => taken.push(sight));
    await vi.advanceTimersByTimeAsync(500);
    await probe.answer(null);
    expect(taken).toEqual([]);
  });

  it('asks no more when told to stop', async () => {
    const probe = new SlowProbe();
    stop = poll(probe, ['a'], () => {});
    await vi.advanceTimersByTimeAsync(500);
    await probe.answer();
    stop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(probe.asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hands on no sight that was under way when it was told to stop: the load is over', async () => {
    const probe = new SlowProbe();
    const taken: Sight[] = [];
    stop = poll(probe, ['a'], (_target, sight) => taken.push(sight));
    await vi.advanceTimersByTimeAsync(500);
    expect(probe.underWay).toBe(1);
    stop();
    await probe.answer();
    expect(taken).toEqual([]);
  });

  it('throws at its end what could not be written down', async () => {
    const probe = new SlowProbe();
    const end = poll(probe, ['a'], () => {
      throw new Error('no space left');
    });
    await vi.advanceTimersByTimeAsync(500);
    await probe.answer();
    await vi.advanceTimersByTimeAsync(5000);
    expect(probe.asked).toHaveLength(1);
    expect(end).toThrow('no space left');
  });

  it('never asks a probe that has no pace', async () => {
    const probe = Object.assign(new SlowProbe(), { everyMs: Number.POSITIVE_INFINITY });
    stop = poll(probe, ['a'], () => {});
    await vi.advanceTimersByTimeAsync(100_000);
    expect(probe.asked).toEqual([]);
  });
});
