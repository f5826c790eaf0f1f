/** The only door of ajv and its companions: a JSON Schema becomes a function from a value to its violations. */
import { Ajv, type Options } from 'ajv';
import ajvDraft04 from 'ajv-draft-04';
import type AjvCore from 'ajv/dist/core.js';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import formatsPlugin from 'ajv-formats';
import type { Json, JsonObject } from '../../types.ts';
import { refuseCostlyArrays, refuseCostlyVisits } from './schema-cost.ts';
import { expand, maxExpanded } from './schema-expansion.ts';
import { formatsIn } from './schema-formats.ts';
import { schemaPatterns, type PatternEngine, type SchemaPatterns } from './schema-patterns.ts';
import {
  dialectOf,
  dialectUri,
  isObject,
  schemaLimitProblem,
  withoutAnnotations,
  type Dialect,
} from './schema-limits.ts';
import { violationOf, type Violation } from './schema-violation.ts';

export interface SchemaOptions {
  /** `assert`: a `format` that does not hold is a violation. */
  readonly formats: 'assert' | 'ignore';
  /** `error`: an unknown keyword or format is a problem of the schema, most often a typo. */
  readonly unknownKeywords: 'error' | 'warn';
  /** Which engine matches the schema's patterns. */
  readonly engine: PatternEngine;
}

export interface Violations {
  /** The first 100. */
  readonly errors: readonly Violation[];
  /** All of them. */
  readonly count: number;
}

export interface CompiledSchema {
  readonly dialect: Dialect;
  /** Unknown keywords and formats that were let pass, a line each. */
  readonly remarks: readonly string[];
  /** @throws SchemaCostError when the value is too large for a keyword that costs more than linear time. */
  readonly validate: (value: Json) => Violations;
}

export const ajvVersion = '8.20.0';
const maxErrors = 100;

const byIdentity = new WeakMap<JsonObject, Map<string, CompiledSchema | string>>();
const byContent = new Map<string, CompiledSchema | string>();
const maxCached = 500;

/** The schema compiled, or its problem in one line. Equal schemas are compiled once. */
export function compileSchema(schema: JsonObject, options: SchemaOptions): CompiledSchema | string {
  const way = `${options.formats} ${options.unknownKeywords} ${options.engine}`;
  const known = byIdentity.get(schema)?.get(way);
  if (known !== undefined) return known;
  const limit = schemaLimitProblem(schema);
  const content = limit === null ? `${way} ${JSON.stringify(schema)}` : null;
  let compiled = content === null ? undefined : byContent.get(content);
  if (compiled === undefined) {
    compiled = limit ?? compile(schema, options);
    if (byContent.size >= maxCached) byContent.clear();
    if (content !== null) byContent.set(content, compiled);
  }
  const ways = byIdentity.get(schema) ?? new Map<string, CompiledSchema | string>();
  byIdentity.set(schema, ways.set(way, compiled));
  return compiled;
}

const classes: Readonly<Record<Dialect, new (options: Options) => AjvCore.default>> = {
  '04': ajvDraft04.default,
  '06': Ajv,
  '07': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
};
/** Compiling a meta-schema costs more than most schemas: one instance per dialect does nothing else. */
const metaValidators = new Map<Dialect, AjvCore.default>();

function ajvOptions(options: SchemaOptions, patterns: SchemaPatterns, remarks: string[]): Options {
  return {
    validateSchema: false,
    strictSchema: options.unknownKeywords === 'error' ? true : 'log',
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allErrors: true,
    // `required: ["toString"]` must not be met by what every object inherits.
    ownProperties: true,
    $data: false,
    useDefaults: false,
    coerceTypes: false,
    removeAdditional: false,
    // 19.99 is no multiple of 0.01 in binary arithmetic.
    multipleOfPrecision: 9,
    validateFormats: options.formats === 'assert',
    unicodeRegExp: true,
    // A definition that many refer to is compiled once, not once for each of them.
    inlineRefs: false,
    code: { regExp: patterns.regExp },
    logger: {
      log: () => {},
      warn: (text: unknown) => remarks.push(String(text).replace(/^strict mode: /u, '')),
      error: () => {},
    },
  };
}

