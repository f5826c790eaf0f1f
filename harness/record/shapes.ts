/**
 * Whether a record of a run folder is what it should be. A checksum says that nobody changed a line by accident; a folder
 * that came from elsewhere may have been written by anybody. Every reader of a run folder comes by here.
 */
import type { MetricValues } from '../types.ts';
import {
  all,
  amount,
  both,
  chosen,
  count,
  flag,
  listOf,
  mapOf,
  number,
  object,
  one,
  optional,
  orNull,
  plain,
  shape,
  tagged,
  text,
  whole,
  type Shape,
} from './shape.ts';

const key = plain(
  'a text of 1 to 200 characters',
  (value) => typeof value === 'string' && value.length > 0 && value.length <= 200,
);
const sha256 = plain('64 hex digits', (value) => typeof value === 'string' && /^[0-9a-f]{64}$/u.test(value));
/** As many as can be asked for: who counts to a thousand millions here is nobody's shard. */
const mostShards = 10_000;
const place = plain(
  `a whole number from 1 to ${mostShards}`,
  (value) => count.holds(value) && (value as number) >= 1 && (value as number) <= mostShards,
);
const shard = shape({ index: place, of: place });

const failure = shape({
  ...all(['status', 'code', 'message'], text),
  http: orNull(whole),
  remedy: one('retry', 'final', 'abort'),
  retryAfterMs: orNull(number),
});

const outcome = tagged(
  'kind',
  new Map([
    [
      'answered',
      shape({
        ...all(['text', 'reasoning'], text),
        toolCalls: listOf(shape(all(['id', 'name', 'arguments'], text))),
        ...all(['refusal', 'finish'], orNull(text)),
      }),
    ],
    ['failed', shape({ failure, partial: text })],
  ]),
);

