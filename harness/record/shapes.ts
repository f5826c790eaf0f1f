/**
 * Whether a record of a run folder is what it should be. A checksum says that nobody changed a line by accident; a folder
 * that came from elsewhere may have been written by anybody. Keys that are not known here are let through: a newer
 * visavis of the same format may have more to say.
 */
import type { MetricValues } from '../types.ts';

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === 'string';
const number: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Test = (value) => typeof value === 'boolean';
const whole: Test = (value) => Number.isSafeInteger(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const one =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value);
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const mapOf =
  (test: Test): Test =>
  (value) =>
    isObject(value) && Object.values(value).every(test);
const either =
  (...tests: readonly Test[]): Test =>
  (value) =>
    tests.some((test) => test(value));

/** An object whose named fields pass their tests. */
function shape(fields: Readonly<Record<string, Test>>): Test {
  const tests = Object.entries(fields);
  return (value) => isObject(value) && tests.every(([name, test]) => test(value[name]));
}

const all = (names: readonly string[], test: Test): Record<string, Test> =>
  Object.fromEntries(names.map((name) => [name, test]));

const key: Test = (value) => typeof value === 'string' && value.length > 0 && value.length <= 200;
const sha256: Test = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/u.test(value);
/** As many as can be asked for: who counts to a thousand millions here is nobody's shard. */
const mostShards = 10_000;
const place: Test = (value) => whole(value) && (value as number) >= 1 && (value as number) <= mostShards;
const shard = shape({ index: place, of: place });

const failure = shape({
  ...all(['status', 'code', 'message'], text),
  http: orNull(whole),
  remedy: one('retry', 'final', 'abort'),
  retryAfterMs: orNull(number),
});

const outcome = either(
  shape({
    kind: one('answered'),
    ...all(['text', 'reasoning'], text),
    toolCalls: listOf(shape(all(['id', 'name', 'arguments'], text))),
    ...all(['refusal', 'finish'], orNull(text)),
  }),
  shape({ kind: one('failed'), failure, partial: text }),
);

/** A line of `samples.jsonl`. */
export const isSample = shape({
  v: one(1),
  cell: key,
  of: optional(key),
  ...all(['suite', 'test', 'language', 'target', 'leg', 'turn', 'status'], text),
  variant: orNull(text),
  ...all(['repeat', 'attempt', 'concurrency', 'block'], whole),
  ...all(['chunks', 'reads', 'answerChars', 'reasoningChars', 'bytes', 'endedAt'], number),
  phase: one('quality', 'speed'),
  warmup: flag,
  http: orNull(whole),
  timing: shape(
    all(['tSched', 'tCall', 't0', 'tHdr', 'tEvt1', 'tOut1', 'tAns1', 'tLast', 'tDone'], orNull(number)),
  ),
  iclMs: listOf(number),
  usage: shape({
    ...all(['prompt', 'completion', 'reasoning', 'cached'], orNull(number)),
    source: one('usage', 'timings', 'none'),
  }),
  ...all(['finishRaw', 'modelEcho'], orNull(text)),
  flags: listOf(text),
  reusedSocket: orNull(flag),
  client: optional(text),
  outcome,
});

const histogram = shape({
  le: listOf(orNull(number)),
  counts: listOf(number),
  ...all(['sum', 'count'], orNull(number)),
});

const device = shape({
  index: whole,
  uuid: orNull(text),
  ...all(['usedBytes', 'totalBytes', 'utilization', 'powerWatts', 'clockMhz'], orNull(number)),
});

const metricNames = [
  'kvCapacityTokens',
  'kvUsedRatio',
  'kvUsedTokens',
  'kvPeakTokens',
  'running',
  'waiting',
  'preemptions',
  'promptTokens',
  'cachedTokens',
  'generationTokens',
  'generationSeconds',
] as const satisfies readonly (keyof MetricValues)[];

