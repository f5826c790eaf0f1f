/** The only door of ajv and ajv-formats: a JSON Schema becomes a function from a value to its violations. */
import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import formatsPlugin from 'ajv-formats';
import type { Json, JsonObject } from '../../types.ts';
import { escapePointer } from './json-fields.ts';
import { compilePattern, maxSteps } from './pattern.ts';
import { expand, maxExpanded, type Expansion } from './schema-expansion.ts';
import { countVisits } from './schema-visits.ts';
import {
  dialectOf,
  dialectUri,
  isObject,
  schemaLimitProblem,
  withoutAnnotations,
  type Dialect,
} from './schema-limits.ts';

export interface SchemaOptions {
  /** `assert`: a `format` that does not hold is a violation. */
  readonly formats: 'assert' | 'ignore';
  /** `error`: an unknown keyword or format is a problem of the schema, most often a typo. */
  readonly unknownKeywords: 'error' | 'warn';
}

export interface Violation {
  /** RFC 6901, into the answer; names the property for `required`, `additionalProperties` and their kin. */
  readonly pointer: string;
  readonly keyword: string;
  readonly schemaPath: string;
  readonly params: JsonObject;
  readonly message: string;
}

export interface Violations {
  /** The first 100. */
  readonly errors: readonly Violation[];
  /** All of them. */
  readonly count: number;
}

export interface CompiledSchema {
  readonly dialect: Dialect;
  /** @throws Error when the value is too large for a keyword that costs more than linear time. */
  readonly validate: (value: Json) => Violations;
}

export const ajvVersion = '8.20.0';
const maxErrors = 100;
/** Items of an array with objects under `uniqueItems`, which compares each with each. */
const maxUniqueObjects = 1000;

/** Times that a subschema is applied to a part of the value: a few seconds of them. */
const maxVisits = 100_000_000;
/** Steps per UTF-16 unit of all patterns of a schema together: building them takes a second or two. */
const maxPatternSteps = 200_000;

const byIdentity = new WeakMap<JsonObject, Map<string, CompiledSchema | string>>();
const byContent = new Map<string, CompiledSchema | string>();
const maxCached = 500;

