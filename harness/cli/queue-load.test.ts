/** A load held by workers, as people start them: processes of their own, a real Redis, a server that logs what it served. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCrew, writeSums, type Crew, type Member } from '../../fixtures/queue/crew.ts';
import { hasRedis, startRedis, type RedisServer } from '../../fixtures/queue/redis-server.ts';
import { mostAtOnce, startLoggedServer, type LoggedServer } from '../../fixtures/servers/logged-server.ts';
import { runCommandLine } from './command-line.ts';
import { readManifest } from '../record/manifest.ts';
import { readLines } from '../record/read-lines.ts';
import type { BlockReading, JsonObject, RunEvent, Sample, SpeedRequest, Summary } from '../types.ts';

const suite = path.join('fixtures', 'e2e', 'sums.yaml');
const nobody = ['--target', 'a=http://127.0.0.1:9/v1#m'];
const times = {
  lockMs: 3000,
  stalledMs: 500,
  lookMs: 200,
  beatMs: 200,
  outageMs: 60_000,
  gatherMs: 30_000,
};
const tokens = 6;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Stage {
  readonly redis: RedisServer;
  readonly server: LoggedServer;
  readonly crew: Crew;
  readonly close: () => Promise<void>;
}

async function stage(clients: number): Promise<Stage> {
  const redis = await startRedis(['--appendonly', 'no']);
  const server = await startLoggedServer({ firstMs: 20, gapMs: 6 });
  const targets = path.join(folder, 'targets.yaml');
  writeFileSync(
    targets,
    `targets: [{ id: asked, baseUrl: "${server.baseUrl}", model: m, concurrency: 4 }]
speed: { concurrency: [1, 4], max_tokens: ${tokens}, prompts: 2, repeats: 1 }
`,
  );
  const { file } = writeSums(folder, 10, 'คำถาม');
  const crew = openCrew({
    folder,
    suite: file,
    targets,
    clients,
    queue: redis.url,
    concurrency: 4,
    times,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await redis.close();
  };
  return { redis, server, crew, close };
}

const runIn = (crew: Crew): string =>
  path.join(crew.reports, readdirSync(crew.reports).find((name) => name.startsWith('2')) ?? '');

function records<T>(run: string, name: string): T[] {
  const found: T[] = [];
  readLines(path.join(run, name), (record) => found.push(record as unknown as T));
  return found;
}

const schema = path.join(import.meta.dirname, '..', 'report', 'summary.schema.json');
const isSummary = new Ajv2020({ allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(schema, 'utf8')) as JsonObject,
);

const summaryOf = (run: string): Summary =>
  JSON.parse(readFileSync(path.join(run, 'summary.json'), 'utf8')) as Summary;

describe.runIf(hasRedis())('a load held by two workers', () => {
  it('has no figure for a level that a client left, and is measured to the end by a resume', async () => {
    const { redis, server, crew, close } = await stage(2);
    // One more than are needed: it stands by until it is.
    const everybody: Member[] = [crew.worker(), crew.worker(), crew.worker()];
    try {
      const first = crew.coordinator(null);
      everybody.push(first);
      let said = '';
      first.child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
      let end: number | null = null;
      void first.ended.then(({ code }) => (end = code ?? -1));
      // In the middle of the first block of the upper level: its nonces are in the plan.
      const upper = (): readonly string[] => {
        const plan = records<SpeedRequest>(runIn(crew), 'speed-plan.jsonl');
        return plan.filter(({ level }) => level === 'c4').map(({ nonce }) => nonce);
      };
      let wanted: ReadonlySet<string> = new Set();
      const isUnderWay = (): boolean =>
        wanted.size > 0 && server.served().some(({ line }) => wanted.has(line));
      while (end === null && !isUnderWay()) {
        await sleep(5);
        if (wanted.size === 0 && server.served().length > 10) wanted = new Set(upper());
      }
      const [, pid] = /load from 2 clients: \S+-(\d+), /u.exec(said) ?? [];
      everybody.find(({ child }) => String(child.pid) === pid)?.child.kill('SIGKILL');
      const { code, err } = await first.ended;
      expect(err).toMatch(/client \S+-\d+ is gone: what is not measured yet stays open/u);
      expect(err).toMatch(/go on with: visavis eval --resume \S+ --queue redis:/u);
      expect(code).toBe(6);
      const run = runIn(crew);
      const cut = summaryOf(run);
      const [one, four] = cut.speedPhase?.levels ?? [];
      expect(one).toMatchObject({ level: 'c1', unmeasured: 0, answered: 2 });
      expect(four).toMatchObject({ level: 'c4', unmeasured: 64, answered: 0 });
      for (const figure of [four?.tokensPerSecond, four?.requestsPerSecond])
        expect(figure).toMatchObject({ value: null, low: null, n: 0 });
      expect(four?.ttftMs).toMatchObject({ p50: null, n: 0, missing: 64 });
      const [event] = records<RunEvent>(run, 'readings.jsonl').filter(
        (one) => one.kind === 'event' && one.event !== 'sleep',
      );
      expect(event).toMatchObject({ event: 'load-ended', target: null, phase: 'speed' });
      expect(cut.notes.find((note) => note.code === 'speed-incomplete')?.text).toMatch(
        /The load was not held to its end: client \S+ is gone\.$/u,
      );

      const resume = (...words: string[]): Promise<number> =>
        runCommandLine(['eval', '--resume', run, '-o', crew.reports, ...words], 'no program');
      // Nobody else may measure the rest: one process would be another load, and so would three workers.
      await expect(resume()).rejects.toThrow(
        /^the load of this run comes from 2 clients, over a queue - visavis eval --resume/u,
      );
      await expect(resume('--queue', redis.url, '--clients', '3')).rejects.toThrow(
        /was begun with load from 2 clients, and load from 3 clients is another/u,
      );

      const second = crew.coordinator(run);
      everybody.push(second);
      const ended = await second.ended;
      expect([ended.code, ended.err]).toEqual([0, expect.any(String)]);
      const summary = summaryOf(run);
      expect(isSummary(summary), JSON.stringify(isSummary.errors)).toBe(true);
      expect(summary.events?.counts).toContainEqual({
        target: null,
        event: 'load-ended',
        count: 1,
        totalMs: null,
      });
      expect(summary.speedPhase?.levels.map(({ level, unmeasured }) => [level, unmeasured])).toEqual([
        ['c1', 0],
        ['c4', 0],
      ]);

      const blocks = records<BlockReading>(run, 'readings.jsonl').filter(({ kind }) => kind === 'block');
      const plan = records<SpeedRequest>(run, 'speed-plan.jsonl');
      const samples = records<Sample>(run, 'samples.jsonl').filter(({ phase }) => phase === 'speed');
      // At the server: as many streams as the level says, from both, and never more.
      const served = (level: string, leg: string) => {
        const legs = new Set(blocks.filter((block) => block.leg === leg).map(({ block }) => block));
        const nonces = new Set(
          plan
            .filter((request) => request.level === level && legs.has(request.block))
            .map(({ nonce }) => nonce),
        );
        return server.served().filter(({ line }) => nonces.has(line));
      };
      const [c1Leg] = blocks.filter(({ level }) => level === 'c1').map(({ leg }) => leg);
      const [c4Leg] = blocks.filter(({ level }) => level === 'c4').map(({ leg }) => leg);
      expect(mostAtOnce(served('c1', c1Leg ?? ''))).toBe(1);
      expect(mostAtOnce(served('c4', c4Leg ?? ''))).toBe(4);
      expect(mostAtOnce(server.served())).toBe(4);

      const measured = samples.filter(
        ({ leg, warmup, concurrency }) => leg === c4Leg && !warmup && concurrency === 4,
      );
      expect(measured).toHaveLength(64);
      const perClient = new Map<string, number>();
      for (const { client = '' } of measured) perClient.set(client, (perClient.get(client) ?? 0) + 1);
      expect([...perClient.values()]).toEqual([32, 32]);
      const upperBlocks = blocks.filter(({ level }) => level === 'c4');
      expect(upperBlocks).toHaveLength(4);
      for (const block of upperBlocks) {
        expect(block.maxInFlight).toBe(4);
        expect(block.clients?.map(({ share, maxInFlight }) => [share, maxInFlight])).toEqual([
          [2, 2],
          [2, 2],
        ]);
      }
      // One prompt at a time is one client's.
      for (const block of blocks.filter(({ level }) => level === 'c1')) expect(block.clients).toHaveLength(1);

      // What the server itself says of the same blocks: all tokens over the time in which any of them was open.
      const own = upperBlocks.map(({ block }) => {
        const nonces = new Set(plan.filter((request) => request.block === block).map(({ nonce }) => nonce));
        const log = server
          .served()
          .filter(({ line, isWhole }) => nonces.has(line) && isWhole)
          .slice(-16);
        const from = Math.min(...log.map(({ fromMs }) => fromMs));
        const to = Math.max(...log.map(({ toMs }) => toMs ?? 0));
        return (1000 * log.length * tokens) / (to - from);
      });
      const four2 = summary.speedPhase?.levels.find(({ level }) => level === 'c4');
      const ratio =
        (four2?.tokensPerSecond.value ?? 0) / (own.reduce((sum, rate) => sum + rate, 0) / own.length);
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(2);
      expect(four2).toMatchObject({ clients: { n: 2 }, answered: 64, failed: 0 });

      const leg = readManifest(run).legs.find(({ id }) => id === c4Leg);
      expect(leg?.clients?.map(({ client }) => client).toSorted()).toEqual([...perClient.keys()].toSorted());
      expect(
        leg?.clients?.every(({ machine, roundTrips }) => machine.after !== null && roundTrips.length === 1),
      ).toBe(true);
      expect(summary.notes.find(({ code: name }) => name === 'clients')?.text).toMatch(
        /^Load from 2 clients/u,
      );
      expect(readFileSync(path.join(run, 'report.html'), 'utf8')).toContain('from 2 clients');
    } finally {
      for (const { child } of everybody) child.kill('SIGKILL');
      await close();
    }
  }, 120_000);
});

describe('--clients', () => {
  it('is refused where nobody could be told, and where there is nothing to hold', async () => {
    const queue = ['--queue', 'redis://127.0.0.1:1'];
    const run = (words: readonly string[]): Promise<number> =>
      runCommandLine(['eval', suite, ...nobody, ...words, '-o', folder], 'no program');
    await expect(run(['--clients', '2', '--speed'])).rejects.toThrow(
      /^--clients says how many workers hold the load/u,
    );
    await expect(run(['--clients', '2', ...queue])).rejects.toThrow(
      /^--clients says how many workers hold the load of the speed phase, and there is none/u,
    );
    await expect(run(['--speed', ...queue])).rejects.toThrow(
      /^the speed phase is not spread[^]+--clients 2/u,
    );
    await expect(
      runCommandLine(
        ['eval', 'suites/translation.yaml', '--speed', '--clients', '2', ...queue, '-o', folder],
        'no program',
      ),
    ).rejects.toThrow(/is embedded: each client would load an endpoint of its own/u);
    expect(readdirSync(folder)).toEqual([]);
  });
});