const figures = either(
  shape({
    basis: one('pss', 'rss', 'cgroup'),
    bytes: number,
    ...all(['anonShmemBytes', 'fileBytes', 'swapBytes', 'rssBytes', 'peakBytes'], orNull(number)),
    processes: whole,
  }),
  shape({ basis: one('gpu-process', 'gpu-delta'), bytes: number, devices: listOf(device) }),
  shape({ basis: one('api-ps'), bytes: number, ...all(['vramBytes', 'contextTokens'], orNull(number)) }),
  shape({
    basis: one('metrics'),
    server: orNull(text),
    values: shape(all(metricNames, orNull(number))),
    histograms: shape(all(['ttft', 'tpot'], orNull(histogram))),
    named: mapOf(number),
  }),
  shape({
    basis: one('log'),
    ...all(['bytes', 'kvCapacityTokens', 'kvBytes', 'computeBytes'], orNull(number)),
    server: text,
  }),
);

const moment = one('before-start', 'idle', 'loaded', 'after');
const missed = shape({ status: one('unavailable'), why: text });
const read = shape({ status: one('read'), flags: listOf(text) });
const seen = either(missed, (value) => read(value) && figures(value));
const look = shape({
  v: one(2),
  kind: one('reading'),
  ...all(['target', 'probe', 'leg'], text),
  moment,
  phase: one('quality', 'speed'),
  at: number,
});
/** Of the first form: see `reading.ts`. */
const firstLook = shape({
  v: one(1),
  kind: one(undefined),
  status: one('read', 'unavailable'),
  ...all(['target', 'probe'], text),
  at: number,
  bytes: optional(number),
  peakRssBytes: optional(orNull(number)),
  moment: optional(moment),
  why: optional(text),
});

const client = shape({
  ...all(['utilization', 'delayP50Ms', 'delayP99Ms'], number),
  lagP99Ms: orNull(number),
});

/** A line of `readings.jsonl` about one block of the speed phase. */
export const isBlockReading = shape({
  v: one(1),
  kind: one('block'),
  ...all(['leg', 'series', 'level', 'target'], text),
  ...all(['block', 'maxInFlight'], whole),
  ...all(['startMs', 'emptyMs', 'endMs', 'at'], number),
  fullMs: orNull(number),
  client,
  clients: optional(
    listOf(
      shape({
        client: text,
        share: orNull(whole),
        maxInFlight: whole,
        ...all(['startMs', 'emptyMs', 'endMs', 'offsetMs', 'errorMs'], number),
        fullMs: orNull(number),
        load: client,
      }),
    ),
  ),
});

/** A line of `readings.jsonl` about the client itself. */
const isFloorReading = shape({
  v: one(1),
  kind: one('floor'),
  ...all(
    ['concurrency', 'n', 'ttftP50Ms', 'addedTtftP50Ms', 'addedTtftP99Ms', 'gapErrorP99Ms', 'connectP50Ms'],
    number,
  ),
  ...all(['maxInFlight', 'at'], number),
  clients: optional(whole),
  client,
});

/** A line of `readings.jsonl` about something that happened. */
export const isRunEvent = shape({
  v: one(1),
  kind: one('event'),
  event: one('breaker-open', 'breaker-closed', 'cool-down', 'sleep', 'server-restarted', 'load-ended'),
  target: orNull(text),
  phase: one('quality', 'speed'),
  ...all(['leg', 'because'], text),
  ms: orNull(number),
  at: number,
});

/** A remark of a kind that is not known here: it has no figure that could be read as one. */
const isRemark = shape({
  kind: (value) => text(value) && !one('reading', 'block', 'floor', 'event')(value),
  status: one(undefined),
  at: number,
});

/** A line of `readings.jsonl`. */
export const isReading = either(
  (value) => look(value) && seen(value),
  firstLook,
  isBlockReading,
  isFloorReading,
  isRunEvent,
  isRemark,
);

/** A line of `plan.jsonl`. */
export const isPlanLine = shape({
  v: one(1),
  cell: key,
  ...all(['suite', 'test', 'cluster', 'language', 'target', 'model'], text),
  variant: orNull(text),
  repeat: whole,
  messages: listOf(
    shape({
      role: one('system', 'developer', 'user', 'assistant'),
      content: text,
      images: optional(listOf(shape({ ...all(['sha256', 'mediaType', 'name'], text), bytes: number }))),
    }),
  ),
  ...all(['request', 'metadata'], isObject),
  checks: listOf(
    shape({
      ...all(['type', 'metric'], text),
      not: flag,
      params: isObject,
      threshold: orNull(number),
      weight: number,
      transform: listOf(text),
    }),
  ),
  observe: flag,
});

