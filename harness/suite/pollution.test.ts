/** Names that mean something to objects of JavaScript, and names with dots that want to be paths, through every input of a suite. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checks } from '../score/checks/index.ts';
import { transformProblem } from '../score/transform.ts';
import type { Suite } from '../types.ts';
import { loadSuites } from './load.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-pollution-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function load(
  yaml: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ suite: Suite | null; errors: string[] }> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const file = path.join(folder, 's.yaml');
  writeFileSync(file, yaml);
  const { suites, problems } = await loadSuites([file], checks, transformProblem);
  return {
    suite: suites[0] ?? null,
    errors: problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  };
}

const suite = (test: string, more = ''): string =>
  `languages: [en, ar]\nprompt: "ask {{q}}"\n${more}tests:\n  - ${test}\n`;
const dotted = [
  'a.__proto__.b',
  '__proto__.b',
  'constructor.prototype.b',
  'a[__proto__]',
  'a.constructor',
  'toString.call',
];
const bare = ['__proto__', 'constructor', 'prototype'];

/** Places of a suite in which a person chooses names. */
const places: Readonly<
  Record<string, (name: string) => readonly [yaml: string, files?: Readonly<Record<string, string>>]>
> = {
  vars: (name) => [suite(`{ id: t, observe: true, vars: { q: x, "${name}": { b: 1 } } }`)],
  'vars of a language': (name) => [suite(`{ id: t, observe: true, in: { ar: { q: س, "${name}": 1 } } }`)],
  metadata: (name) => [suite(`{ id: t, observe: true, vars: { q: x }, metadata: { "${name}": 1 } }`)],
  request: (name) => [suite('{ id: t, observe: true, vars: { q: x } }', `request: { "${name}": 1 }\n`)],
  variants: (name) => [suite('{ id: t, observe: true, vars: { q: x } }', `variants: { "${name}": {} }\n`)],
  strings: (name) => [
    suite(
      '{ id: t, observe: true, vars: { q: x } }',
      `strings: { en: { "${name}": x }, ar: { "${name}": س } }\n`,
    ),
  ],
  'the value of a check': (name) => [
    suite(`{ id: t, vars: { q: x }, assert: [{ type: equals-json, value: { "${name}": 1 } }] }`),
  ],
  'a line of data': (name) => [
    'languages: [en]\nprompt: "ask {{q}}"\ntests_from: ./d.jsonl\n',
    {
      'd.jsonl': JSON.stringify({
        id: 't',
        observe: true,
        vars: JSON.parse(`{"q":"x","${name}":1}`) as object,
      }),
    },
  ],
  'a column of data': (name) => [
    'languages: [en]\nprompt: "ask {{q}}"\ndefaults: { assert: [{ type: contains, value: x }] }\ntests_from: ./d.csv\n',
    { 'd.csv': `id,lang,q,${name}\nt,en,x,1\n` },
  ],
  'a schema': (name) => [
    suite('{ id: t, vars: { q: x }, assert: [{ type: is-json, schema: ./x.json }] }'),
    { 'x.json': `{"type":"object","properties":{"${name}":{"type":"string"}}}` },
  ],
};

describe.each(Object.entries(places))('in %s', (_, write) => {
  it.each(bare)('the name %s is refused', async (name) => {
    const { errors } = await load(...write(name));
    expect(errors.join('\n')).toMatch(new RegExp(`refused.*${name}|${name}.*refused`, 'u'));
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });

  it.each(dotted)('the name %s is a name like any other', async (name) => {
    const { suite: loaded, errors } = await load(...write(name));
    expect(errors).toEqual([]);
    expect(loaded?.tests).toHaveLength(1);
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });
});

it.each([
  '{{__proto__}}',
  '{{constructor}}',
  '{{q.constructor}}',
  '{{l.__proto__.x}}',
  '{{toString}}',
  '{{l.hasOwnProperty}}',
  '{{@root.constructor}}',
  '{{[__proto__]}}',
  '{{this.constructor}}',
  '{{q.length}}',
])('a template finds nothing on a prototype: %s', async (prompt) => {
  const { errors } = await load(
    `languages: [en]\nprompt: "${prompt}"\ntests: [{ id: t, observe: true, vars: { q: x, l: { y: 1 } } }]\n`,
  );
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/undefined placeholder|has no|not allowed|nothing/u);
});
