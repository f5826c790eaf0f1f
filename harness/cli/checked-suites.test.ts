/** Loading with costly schemas: they are looked at where they can be ended, and what is found stands at their place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../errors.ts';
import type { JsonObject } from '../types.ts';
import { loadCheckedSuites } from './checked-suites.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'visavis-suites-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two tests in two languages with one check. `request`: a line of the suite. */
function suiteWith(name: string, check: string, request = ''): string {
  const file = path.join(folder, `${name}.yaml`);
  const tests = [
    ['one', 'หนึ่ง', 'واحد'],
    ['two', 'สอง', 'اثنان'],
  ].map(
    ([id, th, ar]) => `  - id: ${id}
    in: { th: { q: ${th} }, ar: { q: ${ar} } }
    assert: [{ type: ${check} }]
`,
  );
  writeFileSync(file, `languages: [th, ar]\nprompt: "{{q}}"\n${request}\ntests:\n${tests.join('')}`);
  return file;
}

/** The same with `is-json` and a schema in a file of its own. */
function suiteWithSchema(name: string, schema: JsonObject): string {
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(schema));
  return suiteWith(name, `is-json, schema: ./${name}.json`);
}

const said = async (file: string, checkMs = 60_000): Promise<string[]> =>
  (await loadCheckedSuites([file], { checkMs, heapMb: 512 })).problems.map((problem) =>
    formatProblem(problem).replace(`${folder}${path.sep}`, ''),
  );

/** Above the size up to which a schema is taken to be cheap. */
const padding = { $comment: '字'.repeat(9000) };

describe('suites with costly schemas', () => {
  it('say what is wrong with a large one, once, where it is named', async () => {
    const wrong = { ...padding, properties: { 城市: { type: 'strnig' } } };
    const small = await said(suiteWithSchema('small', { properties: { 城市: { type: 'strnig' } } }));
    expect(small).toEqual([
      expect.stringMatching(/^small\.yaml:7:22 is-json: the schema breaks the rules of JSON Schema 2020-12/u),
      expect.stringMatching(
        /^small\.yaml:10:22 is-json: the schema breaks the rules of JSON Schema 2020-12/u,
      ),
    ]);
    expect(await said(suiteWithSchema('large', wrong))).toEqual(
      small.map((line) => line.replace('small.yaml', 'large.yaml')),
    );
  });

  it('warn of what a large one will refuse, at the schema', async () => {
    const narrow = { ...padding, properties: { 邮箱: { format: 'email' } } };
    expect(await said(suiteWithSchema('narrow', narrow))).toEqual([
      'narrow.yaml:7:39 is-json: the format "email" refuses letters beyond ASCII (用户@例え.jp) - write `formats: assert` if that is meant, else `formats: ignore`',
      'narrow.yaml:10:39 is-json: the format "email" refuses letters beyond ASCII (用户@例え.jp) - write `formats: assert` if that is meant, else `formats: ignore`',
    ]);
  });

  it('look at a schema that is sent as response_format too, and say it there', async () => {
    writeFileSync(path.join(folder, 'old.json'), '{"$schema":"http://json-schema.org/draft-03/schema#"}');
    const file = suiteWith('sent', 'contains, value: x', 'request: { response_format: ./old.json }');
    expect(await said(file)).toEqual([
      expect.stringMatching(/^sent\.yaml:3:29 is-json: JSON Schema draft-03 is not supported/u),
    ]);
  });

  it('look at the tools that go out with a call, however large', async () => {
    const parameters = { ...padding, properties: { 市: { type: 'strnig' } } };
    writeFileSync(
      path.join(folder, 'tools.json'),
      JSON.stringify([{ type: 'function', function: { name: 'tafuta', parameters } }]),
    );
    const file = suiteWith('tools', 'tool-call, value: { name: tafuta }', 'request: { tools: ./tools.json }');
    expect((await said(file))[0]).toMatch(
      /^tools\.yaml:7:40 tool-call: the parameters of the tool "tafuta": the schema breaks the rules/u,
    );
  });

  it('are refused one that takes seconds to compile, while this thread goes on', async () => {
    const branches = Array.from({ length: 1990 }, (_, at) => ({ required: [`k${at}`] }));
    let turns = 0;
    const timer = setInterval(() => turns++, 10);
    const problems = await said(
      suiteWith('huge', `is-json, schema: ${JSON.stringify({ oneOf: branches })}`),
      500,
    );
    clearInterval(timer);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^huge\.yaml:7:22 is-json: compiling the schema took longer than 0\.5 s/u);
    expect(turns).toBeGreaterThan(20);
  });
});
