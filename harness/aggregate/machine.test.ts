import { describe, expect, it } from 'vitest';
import { syntheticRun } from '../../fixtures/aggregate/synthetic-run.ts';
import type { Leg, MachineState, Note } from '../types.ts';
import { aggregate } from './aggregate.ts';
import { machineRows } from './machine.ts';

const quiet: MachineState = {
  at: 0,
  load1: 0.5,
  governors: ['performance'],
  turbo: true,
  clockMhz: 3000,
  throttles: 4,
  ticks: 1000,
  stolenTicks: 10,
  memoryAvailableBytes: 8e9,
  swapUsedBytes: 0,
  swappedPages: 100,
  gpus: null,
};
const later: MachineState = { ...quiet, at: 60_000, ticks: 2000 };

const leg = (before: MachineState, after: MachineState | null, more: Partial<Leg> = {}): Leg => ({
  id: 'leg-1',
  host: 'here',
  pid: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  end: 'complete',
  exitCode: null,
  sent: 3,
  phase: 'speed',
  machine: { before, after },
  ...more,
});

function notes(legs: readonly Leg[], endpoints: readonly string[] = ['replay', 'replay']): Note[] {
  const truth = syntheticRun({ items: 2, languages: ['th', 'sw'], script: () => 1 });
  const targets = truth.manifest.targets.map((target, at) => ({
    ...target,
    endpoint: endpoints[at] ?? 'replay',
  }));
  const manifest = { ...truth.manifest, legs, targets, environment: { cores: 2 } };
  return aggregate({ ...truth, manifest }).summary.notes.filter(({ code }) => code === 'machine');
}

describe('the machine around a start', () => {
  it('is what happened between two looks, not since it was switched on', () => {
    const [row] = machineRows({
      ...syntheticRun({ items: 1, languages: ['th'], script: () => 1 }).manifest,
      legs: [leg(quiet, { ...later, stolenTicks: 40, swappedPages: 160, throttles: 6 })],
    });
    expect(row).toMatchObject({ phase: 'speed', stolenShare: 0.03, swappedPages: 60, throttles: 2 });
  });

  it('is unknown after a kill, after a restart of the machine, and where nothing is told', () => {
    const { manifest } = syntheticRun({ items: 1, languages: ['th'], script: () => 1 });
    const rows = machineRows({
      ...manifest,
      legs: [
        leg(quiet, null),
        leg(quiet, { ...later, ticks: 5, stolenTicks: 1, swappedPages: 0, throttles: 0 }),
        leg({ ...quiet, ticks: null, stolenTicks: null }, later),
      ],
    });
    expect(rows.map(({ stolenShare }) => stolenShare)).toEqual([null, null, null]);
    expect(rows[1]).toMatchObject({ swappedPages: null, throttles: null });
  });

  it('has no row for a start that sent nothing, nor for one of before', () => {
    const { manifest } = syntheticRun({ items: 1, languages: ['th'], script: () => 1 });
    const { machine: _none, ...old } = leg(quiet, later);
    expect(machineRows({ ...manifest, legs: [leg(quiet, later, { sent: 0 }), old] })).toEqual([]);
  });
});

describe('a warning about the machine', () => {
  it('is not given for a quiet one', () => {
    expect(notes([leg(quiet, later)])).toEqual([]);
  });

  const device = { index: 0, name: 'x', driver: null, clockMhz: 1, powerWatts: null, temperatureC: 90 };
  it.each([
    [{ governors: ['powersave'] }, {}, /governed by powersave/u],
    [{ load1: 2.1 }, {}, /load of this machine was 2\.1 on 2 cores/u],
    [{}, { stolenTicks: 30 }, /gave 2\.0 % of this machine's time/u],
    [{}, { swappedPages: 101 }, /swapped 1 page\./u],
    [{}, { throttles: 9 }, /slowed down by heat 5 times/u],
    [{}, { gpus: [{ ...device, slowedBy: ['power cap'] }] }, /held back .*: power cap/u],
  ] as const)('is given for %j, then %j', (before, after, said) => {
    const found = notes([leg({ ...quiet, ...before }, { ...later, ...after } as MachineState)]);
    expect(found).toHaveLength(1);
    expect(found[0]?.text).toMatch(said);
    expect(found[0]?.level).toBe('warning');
  });

  it('is given where one server is here and one is not', () => {
    const text = (a: string, b: string): string => notes([], [a, b])[0]?.text ?? '';
    expect(text('http://127.0.0.1:8000/v1', 'https://models.example/v1')).toMatch(/another machine/u);
    expect(text('http://127.0.0.1:8000/v1', 'http://localhost:8001/v1')).toBe('');
    expect(text('https://a.example/v1', 'https://b.example/v1')).toBe('');
  });
});
