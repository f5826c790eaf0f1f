/** The fence: who may import whom. Reads static and dynamic imports, type imports too; tests beside the code are free. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const leaves = ['types.ts', 'errors.ts'];

interface Rule {
  readonly rooms: readonly string[];
  /** Package -> the only files that may import it. */
  readonly doors: Readonly<Record<string, readonly string[]>>;
  /** Node builtins refused. */
  readonly without?: readonly RegExp[];
}

const noDisk = [/^node:fs/, /^node:http/, /^node:net/, /^node:child_process/, /^node:worker_threads/];
const rules: Readonly<Record<string, Rule>> = {
  suite: {
    rooms: [],
    doors: {
      yaml: ['suite/yaml.ts'],
      handlebars: ['suite/template.ts'],
      ajv: ['suite/parameters.ts'],
      'csv-parse': ['suite/data-set.ts'],
      'fastest-levenshtein': ['suite/suggest.ts'],
    },
  },
  plan: { rooms: [], doors: {}, without: noDisk },
  run: {
    rooms: [],
    doors: {
      openai: ['run/ask.ts'],
      undici: ['run/transport.ts', 'run/get-json.ts'],
      'eventsource-parser': ['run/events.ts'],
      'p-queue': ['run/endpoint.ts'],
      bullmq: ['run/queue/broker.ts'],
      ioredis: ['run/queue/broker.ts'],
    },
  },
  probe: { rooms: [], doors: {} },
  record: { rooms: [], doors: {} },
  score: {
    rooms: [],
    doors: {
      ajv: ['score/checks/json-schema.ts'],
      'ajv-draft-04': ['score/checks/json-schema.ts'],
      'ajv-formats': ['score/checks/json-schema.ts'],
      re2js: ['score/checks/pattern.ts'],
      jsonrepair: ['score/checks/json-extract.ts'],
      eld: ['score/checks/identify.ts'],
      franc: ['score/checks/identify-rare.ts'],
      'fastest-levenshtein': ['score/nearest.ts'],
    },
    without: noDisk,
  },
  aggregate: { rooms: [], doors: {}, without: noDisk },
  report: {
    rooms: [],
    doors: {
      handlebars: ['report/html/render-template.ts'],
      'csv-stringify': ['report/csv.ts'],
      fflate: ['report/html/pack.ts'],
      echarts: [
        'report/html/chart.ts',
        'report/html/draw-svg.ts',
        'report/html/line-chart.ts',
        'report/html/scatter-chart.ts',
      ],
    },
    without: noDisk,
  },
  replay: { rooms: [], doors: {} },
  cli: {
    rooms: ['suite', 'plan', 'run', 'probe', 'record', 'score', 'aggregate', 'report', 'replay'],
    doors: {
      commander: ['cli/command-line.ts'],
      'cli-progress': ['cli/progress.ts'],
      'cli-table3': ['cli/table.ts'],
    },
  },
};

const importPattern =
  /(?:^|[\s;])(?:import|export)\s(?:[^'"();]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gmu;

/** Every breach of the fence in one file, in words. */
export function breaches(file: string, source: string): string[] {
  const found: string[] = [];
  const room = file.includes('/') ? (file.split('/')[0] ?? '') : '';
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//gu, '').replaceAll(/(^|\s)\/\/.*$/gmu, '$1');
  for (const match of code.matchAll(importPattern)) {
    const to = match[1] ?? match[2] ?? '';
    const say = (why: string) => found.push(`${file} imports ${to}: ${why}`);
    if (to.startsWith('.')) {
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), to));
      const targetRoom = target.includes('/') ? (target.split('/')[0] ?? '') : '';
      if (!/\.(ts|json)$/u.test(to)) say('a relative import carries its ending');
      if (leaves.includes(file)) {
        if (target !== 'types.ts') say('types.ts and errors.ts import nothing but types');
      } else if (file === 'main.ts') {
        if (target !== 'errors.ts' && targetRoom !== 'cli') say('main.ts knows errors.ts and cli/ only');
      } else if (leaves.includes(target) || targetRoom === room) {
        continue;
      } else if (!(rules[room]?.rooms ?? []).includes(targetRoom)) {
        say(`${room}/ may not know ${targetRoom || target}`);
      }
      continue;
    }
    if (to.startsWith('node:')) {
      if (leaves.includes(file)) say('types.ts and errors.ts import nothing');
      if (rules[room]?.without?.some((refused) => refused.test(to)))
        say(`${room}/ does not touch the outside world`);
      continue;
    }
    const name = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? to);
    const doors = rules[room]?.doors[name];
    if (doors === undefined) say(`${room || file} has no door to this package`);
    else if (!doors.includes(file)) say(`its door is ${doors.join(', ')}`);
  }
  return found;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

describe('the fence', () => {
  it('lets no file import what its room may not know', () => {
    const all = files.flatMap((file) => breaches(file, readFileSync(path.join(root, file), 'utf8')));
    expect(all).toEqual([]);
  });

  it('knows every room there is', () => {
    const rooms = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
    for (const room of rooms) expect(Object.keys(rules)).toContain(room);
  });

  it.each([
    ['aggregate/x.ts', `import { ask } from '../run/ask.ts';`],
    ['aggregate/x.ts', `import type { Ask } from '../run/ask.ts';`],
    ['aggregate/x.ts', `import { readFileSync } from 'node:fs';`],
    ['run/execute.ts', `import OpenAI from 'openai';`],
    ['score/checks/x.ts', `const eld = await import('eld/small');`],
    ['run/queue/work.ts', `const { Worker } = await import('bullmq');`],
    ['cli/work.ts', `import type { Redis } from 'ioredis';`],
    ['report/x.ts', `export { readFile } from 'node:fs/promises';`],
    ['types.ts', `import { z } from 'yaml';`],
    ['main.ts', `import { aggregate } from './aggregate/aggregate.ts';`],
    ['plan/x.ts', `import { a } from './key';`],
  ])('refuses a planted fault in %s: %s', (file, source) => {
    expect(breaches(file, source)).toHaveLength(1);
  });

  it.each([
    ['run/ask.ts', `import OpenAI from 'openai';\nimport type { Ask } from '../types.ts';`],
    ['cli/eval.ts', `import { ask } from '../run/ask.ts';`],
    ['plan/key.ts', `import { createHash } from 'node:crypto';`],
  ])('lets an honest import in %s pass', (file, source) => {
    expect(breaches(file, source)).toEqual([]);
  });
});