/** A line of `samples.jsonl`. */
export const sampleShape = shape({
  v: one(1),
  cell: key,
  of: optional(key),
  ...all(['suite', 'test', 'language', 'target', 'leg', 'turn', 'status'], text),
  variant: orNull(text),
  ...all(['repeat', 'attempt', 'concurrency'], count),
  // -1: of no block, where the questions come from a queue.
  block: whole,
  ...all(['chunks', 'reads', 'answerChars', 'reasoningChars', 'bytes', 'endedAt'], amount),
  phase: one('quality', 'speed'),
  warmup: flag,
  http: orNull(whole),
  timing: shape(
    all(['tSched', 'tCall', 't0', 'tHdr', 'tEvt1', 'tOut1', 'tAns1', 'tLast', 'tDone'], orNull(amount)),
  ),
  iclMs: listOf(amount),
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

const hostFigures = shape({
  bytes: number,
  ...all(['anonShmemBytes', 'fileBytes', 'swapBytes', 'rssBytes', 'peakBytes'], orNull(number)),
  processes: whole,
});
const deviceFigures = shape({ bytes: number, devices: listOf(device) });
const figures = tagged(
  'basis',
  new Map([
    ['pss', hostFigures],
    ['rss', hostFigures],
    ['cgroup', hostFigures],
    ['gpu-process', deviceFigures],
    ['gpu-delta', deviceFigures],
    ['api-ps', shape({ bytes: number, ...all(['vramBytes', 'contextTokens'], orNull(number)) })],
    [
      'metrics',
      shape({
        server: orNull(text),
        values: shape(all(metricNames, orNull(number))),
        histograms: shape(all(['ttft', 'tpot'], orNull(histogram))),
        named: mapOf(number),
      }),
    ],
    [
      'log',
      shape({
        ...all(['bytes', 'kvCapacityTokens', 'kvBytes', 'computeBytes'], orNull(number)),
        server: text,
      }),
    ],
  ]),
);

const moment = one('before-start', 'idle', 'loaded', 'after');
const look = shape({
  v: one(2),
  ...all(['target', 'probe', 'leg'], text),
  moment,
  phase: one('quality', 'speed'),
  at: amount,
});
const seen = tagged(
  'status',
  new Map([
    ['read', both(shape({ flags: listOf(text) }), figures)],
    ['unavailable', shape({ why: text })],
  ]),
);
/** Of the first form: see `reading.ts`. */
const firstLook = shape({
  v: one(1),
  status: one('read', 'unavailable'),
  ...all(['target', 'probe'], text),
  basis: optional(one('pss', 'rss')),
  at: amount,
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
const blockReading = shape({
  v: one(1),
  ...all(['leg', 'series', 'level', 'target'], text),
  ...all(['block', 'maxInFlight'], count),
  ...all(['startMs', 'emptyMs', 'endMs', 'at'], amount),
  fullMs: orNull(amount),
  client,
  clients: optional(
    listOf(
      shape({
        client: text,
        share: orNull(count),
        maxInFlight: count,
        ...all(['startMs', 'emptyMs', 'endMs', 'errorMs'], amount),
        // By how much its clock is behind: of either sign.
        offsetMs: number,
        fullMs: orNull(amount),
        load: client,
      }),
    ),
  ),
});

/** A line of `readings.jsonl` about the client itself. */
const floorReading = shape({
  v: one(1),
  ...all(
    ['concurrency', 'n', 'ttftP50Ms', 'addedTtftP50Ms', 'addedTtftP99Ms', 'gapErrorP99Ms', 'connectP50Ms'],
    number,
  ),
  ...all(['maxInFlight', 'at'], amount),
  clients: optional(count),
  client,
});

/** A line of `readings.jsonl` about something that happened. */
const runEvent = shape({
  v: one(1),
  event: one('breaker-open', 'breaker-closed', 'cool-down', 'sleep', 'server-restarted', 'load-ended'),
  target: orNull(text),
  phase: one('quality', 'speed'),
  ...all(['leg', 'because'], text),
  ms: orNull(amount),
  at: amount,
});

/** A remark of a kind that is not known here: it has no figure that could be read as one. */
const remark = shape({ kind: text, status: one(undefined), at: amount });

const kinds = new Map<unknown, Shape>([
  [undefined, firstLook],
  ['reading', both(look, seen)],
  ['block', blockReading],
  ['floor', floorReading],
  ['event', runEvent],
]);

/** A line of `readings.jsonl`. */
export const readingShape = chosen(({ kind, v }) =>
  kind === 'reading' && v === 1 ? firstLook : (kinds.get(kind) ?? remark),
);

/** A line of `plan.jsonl`. */
export const planLineShape = shape({
  v: one(1),
  cell: key,
  ...all(['suite', 'test', 'cluster', 'language', 'target', 'model'], text),
  variant: orNull(text),
  repeat: count,
  messages: listOf(
    shape({
      role: one('system', 'developer', 'user', 'assistant'),
      content: text,
      images: optional(listOf(shape({ ...all(['sha256', 'mediaType', 'name'], text), bytes: amount }))),
    }),
  ),
  ...all(['request', 'metadata'], object),
  checks: listOf(
    shape({
      ...all(['type', 'metric'], text),
      not: flag,
      params: object,
      threshold: orNull(number),
      weight: amount,
      transform: listOf(text),
    }),
  ),
  observe: flag,
});

/** A line of `speed-plan.jsonl`. */
export const speedPlanLineShape = shape({
  v: one(1),
  key,
  ...all(['series', 'level', 'target', 'language', 'cluster', 'unit', 'turn', 'nonce'], text),
  cell: key,
  load: tagged(
    'kind',
    new Map([
      ['closed', shape({ concurrency: amount })],
      ['open', shape({ rate: amount, arrivals: one('poisson', 'constant') })],
    ]),
  ),
  ...all(['repeat', 'block', 'maxTokens'], count),
  atMs: orNull(amount),
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
export const earlierLineShape = tagged(
  'kind',
  new Map([
    [
      'run',
      shape({
        v: one(1),
        name: runName,
        targets: listOf(shape(all(['id', 'model', 'endpoint'], text))),
      }),
    ],
    [
      'cell',
      shape({
        v: one(1),
        key,
        ...all(['suite', 'test', 'language', 'target'], text),
        variant: orNull(text),
        repeat: count,
      }),
    ],
    ['sample', shape({ v: one(1), sample: sampleShape })],
  ]),
);

const roundTrips = listOf(shape({ target: text, medianMs: orNull(number), n: count }));

/** What the manifest keeps of a worker that held a part of a load. */
export const legClientShape = shape({
  ...all(['client', 'host'], text),
  pid: number,
  machine: shape({ before: machine, after: orNull(machine) }),
  roundTrips,
});

const objectives = orNull(shape(all(['ttftMs', 'tpotMs', 'e2eMs'], orNull(number))));

/** What was asked for. Fields that are missing were not there yet when the run was made. */
const invocation = shape({
  suites: listOf(text),
  targetsFile: optional(orNull(text)),
  targetFlags: optional(listOf(text)),
  ...all(['concurrency', 'repeat', 'limit'], optional(orNull(count))),
  languages: optional(orNull(listOf(text))),
  filterTests: optional(orNull(text)),
  seed: optional(number),
  ...all(['speed', 'aa'], optional(flag)),
  shard: optional(orNull(shard)),
  clients: optional(orNull(count)),
  gates: optional(listOf(text)),
  earlier: optional(orNull(text)),
  from: optional(text),
});

/** The whole of `manifest.json`, of this format. */
export const manifestShape = shape({
  format: one(1),
  ...all(['run', 'tool', 'createdAt', 'baseline'], text),
  planHash: sha256,
  earlierPlans: listOf(sha256),
  seed: number,
  maxErrorRate: amount,
  suites: listOf(shape({ ...all(['name', 'file', 'sha256', 'description'], text), languages: listOf(text) })),
  targets: listOf(
    shape({
      ...all(['id', 'model', 'endpoint', 'dialect'], text),
      authored: orNull(text),
      concurrency: count,
      concurrencyOfAll: optional(count),
      params: object,
      languages: orNull(listOf(text)),
      license: orNull(shape({ name: text, ...all(['url', 'notes'], orNull(text)) })),
      facts: orNull(object),
      apiKeyEnv: optional(orNull(text)),
      kvBytesPerToken: optional(orNull(number)),
      launch: optional(orNull(listOf(text))),
    }),
  ),
  environment: object,
  invocation,
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
      clients: optional(listOf(legClientShape)),
    }),
  ),
  shard: optional(shard),
  parts: optional(listOf(shape({ run: text, shard: orNull(shard), createdAt: text }))),
});