/** The schema compiled, or its problem in one line. Equal schemas are compiled once. */
export function compileSchema(schema: JsonObject, options: SchemaOptions): CompiledSchema | string {
  const way = `${options.formats} ${options.unknownKeywords}`;
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

const classes = { '06': Ajv, '07': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 } as const;
/** Compiling a meta-schema costs more than most schemas: one instance per dialect does nothing else. */
const metaValidators = new Map<Dialect, InstanceType<typeof Ajv>>();

function ajvOptions(options: SchemaOptions, patterns: ReturnType<typeof linearRegExp>): Options {
  return {
    strictSchema: options.unknownKeywords === 'error',
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
    code: { regExp: patterns.engine },
    logger: false,
  };
}

/**
 * What ajv asks of a regular-expression engine. It keeps compiled patterns by `toString`, which must tell them apart. The
 * patterns of one schema share two budgets: one for being built, one per value for being matched.
 */
function linearRegExp(): { engine: NonNullable<NonNullable<Options['code']>['regExp']>; renew: () => void } {
  let built = 0;
  let spent = 0;
  const engine = Object.assign(
    (source: string) => {
      const pattern = compilePattern(source);
      if (typeof pattern === 'string') throw new Error(pattern);
      built += pattern.stepsPerUnit;
      if (built > maxPatternSteps)
        throw new Error(`the patterns together have more than ${maxPatternSteps} steps`);
      const test = (text: string): boolean => {
        spent += pattern.stepsPerUnit * text.length;
        if (spent > maxSteps) throw new RangeError('the patterns of the schema take too long on this answer');
        return pattern.test(text);
      };
      return { test, toString: () => `/${source}/` };
    },
    { code: 'linearRegExp' },
  );
  return { engine, renew: () => (spent = 0) };
}

function compile(schema: JsonObject, options: SchemaOptions): CompiledSchema | string {
  const found = dialectOf(schema);
  if ('problem' in found) return found.problem;
  const { dialect } = found;
  const bare = withoutAnnotations(schema);
  if (!isObject(bare)) return 'the schema is no object';
  const ready = '$schema' in bare ? { ...bare, $schema: dialectUri[dialect] } : bare;
  const expansion = expand(ready);
  if (expansion.size > maxExpanded) {
    return `the references of the schema, written out, are more than ${maxExpanded} subschemas`;
  }
  const patterns = linearRegExp();
  try {
    const meta = metaValidator(dialect);
    if (meta.validateSchema(ready) !== true) {
      const [first] = meta.errors ?? [];
      return `the schema breaks the rules of JSON Schema ${dialect}: ${first === undefined ? 'unknown' : `${first.instancePath || '/'} ${first.message ?? ''}`}`;
    }
    const ajv = new classes[dialect]({
      ...ajvOptions(options, patterns),
      meta: false,
      validateSchema: false,
    });
    formatsPlugin.default(ajv);
    const validate = ajv.compile(ready);
    const limitsUnique = JSON.stringify(ready).includes('"uniqueItems"');
    return {
      dialect,
      validate: (value) => {
        if (limitsUnique) refuseCostlyArrays(value);
        refuseCostlyVisits(ready, value, expansion);
        patterns.renew();
        const result: unknown = validate(value);
        if (typeof result !== 'boolean') throw new Error('the schema validates asynchronously');
        const errors = result ? [] : (validate.errors ?? []);
        validate.errors = null;
        return { errors: errors.slice(0, maxErrors).map(violation), count: errors.length };
      },
    };
  } catch (error) {
    return `the schema does not compile: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function metaValidator(dialect: Dialect): InstanceType<typeof Ajv> {
  const known = metaValidators.get(dialect);
  if (known !== undefined) return known;
  const ajv = new classes[dialect]({ allErrors: false, logger: false, strict: false });
  if (dialect === '06') ajv.addMetaSchema(draft06);
  formatsPlugin.default(ajv);
  metaValidators.set(dialect, ajv);
  return ajv;
}

function violation(error: ErrorObject): Violation {
  const params: JsonObject = JSON.parse(JSON.stringify(error.params));
  const named = ['missingProperty', 'additionalProperty', 'unevaluatedProperty', 'propertyName']
    .map((name) => params[name])
    .find((name) => typeof name === 'string');
  const tail = typeof named === 'string' ? `/${escapePointer(named)}` : '';
  return {
    pointer: error.instancePath + tail,
    keyword: error.keyword,
    schemaPath: error.schemaPath,
    params,
    message: error.message ?? error.keyword,
  };
}

function refuseCostlyVisits(schema: JsonObject, value: Json, { size, recursive, targets }: Expansion): void {
  const bound = recursive ? Number.POSITIVE_INFINITY : size * countNodes(value);
  // The product is found soon and mostly far too high: few subschemas apply to any one part.
  const visits = bound > maxVisits ? countVisits(schema, value, targets) : bound;
  if (visits > maxVisits) {
    throw new Error(`the schema would be applied more than ${maxVisits} times to the parts of this value`);
  }
}

function countNodes(value: Json): number {
  if (typeof value !== 'object' || value === null) return 1;
  let nodes = 1;
  for (const part of Object.values(value)) nodes += countNodes(part);
  return nodes;
}

function refuseCostlyArrays(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  if (
    Array.isArray(value) &&
    value.length > maxUniqueObjects &&
    value.some((item) => typeof item === 'object')
  ) {
    throw new Error(
      `an array of ${value.length} objects under a schema with uniqueItems: the limit is ${maxUniqueObjects}`,
    );
  }
  for (const part of Object.values(value)) refuseCostlyArrays(part);
}
