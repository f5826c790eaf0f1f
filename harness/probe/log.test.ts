import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logProbe, logSight } from './log.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'probe', 'logs');
const of = (name: string) => logSight(readFileSync(path.join(folder, `${name}.log`), 'utf8'));
const gib = 1024 ** 3;
const mib = 1024 ** 2;

describe('what servers write while they load', () => {
  it('vLLM: weights and cache of every worker, the tokens of the engine once', () => {
    const sight = of('vllm');
    expect(sight).toMatchObject({ status: 'read', basis: 'log', server: 'vllm', kvCapacityTokens: 686_320 });
    if (sight.status !== 'read' || sight.basis !== 'log') throw new Error('read');
    expect((sight.bytes ?? 0) / gib).toBeCloseTo(2 * 7.6359, 6);
    expect((sight.kvBytes ?? 0) / gib).toBeCloseTo(2 * 52.36, 6);
  });

  it('takes the last start of a log that was appended to', () => {
    const sight = of('vllm-restarted');
    expect(sight).toMatchObject({ bytes: 14.2487 * gib, kvCapacityTokens: 89_040, kvBytes: null });
  });

  it('SGLang: weights of every rank, and no negative ones of a small model that shares them', () => {
    expect(of('sglang')).toMatchObject({
      server: 'sglang',
      bytes: 189 * gib,
      kvCapacityTokens: 442_061,
      kvBytes: 4 * 26.98 * gib,
    });
  });

  it('llama.cpp: buffers of all devices; scratch space as it was reserved last', () => {
    expect(of('llama-cpp')).toMatchObject({
      server: 'llama.cpp',
      bytes: (157.37 + 4403.5) * mib,
      kvBytes: 512 * mib,
      computeBytes: (304 + 9) * mib,
    });
  });

  it('llama.cpp: the table at its end, once it has ended', () => {
    expect(of('llama-cpp-ended')).toMatchObject({
      bytes: (28_609 + 30_940) * mib,
      kvBytes: 397 * mib,
      computeBytes: (358 + 16) * mib,
    });
  });

  it('llama.cpp: by what a figure is called, whatever function wrote it', () => {
    expect(of('llama-cpp-old')).toMatchObject({ bytes: 63.84 * mib, kvBytes: 768 * mib });
  });

  it('llama.cpp: a table of what it expects is none of what it took', () => {
    const text = readFileSync(path.join(folder, 'llama-cpp-ended.log'), 'utf8').split('\n');
    const table = text.filter((line) => line.includes('memory_breakdown'));
    const before = [text[0], ...table, ...text.slice(1).filter((line) => !table.includes(line))].join('\n');
    expect(logSight(before)).toMatchObject({ bytes: (157.37 + 4403.5) * mib });
  });

  it.each(['', 'Listening on http://127.0.0.1:8000\n', '\0\0\0'])('nothing in %j', (text) => {
    expect(logSight(text)).toEqual({ status: 'unavailable', why: 'the log tells nothing of memory' });
  });
});

describe('the log probe', () => {
  let scratch = '';
  beforeEach(() => {
    scratch = mkdtempSync(path.join(tmpdir(), 'visavis-log-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  it('reads at quiet points only', async () => {
    const probe = logProbe(new Map([['t', path.join(folder, 'vllm.log')]]));
    expect(await probe.read('t', 'idle')).toMatchObject({ status: 'read' });
    expect(await probe.read('t', 'loaded')).toBeNull();
    expect(await probe.read('t', 'before-start')).toBeNull();
  });

  it('finds the beginning and the end of a very long log', async () => {
    const file = path.join(scratch, 'long.log');
    const chatter = 'INFO: 200 OK\n'.repeat(1_500_000);
    writeFileSync(file, readFileSync(path.join(folder, 'llama-cpp.log'), 'utf8') + chatter);
    const probe = logProbe(new Map([['t', file]]));
    expect(await probe.read('t', 'after')).toMatchObject({ kvBytes: 512 * mib });
  });

  it('does not wait for a pipe, and says when there is no file', async () => {
    const pipe = path.join(scratch, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const probe = logProbe(
      new Map([
        ['t', pipe],
        ['u', path.join(scratch, 'none')],
      ]),
    );
    expect((await probe.read('t', 'idle'))?.status).toBe('unavailable');
    expect(await probe.read('u', 'idle')).toEqual({
      status: 'unavailable',
      why: 'cannot read the log: ENOENT',
    });
  });
});
