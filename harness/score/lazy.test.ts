/** Language tables are megabytes and some tenths of a second: no run pays for them that has no check of language. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { checkInput } from '../../fixtures/checks/check-input.ts';
import type { JsonObject } from '../types.ts';

const loaded = vi.hoisted(() => [] as string[]);
vi.mock('eld/small', async (original) => {
  loaded.push('eld');
  return original();
});
vi.mock('franc', async (original) => {
  loaded.push('franc');
  return original();
});

interface Row {
  readonly lang: string;
  readonly answer: string;
  readonly params?: JsonObject;
}

it('loads eld when a check of language first runs, and never before', async () => {
  const { checks } = await import('./checks/index.ts');
  const folder = path.join(import.meta.dirname, '..', '..', 'fixtures', 'checks');
  const tables = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({
      check: checks[file.slice(0, -5)],
      rows: parse(readFileSync(path.join(folder, file), 'utf8')) as Row[],
    }));
  let judged = 0;
  for (const { check, rows } of tables) {
    for (const { lang, answer, params = {} } of rows) {
      if (check === undefined || check.name === 'language') continue;
      // These instructions ask which language an answer is in.
      if (/language:response_language|change_case:/u.test(JSON.stringify(params))) continue;
      check.problem?.(params, lang);
      check.warnings?.(params, lang);
      await check.run(checkInput(answer, lang, params));
      judged += 1;
    }
  }
  expect(judged).toBeGreaterThan(300);
  expect(loaded).toEqual([]);
  await checks['language']?.run(checkInput('Hapa ni mfano wa jibu la Kiswahili.', 'sw', {}));
  expect(loaded).toContain('eld');
});