/** A line of `speed-plan.jsonl`. */
export const isSpeedPlanLine = shape({
  v: one(1),
  key,
  ...all(['series', 'level', 'target', 'language', 'cluster', 'unit', 'turn', 'nonce'], text),
  cell: key,
  load: either(
    shape({ kind: one('closed'), concurrency: number }),
    shape({ kind: one('open'), rate: number, arrivals: one('poisson', 'constant') }),
  ),
  ...all(['repeat', 'block', 'maxTokens'], whole),
  atMs: orNull(number),
});

const machine = shape({
  at: number,
  ...all(
    ['load1', 'clockMhz', 'throttles', 'ticks', 'stolenTicks', 'memoryAvailableBytes', 'swapUsedBytes'],
    orNull(number),
  ),
  swappedPages: orNull(number),
  governors: orNull(listOf(text)),
  turbo: orNull(flag),
  gpus: orNull(
    listOf(
      shape({
        index: whole,
        ...all(['name', 'driver'], orNull(text)),
        ...all(['clockMhz', 'powerWatts', 'temperatureC'], orNull(number)),
        slowedBy: orNull(listOf(text)),
      }),
    ),
  ),
});

const runName = shape(all(['id', 'tool', 'createdAt', 'planHash'], text));

/** A line of `earlier.jsonl`. */
export const isEarlierLine = either(
  shape({
    v: one(1),
    kind: one('run'),
    name: runName,
    targets: listOf(shape(all(['id', 'model', 'endpoint'], text))),
  }),
  shape({
    v: one(1),
    kind: one('cell'),
    key,
    ...all(['suite', 'test', 'language', 'target'], text),
    variant: orNull(text),
    repeat: whole,
  }),
  shape({ v: one(1), kind: one('sample'), sample: isSample }),
);

const roundTrips = listOf(shape({ target: text, medianMs: orNull(number), n: whole }));

/** What the manifest keeps of a worker that held a part of a load. */
export const isLegClient = shape({
  ...all(['client', 'host'], text),
  pid: number,
  machine: shape({ before: machine, after: orNull(machine) }),
  roundTrips,
});

const objectives = orNull(shape(all(['ttftMs', 'tpotMs', 'e2eMs'], orNull(number))));

/** The whole of `manifest.json`, of this format. */
export const isManifest = shape({
  format: one(1),
  ...all(['run', 'tool', 'createdAt', 'baseline'], text),
  planHash: sha256,
  earlierPlans: listOf(sha256),
  ...all(['seed', 'maxErrorRate'], number),
  suites: listOf(shape({ ...all(['name', 'file', 'sha256', 'description'], text), languages: listOf(text) })),
  targets: listOf(
    shape({
      ...all(['id', 'model', 'endpoint', 'dialect'], text),
      authored: orNull(text),
      concurrency: whole,
      concurrencyOfAll: optional(whole),
      params: isObject,
      languages: orNull(listOf(text)),
      license: orNull(shape({ name: text, ...all(['url', 'notes'], orNull(text)) })),
      facts: orNull(isObject),
      kvBytesPerToken: optional(orNull(number)),
      launch: optional(orNull(listOf(text))),
    }),
  ),
  environment: isObject,
  invocation: shape({ suites: listOf(text) }),
  ...all(['warnings', 'repairs'], listOf(text)),
  objectives: optional(orNull(mapOf(objectives))),
  gates: optional(listOf(shape(all(['expression', 'from'], text)))),
  earlier: optional(orNull(runName)),
  legs: listOf(
    shape({
      ...all(['id', 'host', 'startedAt'], text),
      ...all(['pid', 'sent'], number),
      ...all(['endedAt', 'end'], orNull(text)),
      exitCode: orNull(whole),
      phase: optional(one('quality', 'speed')),
      machine: optional(shape({ before: machine, after: orNull(machine) })),
      roundTrips: optional(roundTrips),
      clients: optional(listOf(isLegClient)),
    }),
  ),
  shard: optional(shard),
  parts: optional(listOf(shape({ run: text, shard: orNull(shard), createdAt: text }))),
});
