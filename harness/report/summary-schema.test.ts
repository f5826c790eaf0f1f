import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { syntheticReport } from '../../fixtures/report/synthetic-report.ts';
import type { JsonObject } from '../types.ts';

const schema = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'summary.schema.json'), 'utf8'),
) as JsonObject;
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

describe('summary.schema.json', () => {
  it.each([{}, { targets: 1 }, { targets: 4, demo: false, complete: true }])(
    'describes a summary of %j',
    (options) => {
      expect(validate(syntheticReport(options).summary), JSON.stringify(validate.errors)).toBe(true);
    },
  );

  const { summary } = syntheticReport();
  it.each([
    ['an unknown key', { ...summary, extra: 1 }],
    ['a missing list', { ...summary, speed: undefined }],
    ['another version', { ...summary, v: 2 }],
    ['an unknown kind', { ...summary, kinds: [{ ...summary.kinds[0], kind: 'error' }] }],
    ['a number without its n', { ...summary, scores: [{ ...summary.scores[0], score: { value: 1 } }] }],
  ])('refuses %s', (_what, broken) => {
    expect(validate(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });
});