function compile(schema: JsonObject, options: SchemaOptions): CompiledSchema | string {
  const found = dialectOf(schema);
  if ('problem' in found) return found.problem;
  const { dialect } = found;
  const bare = withoutAnnotations(schema);
  if (!isObject(bare)) return 'the schema is no object';
  const ready = '$schema' in bare ? { ...bare, $schema: dialectUri[dialect] } : bare;
  const expansion = expand(ready, dialect === '04' ? 'id' : '$id');
  if (expansion.size > maxExpanded) {
    return `the references of the schema, written out, are more than ${maxExpanded} subschemas`;
  }
  const patterns = schemaPatterns(options.engine);
  const remarks: string[] = [];
  try {
    const broken = rulesProblem(ready, dialect);
    if (broken !== null) return broken;
    const validate = validatorOf(ready, dialect, ajvOptions(options, patterns, remarks), remarks);
    const limitsUnique = JSON.stringify(ready).includes('"uniqueItems"');
    return {
      dialect,
      remarks,
      validate: (value) => {
        if (limitsUnique) refuseCostlyArrays(value);
        refuseCostlyVisits(ready, value, expansion);
        patterns.begin();
        const result: unknown = validate(value);
        if (typeof result !== 'boolean') throw new Error('the schema validates asynchronously');
        const errors = result ? [] : (validate.errors ?? []);
        validate.errors = null;
        return { errors: errors.slice(0, maxErrors).map(violationOf), count: errors.length };
      },
    };
  } catch (error) {
    return `the schema does not compile: ${faultOf(error)}`;
  }
}

function rulesProblem(schema: JsonObject, dialect: Dialect): string | null {
  const rules = metaValidator(dialect);
  if (rules.validateSchema(schema) === true) return null;
  const [first] = rules.errors ?? [];
  const fault = first === undefined ? 'unknown' : `${first.instancePath || '/'} ${first.message ?? ''}`;
  return `the schema breaks the rules of JSON Schema ${dialect}: ${fault}`;
}

function validatorOf(
  schema: JsonObject,
  dialect: Dialect,
  options: Options,
  remarks: string[],
): ReturnType<AjvCore.default['compile']> {
  // The rules of JSON Schema themselves are shipped, and there for a schema that refers to them.
  const meta = /"\$(?:dynamic|recursive)?[rR]ef":"https?:\/\/json-schema\.org\//u.test(
    JSON.stringify(schema),
  );
  const ajv = instanceOf(dialect, { ...options, meta });
  if (options.strictSchema === 'log') {
    for (const format of formatsIn(schema)) {
      if (Object.hasOwn(ajv.formats, format)) continue;
      ajv.addFormat(format, true);
      remarks.push(`unknown format "${format}"`);
    }
  }
  const validate = ajv.compile(schema);
  // What has been written is read by the engine at the first call only, and may be too deep for it.
  for (const value of [null, [], {}]) validate(value);
  return validate;
}

function faultOf(error: unknown): string {
  if (error instanceof RangeError && error.message.includes('call stack'))
    return 'it leads back to itself without end, or has too many branches';
  return error instanceof Error ? error.message : String(error);
}

function metaValidator(dialect: Dialect): AjvCore.default {
  const known = metaValidators.get(dialect);
  if (known !== undefined) return known;
  const ajv = instanceOf(dialect, { allErrors: false, logger: false, strict: false, meta: true });
  metaValidators.set(dialect, ajv);
  return ajv;
}

function instanceOf(dialect: Dialect, options: Options): AjvCore.default {
  const ajv = new classes[dialect](options);
  if (dialect === '06' && options.meta === true) ajv.addMetaSchema(draft06);
  // Obeyed without being known: in strict mode it would be taken for a typo.
  if (dialect === '2019-09' || dialect === '2020-12') ajv.addKeyword('$anchor');
  formatsPlugin.default(ajv);
  return ajv;
}
