/** What every probe of the catalogue promises. */
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Moment, ProbeSpec } from '../types.ts';
import { placeOf, probes, type ProbeName, type WatchedTarget } from './index.ts';
import { createLocator } from './locate.ts';
import { usualAccess } from './server/get-page.ts';

const specs: Readonly<Record<ProbeName, ProbeSpec>> = {
  process: { probe: 'process', port: 1, pid: null, container: null },
  'nvidia-smi': { probe: 'nvidia-smi' },
  'amd-smi': { probe: 'amd-smi' },
  ollama: { probe: 'ollama', url: null },
  prometheus: { probe: 'prometheus', url: null, metrics: [] },
  log: { probe: 'log', file: path.join(import.meta.dirname, 'no-such.log') },
};

function target(more: Partial<WatchedTarget> = {}): WatchedTarget {
  return {
    id: 'โมเดล',
    model: 'm',
    baseUrl: 'http://127.0.0.1:1/v1',
    remote: null,
    access: usualAccess,
    probes: Object.values(specs),
    ...more,
  };
}

beforeEach(() => {
  // No tool of any vendor, whatever this machine has.
  vi.stubEnv('PATH', path.join(import.meta.dirname, 'nowhere'));
});

describe('every probe', () => {
  it.each(Object.keys(probes) as ProbeName[])(
    '%s says why it sees nothing, and never throws',
    async (name) => {
      const watched = target();
      const locator = createLocator(new Map([[watched.id, placeOf(watched)]]));
      const probe = probes[name]({ targets: [watched], locator });
      expect(probe.name).toBe(name);
      expect(probe.everyMs).toBeGreaterThanOrEqual(500);
      await probe.startLoad?.([watched.id]);
      for (const moment of ['before-start', 'idle', 'loaded', 'after'] satisfies Moment[]) {
        for (const id of [watched.id, 'stranger']) {
          const sight = await probe.read(id, moment);
          if (sight === null) continue;
          expect(sight.status).toBe('unavailable');
          expect(sight.status === 'unavailable' && sight.why).toMatch(/\S{2,}/u);
        }
      }
      await probe.endLoad?.();
      await probe.close?.();
    },
  );
});

describe('where a server is', () => {
  const only = (spec: ProbeSpec, more: Partial<WatchedTarget> = {}) =>
    placeOf(target({ probes: [spec], ...more }));
  const process = (more: object) =>
    only({ probe: 'process', port: null, pid: null, container: null, ...more } as ProbeSpec);

  it('follows from its address unless something is named', () => {
    expect(process({})).toMatchObject({ port: 1, pid: null, container: null });
    expect(process({ port: 9000 })).toMatchObject({ port: 9000 });
    expect(process({ pid: 77 })).toMatchObject({ port: null, pid: 77 });
    expect(process({ container: 'vllm' })).toMatchObject({ port: null, container: 'vllm' });
    // A probe of devices alone needs the processes too.
    expect(only({ probe: 'nvidia-smi' })).toMatchObject({ port: 1 });
  });

  it.each([
    ['http://localhost/v1', 80],
    ['https://localhost/v1', 443],
    ['http://localhost:8000/v1', 8000],
  ])('is port %s: %d', (baseUrl, port) => {
    expect(only({ probe: 'nvidia-smi' }, { baseUrl })).toMatchObject({ port });
  });
});
