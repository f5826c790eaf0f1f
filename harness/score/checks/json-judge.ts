/** What `is-json` and `contains-json` share: read the answer's JSON, hold it against a schema, put the evidence together. */
import type { CheckInput, Json, JsonObject, Judgement, ParameterWarning } from '../../types.ts';
import {
  acceptsStage,
  extractJson,
  JsonLimitError,
  type JsonExtraction,
  type JsonMode,
} from './json-extract.ts';
import { isNfc, nfcOf } from './json-nfc.ts';
import { ajvVersion, compileSchema, type CompiledSchema, type SchemaOptions } from './json-schema.ts';
import { SchemaCostError } from './schema-cost.ts';
import { formatWarnings } from './schema-formats.ts';
import { isObject, mayTakeLong } from './schema-limits.ts';
import { shortLine } from './short-text.ts';

/** Parameters of both checks. */
export const schemaParams: JsonObject = {
  schema: {
    type: 'object',
    description: 'JSON Schema the value must satisfy; a path is replaced by the file.',
  },
  formats: { enum: ['assert', 'ignore'], description: 'Whether `format` is asserted. Default assert.' },
  unknown_keywords: {
    enum: ['error', 'warn'],
    description:
      'Whether an unknown keyword or format in the schema is an error of the suite. Default error.',
  },
  engine: {
    enum: ['re2', 'js'],
    description:
      'How patterns of the schema are matched. re2: RE2 syntax, linear time. js: JavaScript’s own, with look-around; a match longer than 250 ms is ended and the check unscored. Default re2.',
  },
  normalize: {
    enum: ['none', 'nfc'],
    description: 'nfc: strings are compared with the schema after NFC. Default none.',
  },
};

/** The schema's own fault in one line, or null. */
export function schemaProblem(params: JsonObject): string | null {
  const schema = params['schema'];
  if (schema === undefined) return null;
  if (!isObject(schema)) return 'schema is no JSON object';
  const compiled = compileSchema(schema, schemaOptions(params));
  return typeof compiled === 'string' ? compiled : null;
}

/** What a valid schema does that its author may not expect. */
export function schemaWarnings(params: JsonObject): readonly ParameterWarning[] {
  const schema = params['schema'];
  const options = schemaOptions(params);
  const compiled = isObject(schema) ? compileSchema(schema, options) : null;
  if (!isObject(schema) || compiled === null || typeof compiled === 'string') return [];
  const unknown = [...new Set(compiled.remarks)]
    .slice(0, maxRemarks)
    .map((message) => ({ message, hint: null }));
  // Whoever writes `formats` has thought of them.
  const formats = params['formats'] === undefined ? formatWarnings(schema) : [];
  return [...unknown, ...formats].map((warning) => ({ parameter: 'schema', ...warning }));
}

/** Whether what is said of the parameters must wait for a schema that may take long. */
export function isCostlySchema(params: JsonObject): boolean {
  return mayTakeLong(params['schema']);
}

/** Unknown keywords told of one schema. */
const maxRemarks = 10;

function schemaOptions(params: JsonObject): SchemaOptions {
  return {
    formats: params['formats'] === 'ignore' ? 'ignore' : 'assert',
    unknownKeywords: params['unknown_keywords'] === 'warn' ? 'warn' : 'error',
    engine: params['engine'] === 'js' ? 'js' : 're2',
  };
}

/** The JSON of an answer, or the verdict that it is too large to be read. */
export function readJson(
  input: CheckInput,
  options: { objectsOnly: boolean; signature: string },
): JsonExtraction | Judgement {
  try {
    return extractJson(input.text, { finish: input.finish, objectsOnly: options.objectsOnly });
  } catch (error) {
    if (!(error instanceof JsonLimitError)) throw error;
    const details = { signature: options.signature };
    return { status: 'unscored', why: 'check-error', because: error.message, details };
  }
}

/** Judges an answer against a mode and, where there is one, a schema. */
export function judgeJson(check: string, mode: JsonMode, input: CheckInput): Judgement {
  const schema = input.params['schema'];
  const options = schemaOptions(input.params);
  const compiled = isObject(schema) ? compileSchema(schema, options) : null;
  const nfc = input.params['normalize'] === 'nfc';
  const parts = [
    check,
    `mode:${mode}`,
    ...(compiled === null || typeof compiled === 'string'
      ? []
      : [
          `dialect:${compiled.dialect}`,
          `formats:${options.formats}`,
          ...(options.engine === 'js' ? ['engine:js'] : []),
          ...(nfc ? ['norm:nfc'] : []),
          `ajv:${ajvVersion}`,
        ]),
  ];
  const signature = parts.join('|');
  if (typeof compiled === 'string') {
    return { status: 'unscored', why: 'check-error', because: compiled, details: { signature } };
  }
  const objectsOnly = isObject(schema) && schema['type'] === 'object';
  const read = readJson(input, { objectsOnly, signature });
  if ('status' in read) return read;
  const { stage, warnings, value } = read;
  const details: JsonObject = { signature, stage, warnings: [...warnings] };
  if (value === undefined || !acceptsStage(mode, stage)) {
    return { status: 'scored', score: 0, because: notAccepted(read, mode), details };
  }
  if (compiled === null) {
    return { status: 'scored', score: 1, because: `JSON (${stage})`, details };
  }
  try {
    return judgeValue(compiled, value, { nfc, stage, details });
  } catch (error) {
    if (!(error instanceof SchemaCostError)) throw error;
    return { status: 'unscored', why: 'check-error', because: error.message, details };
  }
}

interface Circumstances {
  readonly nfc: boolean;
  readonly stage: string;
  readonly details: JsonObject;
}

function judgeValue(
  { validate }: CompiledSchema,
  value: Json,
  { nfc, stage, details }: Circumstances,
): Judgement {
  const { errors, count } = validate(nfc ? nfcOf(value) : value);
  if (count === 0) {
    return { status: 'scored', score: 1, because: `JSON (${stage}) that satisfies the schema`, details };
  }
  const evidence: JsonObject = {
    ...details,
    errors: errors.map((error) => ({ ...error })),
    errorCount: count,
    ...(nfc || isNfc(value) ? {} : { nfcWouldPass: validate(nfcOf(value)).count === 0 }),
  };
  const [first] = errors;
  const where = first === undefined || first.pointer === '' ? 'the root' : shortLine(first.pointer, 100);
  const more = count > 1 ? `, and ${count - 1} more` : '';
  return {
    status: 'scored',
    score: 0,
    because: `${where} ${shortLine(first?.message ?? 'breaks the schema', 200)} (${first?.keyword ?? ''})${more}`,
    details: evidence,
  };
}

/** Why the answer's stage does not pass in this mode, in words. */
export function notAccepted(read: JsonExtraction, mode: JsonMode): string {
  const whys: Readonly<Record<JsonExtraction['stage'], string>> = {
    strict: 'JSON',
    fenced: `JSON in a code fence, which mode ${mode} does not take`,
    embedded: `JSON with text around it, which mode ${mode} does not take`,
    ambiguous: 'two or more JSON values: no way to tell which is meant',
    truncated: 'JSON that breaks off',
    repaired: 'broken JSON, legible after repair',
    invalid: 'broken JSON beyond repair',
    none: 'no JSON',
  };
  return whys[read.stage];
}
