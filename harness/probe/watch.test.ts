/** The watch with a real thread. Threads of Node 20 run no TypeScript: they run what the tests were built to. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reading } from '../types.ts';
import type { WatchedTarget } from './index.ts';
import { openWatch, type WatchOptions } from './watch.ts';
import { usualAccess } from './server/get-page.ts';

const root = path.join(import.meta.dirname, '..', '..');
const file = pathToFileURL(path.join(root, 'dist', 'probe', 'worker.js'));
const fixtures = path.join(root, 'fixtures', 'probe');
const quality = { phase: 'quality' } as const;
const linux = process.platform === 'linux';

const alpha: WatchedTarget = {
  id: 'alpha',
  model: 'm',
  baseUrl: null,
  remote: null,
  access: usualAccess,
  probes: [{ probe: 'process', port: null, pid: process.pid, container: null }],
};

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'visavis-watch-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function open(more: Partial<WatchOptions> = {}, program = file) {
  const readings: Reading[] = [];
  const said: string[] = [];
  const watch = openWatch(
    {
      targets: [alpha],
      leg: 'leg-1',
      take: (reading) => readings.push(reading),
      say: (text) => said.push(text),
      secrets: [],
      ...more,
    },
    program,
  );
  return { watch, readings, said };
}

describe.runIf(linux)('the watch', () => {
  it('measures at named moments and polls between them, from another thread', async () => {
    const { watch, readings, said } = open();
    await watch.measure('idle', quality);
    expect(readings.map(({ moment }) => moment)).toEqual(['idle']);
    await watch.startLoad(quality);
    await vi.waitFor(() => expect(readings.length).toBeGreaterThan(2), 4000);
    await watch.endLoad();
    const count = readings.length;
    await watch.measure('after', quality);
    expect(readings).toHaveLength(count + 1);
    expect(readings.at(-1)).toMatchObject({ moment: 'after', status: 'read', leg: 'leg-1' });
    await watch.close();
    expect(said).toEqual([]);
  });

  it('hands on what the journal throws with the next call', async () => {
    const { watch } = open({
      take: () => {
        throw new Error('no space left');
      },
    });
    await expect(watch.measure('idle', quality)).rejects.toThrow('no space left');
    await expect(watch.close()).rejects.toThrow('no space left');
  });

  it('lets the run go on when its thread breaks, and says so once', async () => {
    const broken = path.join(scratch, 'broken.mjs');
    writeFileSync(broken, 'setTimeout(() => { throw new Error("a bug"); }, 50);');
    const { watch, said } = open({}, pathToFileURL(broken));
    await watch.measure('idle', quality);
    await watch.startLoad(quality);
    await watch.endLoad();
    await watch.close();
    expect(said).toEqual(['memory is not watched any more: a bug']);
  });

  it('measures without a thread when it runs from source', async () => {
    const { watch, readings } = open({}, new URL('./worker.ts', import.meta.url));
    await watch.measure('idle', quality);
    await watch.close();
    expect(readings).toMatchObject([{ target: 'alpha', moment: 'idle', status: 'read' }]);
  });

  it('takes no thread when there is nothing to watch', async () => {
    const { watch, said } = open(
      { targets: [{ ...alpha, probes: [] }] },
      pathToFileURL(path.join(scratch, 'no-such.mjs')),
    );
    await watch.measure('idle', quality);
    await watch.close();
    expect(said).toEqual([]);
  });

  it('shows tools neither what looks like a secret nor a key of a target', async () => {
    const bin = path.join(scratch, 'nvidia-smi');
    writeFileSync(bin, `#!/bin/sh\nenv > ${path.join(scratch, 'env')}\n`);
    chmodSync(bin, 0o755);
    vi.stubEnv('PATH', `${scratch}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('QWEN_API_KEY', 'hunter2hunter2');
    vi.stubEnv('QWEN_LOGIN', 'hunter3hunter3');
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '1');
    const { watch } = open({
      targets: [{ ...alpha, probes: [{ probe: 'nvidia-smi' }] }],
      secrets: ['QWEN_LOGIN'],
    });
    await watch.measure('idle', quality);
    await watch.close();
    const seen = readFileSync(path.join(scratch, 'env'), 'utf8');
    expect(seen).toContain('CUDA_VISIBLE_DEVICES=1');
    expect(seen).not.toMatch(/hunter/u);
  });

  it('leaves no tool running when it is closed in the middle of a load', async () => {
    vi.stubEnv('PATH', `${path.join(fixtures, 'bin')}:${process.env['PATH'] ?? ''}`);
    vi.stubEnv('FAKE_SMI', path.join(fixtures, 'nvidia', 'two-gpus'));
    vi.stubEnv('FAKE_LOG', path.join(scratch, 'starts'));
    const { watch } = open({ targets: [{ ...alpha, probes: [{ probe: 'nvidia-smi' }] }] });
    await watch.startLoad(quality);
    const pid = await vi.waitFor(() => {
      const line = readFileSync(path.join(scratch, 'starts'), 'utf8');
      expect(line).toContain('-lms 1000');
      return Number(line.split(' ')[0]);
    }, 4000);
    expect(() => process.kill(pid, 0)).not.toThrow();
    await watch.close();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
