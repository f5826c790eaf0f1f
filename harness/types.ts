/**
 * The nouns and the seams of the house. No code, no imports: every room may know these, and only these, of its
 * neighbours. Times are milliseconds, sizes bytes, and say so in their names. `null` means "never happened" or
 * "unknown", never zero.
 */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A BCP 47 language tag as the suite spells it, e.g. `zh`, `pt-BR`. */
export type LanguageTag = string;

/** Where something stands in a file; line and column count from 1, the column in UTF-16 units as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something wrong in what a person wrote, or worth their notice. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** What is wrong: one line, no trailing stop. */
  readonly message: string;
  /** What to do about it: one line, or null. */
  readonly hint: string | null;
  readonly place: Place | null;
}

// ---------------------------------------------------------------------------------------- what is asked, and whom

/** An image in a message: its bytes lie with the suite, and travel as a data URL. */
export interface ImageRef {
  /** Of the bytes, hex. */
  readonly sha256: string;
  readonly mediaType: string;
  /** File name, for people. */
  readonly name: string;
  readonly bytes: number;
  readonly detail: 'auto' | 'low' | 'high' | null;
}

export interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant';
  /** Each U+FFFC in it stands for the next of `images`. */
  readonly content: string;
  readonly images?: readonly ImageRef[];
}

/** One `assert` entry, defaults merged, templates rendered, schema files replaced by their content. */
export interface CheckSpec {
  /** Name in the catalogue, without the `not-` prefix. */
  readonly type: string;
  readonly not: boolean;
  /** The check's own parameters (`value` among them), already valid against its schema. */
  readonly params: JsonObject;
  /** The score from which the check passes (not asked where it has a limit); null: the score counts in the mean, and pass is null. */
  readonly threshold: number | null;
  /** >= 0; share of this check in the cell's score. */
  readonly weight: number;
  /** The name results are grouped by; the check's name (with `not-`) unless the suite names another. */
  readonly metric: string;
  /** Applied to the answer in this order before the check sees it. */
  readonly transform: readonly string[];
}

/** One test in one language and one variant, rendered: what would be sent, and what is expected of the answer. */
export interface Question {
  readonly language: LanguageTag;
  readonly variant: string | null;
  readonly messages: readonly Message[];
  /** Chat-completions parameters in the API's own spelling; never `model`, `messages` or `stream*`. */
  readonly request: JsonObject;
  readonly checks: readonly CheckSpec[];
}

/** One item, in its N languages. Its `cluster` is the unit of every statistic. */
export interface Test {
  readonly id: string;
  /** `metadata.cluster` where items share a source, else the id. */
  readonly cluster: string;
  readonly metadata: JsonObject;
  /** True: the item is asked and shown, and carries no check on purpose. */
  readonly observe: boolean;
  readonly repeat: number;
  readonly questions: readonly Question[];
}

export interface Suite {
  /** File name without its ending. */
  readonly name: string;
  /** As given on the command line or found, relative to the working directory. */
  readonly file: string;
  /** Of the suite file's bytes, hex. */
  readonly sha256: string;
  readonly description: string;
  /** The first is the base language. */
  readonly languages: readonly LanguageTag[];
  readonly tests: readonly Test[];
  /** Data URLs of the images in its messages, by SHA-256. */
  readonly images: Readonly<Record<string, string>>;
  /** What it says of its own load in the speed phase, over what the targets file says; null: nothing. */
  readonly speed: Partial<SpeedSpec> | null;
}

export interface License {
  readonly name: string;
  readonly url: string | null;
  readonly notes: string | null;
}

/** One way of measuring a target's memory: an entry of `memory:` in targets.yaml, or its `logFile`. */
export type ProbeSpec =
  | {
      readonly probe: 'process';
      /** At most one of the three is set; all null: the port of the base URL. */
      readonly port: number | null;
      readonly pid: number | null;
      /** Name or id. */
      readonly container: string | null;
    }
  | { readonly probe: 'nvidia-smi' }
  | { readonly probe: 'amd-smi' }
  /** null: the origin of the base URL. */
  | { readonly probe: 'ollama'; readonly url: string | null }
  /** null: `/metrics` at the origin of the base URL. `metrics`: further metrics to keep, by name. */
  | { readonly probe: 'prometheus'; readonly url: string | null; readonly metrics: readonly string[] }
  /** What the server wrote while it loaded. */
  | { readonly probe: 'log'; readonly file: string };

/** Who is asked. Holds names of secrets, never secrets. */
export interface Target {
  readonly id: string;
  /** `http(s)://host:port/v1`; null for a replay target until its server is up. */
  readonly baseUrl: string | null;
  readonly model: string;
  /** Path of a cassette served by a process of our own, or null. */
  readonly replay: string | null;
  /** The NAME of the environment variable that holds the key. */
  readonly apiKeyEnv: string | null;
  /** Path of a file that holds the key, in place of a variable; null or absent: none. */
  readonly apiKeyFile?: string | null;
  /** Path of a PEM file with authorities that are trusted beside those of Node.js; null or absent: none. */
  readonly caFile?: string | null;
  /** May its name lead to a link-local or metadata address? Absent: no. */
  readonly allowLinkLocal?: boolean;
  /** How its server speaks: `auto`, or the name of a row in `run/dialects`. */
  readonly dialect: string;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Of all shards together, where this run takes a part of it; absent: `concurrency` is the whole. */
  readonly concurrencyOfAll?: number;
  /** Request parameters under the suite's own. */
  readonly params: JsonObject;
  readonly timeouts: Timeouts;
  /** Where it differs from what every answer is allowed. */
  readonly limits?: Partial<Limits>;
  /** True: an answer that ends without a finish reason is a truncated one, whatever follows its text. */
  readonly strictFinish?: boolean;
  /** Attempts at one cell, the first included. */
  readonly attempts: number;
  /** The longest wait that the endpoint may ask for, in ms; a longer one ends the target. Absent: two minutes. */
  readonly maxRetryAfterMs?: number;
  /** How long an endpoint that is down is waited for, in ms. Absent: ten minutes. */
  readonly maxOutageMs?: number;
  /** Languages the maker declares; null: not stated. Shown, never judged. */
  readonly languages: readonly LanguageTag[] | null;
  readonly license: License | null;
  /** How its server is started and ended by us; null: it runs already. */
  readonly launch: Launch | null;
  /** How its memory is measured; empty: not at all. */
  readonly memory: readonly ProbeSpec[];
  /** Bytes of key-value cache that one token takes, or null. */
  readonly kvBytesPerToken: number | null;
}

/** How the server of a target is started and ended by us. */
export interface Launch {
  /** Program and words; no shell. */
  readonly command: readonly string[];
  /** Answers 2xx when the server may be asked. */
  readonly ready: string;
  readonly timeoutMs: number;
  /** Names of variables it gets although they look like secrets. */
  readonly env: readonly string[];
}

/** Every wait has a limit. Milliseconds. */
export interface Timeouts {
  /** Name resolution, TCP, TLS. */
  readonly connectMs: number;
  /** From the request written to the first text, reasoning or tool call. */
  readonly firstContentMs: number;
  /** After the first content: no byte at all. */
  readonly idleMs: number;
  /** After the first content: no content, whatever comments come. */
  readonly contentIdleMs: number;
  /** The whole attempt. */
  readonly totalMs: number;
  /** After the finish reason: waiting for usage, `[DONE]` or the end. */
  readonly tailMs: number;
}

/** What an answer must reach to count as good, ms; null = not asked for. An answer meets an objective when it meets all. */
export interface Objectives {
  readonly ttftMs: number | null;
  readonly tpotMs: number | null;
  readonly e2eMs: number | null;
}

/** A `speed:` block: how the speed phase loads the servers. */
export interface SpeedSpec {
  /** Closed loop: requests in flight, one level each. */
  readonly concurrency: readonly number[];
  /** Open loop: arrivals per second, one level each. */
  readonly rate: readonly number[];
  readonly arrivals: 'poisson' | 'constant';
  /** Output tokens per request; where the server can, exactly so many. */
  readonly maxTokens: number;
  /** Times that each prompt is put to each target at concurrency 1; above, half the number of block pairs. */
  readonly repeats: number;
  /** Distinct prompts at concurrency 1, spread evenly over the languages. */
  readonly prompts: number;
  readonly objectives: Objectives | null;
}

/** How large an answer may be. Bytes are counted after decompression. */
export interface Limits {
  /** The response head. */
  readonly headerBytes: number;
  /** One server-sent event. */
  readonly eventBytes: number;
  /** Events of one answer. */
  readonly events: number;
  /** A streamed body. */
  readonly bodyBytes: number;
  /** A body that is one object. */
  readonly objectBytes: number;
}

/** `targets.yaml`, or what the command line says in its place. */
export interface Targets {
  readonly targets: readonly Target[];
  /** Differences are "other minus baseline". */
  readonly baseline: string;
  /** Share of planned cells that may stay unanswered before the run counts as incomplete. */
  readonly maxErrorRate: number;
  /** The load of the speed phase, where one is asked for. */
  readonly speed: SpeedSpec;
  /** `by-target`: one server at a time, for machines that cannot hold them all. */
  readonly order: 'interleaved' | 'by-target';
  /** Claims that a run must bear out, each with the place of its first character. Absent: none. */
  readonly gates?: readonly (GateText & { readonly place: Place })[];
}

/** A gate as a person wrote it. */
export interface GateText {
  /** NFC. */
  readonly expression: string;
  /** `suites/targets.yaml:12:5`, `--gate`. */
  readonly from: string;
}

// ------------------------------------------------------------------------------------------------ what will be sent

/** One planned call. Its key is a hash of its content: never of a position, a time, a path or a secret. */
export interface Cell {
  readonly key: string;
  readonly suite: string;
  readonly test: string;
  readonly cluster: string;
  readonly language: LanguageTag;
  readonly variant: string | null;
  readonly target: string;
  readonly model: string;
  /** Counts from 1. */
  readonly repeat: number;
  readonly messages: readonly Message[];
  /** The merged request body without `model`, `messages` and `stream*`. */
  readonly request: JsonObject;
  readonly checks: readonly CheckSpec[];
  readonly metadata: JsonObject;
  readonly observe: boolean;
}

/** One of several processes that ask a plan together. */
export interface Shard {
  /** Counts from 1. */
  readonly index: number;
  readonly of: number;
}

/** The denominator of every number. Cells stand in the order in which they are reported, not sent. */
export interface Plan {
  readonly cells: readonly Cell[];
}

export type Load =
  | { readonly kind: 'closed'; readonly concurrency: number }
  /** `rate` in arrivals per second. */
  | { readonly kind: 'open'; readonly rate: number; readonly arrivals: 'poisson' | 'constant' };

/** One planned request of the speed phase: a question of the plan behind a nonce of its own. */
export interface SpeedRequest {
  /** Hash of its content and its place in the load, as a cell's is of its content. */
  readonly key: string;
  readonly series: string;
  /** `c4`, `r2.5`. */
  readonly level: string;
  readonly load: Load;
  readonly target: string;
  /** Key of the cell whose question it asks. */
  readonly cell: string;
  readonly language: LanguageTag;
  /** The item, distinct between suites: the cluster of every statistic. */
  readonly cluster: string;
  /** What is compared: the question at concurrency 1, the pair of adjacent blocks above. */
  readonly unit: string;
  /** Counts from 1. */
  readonly repeat: number;
  /** Counts over the whole phase, in sending order. */
  readonly block: number;
  /** Order of the targets in this round: `AB`, `BA`. */
  readonly turn: string;
  /** 16 hex digits on a line before the prompt, the same for every target: no server has seen the prompt before. */
  readonly nonce: string;
  /** Open loop: planned start, ms from the start of its block. */
  readonly atMs: number | null;
  readonly maxTokens: number;
}

/** The denominator of every number of the speed phase, in sending order. */
export interface SpeedPlan {
  readonly requests: readonly SpeedRequest[];
  readonly objectives: Readonly<Record<string, Objectives | null>>;
}

/** Cells of one target and one language that run together; blocks of targets that share a host take turns. */
export interface Block {
  readonly index: number;
  /** Which side of an ABBA pattern: the target's position in the round. */
  readonly turn: string;
  readonly target: string;
  readonly cells: readonly Cell[];
}

// ---------------------------------------------------------------------------------------------------- what happened

export type AttemptStatus =
  | 'ok'
  | 'connect-failed'
  | 'http-error'
  | 'timeout'
  | 'connection-lost'
  | 'incomplete'
  | 'stream-error'
  | 'protocol'
  | 'cancelled';

/** What the endpoint did instead of answering. */
export interface Failure {
  readonly status: Exclude<AttemptStatus, 'ok'>;
  /** Stable, kebab-case: `connect-refused`, `timeout-first`, `rate-limited`, `truncated` ... */
  readonly code: string;
  /** For people; redacted, at most 500 characters. */
  readonly message: string;
  /** HTTP status, or null when no response head came. */
  readonly http: number | null;
  /** `retry`: another attempt may succeed. `final`: this cell is lost. `abort`: this target is of no use now. */
  readonly remedy: 'retry' | 'final' | 'abort';
  /** What the server asked us to wait, in ms, or null. */
  readonly retryAfterMs: number | null;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As sent: a JSON text that may be broken. */
  readonly arguments: string;
}

/** Answered means: complete by the server's own word (a finish reason). Anything else failed. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly text: string;
      readonly reasoning: string;
      readonly toolCalls: readonly ToolCall[];
      /** The server's refusal text, or null. */
      readonly refusal: string | null;
      /** Normalised finish reason: `stop`, `length`, `content_filter`, `tool_calls` ...; null when only `[DONE]` came. */
      readonly finish: string | null;
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly partial: string };

/** Clock points in ms since the start of this process's run, 3 decimals; null = never happened. */
export interface Timing {
  /** A slot became free for this attempt. */
  readonly tSched: number | null;
  /** Our call into the HTTP client. */
  readonly tCall: number | null;
  /** The request head went to the socket; connection set-up lies before it. */
  readonly t0: number | null;
  readonly tHdr: number | null;
  /** First SSE event with JSON of any kind. */
  readonly tEvt1: number | null;
  /** First non-empty text, reasoning, refusal or tool call. */
  readonly tOut1: number | null;
  /** First non-empty text or tool call, not reasoning. */
  readonly tAns1: number | null;
  /** Last event with output or a finish reason. */
  readonly tLast: number | null;
  readonly tDone: number | null;
}

/**
 * The times of one answer, from its clock points. ms with 3 decimals; null = never happened, or the stream tells nothing
 * about it. Only a complete answer has any.
 */
export interface Times {
  /** Our call into the HTTP client to the request head on the socket: connection set-up, never part of TTFT. */
  readonly connectMs: number | null;
  /** A slot free for the attempt to the request head on the socket. */
  readonly queueMs: number | null;
  /** Time to first event of any kind, the empty role event included. */
  readonly ttfeMs: number | null;
  /** Time to first text, reasoning, refusal or tool call (TTFT). */
  readonly ttftMs: number | null;
  /** Time to answer: to the first text or tool call that is not reasoning. */
  readonly ttaMs: number | null;
  /** Request head sent to the last output or finish; to the end of the body when nothing was streamed. */
  readonly e2eMs: number | null;
  /** Per output token after the first. Holds no TTFT; null below two tokens. */
  readonly tpotMs: number | null;
}

/** As the server counted; null = not said. Reasoning tokens lie inside completion tokens. */
export interface Usage {
  readonly prompt: number | null;
  readonly completion: number | null;
  readonly reasoning: number | null;
  readonly cached: number | null;
  readonly source: 'usage' | 'timings' | 'none';
}

/** One finished attempt at one cell: a line of `samples.jsonl`. */
export interface Sample {
  readonly v: 1;
  readonly cell: string;
  readonly suite: string;
  readonly test: string;
  readonly language: LanguageTag;
  readonly variant: string | null;
  readonly target: string;
  readonly repeat: number;
  /** Counts from 1, over all legs. */
  readonly attempt: number;
  /** The start or resume of the run that made it. */
  readonly leg: string;
  /** Speed-phase text is never scored: it runs on past its end, behind a nonce. */
  readonly phase: 'quality' | 'speed';
  readonly warmup: boolean;
  readonly concurrency: number;
  readonly block: number;
  readonly turn: string;
  readonly status: AttemptStatus;
  readonly http: number | null;
  readonly timing: Timing;
  /** Output events, and socket reads that held any. */
  readonly chunks: number;
  readonly reads: number;
  /** Gaps between reads with output. Inter-chunk latency: not per token. */
  readonly iclMs: readonly number[];
  readonly usage: Usage;
  /** Code points of the NFC answer text. */
  readonly answerChars: number;
  readonly reasoningChars: number;
  /** UTF-8 bytes of answer, reasoning and tool arguments. */
  readonly bytes: number;
  readonly finishRaw: string | null;
  /** Kebab-case remarks: `no-done`, `not-streamed`, `fake-stream`, `invalid-utf8` ... */
  readonly flags: readonly string[];
  readonly reusedSocket: boolean | null;
  readonly modelEcho: string | null;
  readonly outcome: Outcome;
  /** Whose clock the times are, where several clients loaded together; absent: the process's that made the run. */
  readonly client?: string;
  /** Wall clock, ms since 1970; for ordering only. */
  readonly endedAt: number;
}

/** `before-start`: no server yet. `idle`, `after`: quiet, before and after load. `loaded`: requests are in flight. */
export type Moment = 'before-start' | 'idle' | 'loaded' | 'after';

/** Of a run; figures of two phases never mix. */
export type Phase = 'quality' | 'speed';

/** What memory of a host a server holds. */
export interface HostFigures {
  /**
   * `pss`: shared pages divided among those who map them, so the processes of a server add up. `rss`: shared pages count
   * in every process, so a sum is an upper bound. `cgroup`: anonymous, shared and mapped file pages of a container.
   */
  readonly basis: 'pss' | 'rss' | 'cgroup';
  readonly bytes: number;
  /** What cannot be dropped: anonymous and shared memory; null under `rss`, where shared pages would count twice. */
  readonly anonShmemBytes: number | null;
  /** Pages of mapped files: weights that were read by mapping are here. */
  readonly fileBytes: number | null;
  readonly swapBytes: number | null;
  /** Resident sets added up, beside a `pss`: so that quiet points can stand in one line with those under load. */
  readonly rssBytes: number | null;
  /**
   * High-water mark since the processes or the container began: resident sets added up (`pss`, `rss`), or the container's
   * with its page cache (`cgroup`).
   */
  readonly peakBytes: number | null;
  /** Processes added up. */
  readonly processes: number;
}

/** A graphics device as its own tool tells; null = the tool does not say. */
export interface DeviceState {
  readonly index: number;
  readonly uuid: string | null;
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
  /** 0..100 */
  readonly utilization: number | null;
  readonly powerWatts: number | null;
  readonly clockMhz: number | null;
}

export interface GpuFigures {
  /** `gpu-process`: what the tool counts for the server's processes. `gpu-delta`: the devices now, less before its start. */
  readonly basis: 'gpu-process' | 'gpu-delta';
  readonly bytes: number;
  readonly devices: readonly DeviceState[];
}

/** What Ollama says of a loaded model: estimates made while loading. */
export interface EstimateFigures {
  readonly basis: 'api-ps';
  readonly bytes: number;
  readonly vramBytes: number | null;
  readonly contextTokens: number | null;
  /** When the server will drop the model, as it wrote it. */
  readonly expiresAt: string | null;
}

/** Cumulative counts by upper bound; the last bound is `+Inf`, written as null. */
export interface Histogram {
  readonly le: readonly (number | null)[];
  readonly counts: readonly number[];
  readonly sum: number | null;
  readonly count: number | null;
}

/** Figures of a metrics page under names of our own: servers name the same thing differently. null = not on the page. */
export interface MetricValues {
  readonly kvCapacityTokens: number | null;
  /** 0..1 */
  readonly kvUsedRatio: number | null;
  readonly kvUsedTokens: number | null;
  /** llama.cpp: most tokens that one sequence has held since the server began. */
  readonly kvPeakTokens: number | null;
  readonly running: number | null;
  readonly waiting: number | null;
  /** Counters since the server began. */
  readonly preemptions: number | null;
  readonly promptTokens: number | null;
  readonly cachedTokens: number | null;
  readonly generationTokens: number | null;
  readonly generationSeconds: number | null;
}

export interface MetricFigures {
  readonly basis: 'metrics';
  readonly bytes: null;
  /** Whose names were on the page: `vllm`, `sglang`, `llama.cpp`, `tgi`; null: none that we know. */
  readonly server: string | null;
  readonly values: MetricValues;
  /** At quiet points only; seconds. */
  readonly histograms: { readonly ttft: Histogram | null; readonly tpot: Histogram | null };
  /** What the targets file asked for by name. */
  readonly named: Readonly<Record<string, number>>;
}

/** What a server wrote into its log while it loaded. */
export interface LogFigures {
  readonly basis: 'log';
  /** Weights, all devices and the host together. */
  readonly bytes: number | null;
  readonly kvCapacityTokens: number | null;
  readonly kvBytes: number | null;
  /** Scratch space of the computation. */
  readonly computeBytes: number | null;
  /** Whose lines they were. */
  readonly server: string;
}

export type Figures = HostFigures | GpuFigures | EstimateFigures | MetricFigures | LogFigures;

/** What the number means: different bases never share a chart or a column. */
export type Basis = Figures['basis'];

/** What a probe saw, or why it saw nothing. */
export type Sight =
  | ({
      readonly status: 'read';
      /** Kebab-case remarks: `gpu-shared`, `process-restarted` ... */
      readonly flags: readonly string[];
    } & Figures)
  | { readonly status: 'unavailable'; readonly why: string };

/** One look of one probe at one target: a line of `readings.jsonl`. */
export type Reading = {
  readonly v: 2;
  readonly kind: 'reading';
  readonly target: string;
  readonly probe: string;
  readonly moment: Moment;
  readonly phase: Phase;
  /** The start or resume of the run that made it. */
  readonly leg: string;
  /** Wall clock, ms since 1970. */
  readonly at: number;
} & Sight;

/** What the client saw of itself, and of the machine, while one block of the speed phase ran: a line of `readings.jsonl`. */
export interface BlockReading {
  readonly v: 1;
  readonly kind: 'block';
  readonly leg: string;
  readonly series: string;
  readonly level: string;
  readonly target: string;
  readonly block: number;
  /** On the clock of the samples. In flight reached its limit: the steady window begins; null = never. */
  readonly startMs: number;
  readonly fullMs: number | null;
  /** The work list was empty: the steady window ends. */
  readonly emptyMs: number;
  readonly endMs: number;
  readonly maxInFlight: number;
  readonly client: ClientLoad;
  /**
   * Where several clients loaded together; absent: one process did. Times above are then on the clock they have in common:
   * all of them full, the first of them with nothing left to start. `client` is the worst of them.
   */
  readonly clients?: readonly ClientBlock[];
  /** Wall clock, ms since 1970. */
  readonly at: number;
}

/** One client's part of a block that several loaded together. Its stamps are its own clock's, as in its samples. */
export interface ClientBlock {
  /** The worker's start, as its own folder names it. */
  readonly client: string;
  /** Streams of a closed loop that it held; null in an open one. */
  readonly share: number | null;
  readonly startMs: number;
  readonly fullMs: number | null;
  readonly emptyMs: number;
  readonly endMs: number;
  readonly maxInFlight: number;
  readonly load: ClientLoad;
  /** What is added to its stamps to get the clock in common, ms, measured before and after the block. */
  readonly offsetMs: number;
  /** How wrong that may be, either way. */
  readonly errorMs: number;
}

/** How busy the client was: a client at its limit measures itself. */
export interface ClientLoad {
  /** Event-loop utilisation, 0..1. */
  readonly utilization: number;
  /** Delay of the event loop beyond the resolution of its measurement, ms. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  /** Open loop: how late requests left behind their schedule, ms; null in a closed loop. */
  readonly lagP99Ms: number | null;
}

/** What the client adds by itself, measured against a paced server of known truth: a line of `readings.jsonl`. */
export interface FloorReading {
  readonly v: 1;
  readonly kind: 'floor';
  readonly concurrency: number;
  /** Where several clients hold the load: the worst of them, while it holds its share. Absent: one process holds it. */
  readonly clients?: number;
  /** Answers behind it. */
  readonly n: number;
  /** As observed. */
  readonly ttftP50Ms: number;
  /** TTFT observed minus the server's own time to its first text, ms. */
  readonly addedTtftP50Ms: number;
  readonly addedTtftP99Ms: number;
  /** Gap between reads minus the server's gap between writes, absolute, ms. */
  readonly gapErrorP99Ms: number;
  readonly connectP50Ms: number;
  readonly maxInFlight: number;
  readonly client: ClientLoad;
  readonly at: number;
}

/**
 * `breaker-open`: the target is taken for down and waited for. `breaker-closed`: it answers again, after `ms`. `cool-down`:
 * it asked for patience, of `ms`. `sleep`: the process that asks was held up, or its machine slept, for over two seconds.
 * `server-restarted`: another process answers for the target. `load-ended`: clients did not hold their load to its end.
 */
export type EventName =
  'breaker-open' | 'breaker-closed' | 'cool-down' | 'sleep' | 'server-restarted' | 'load-ended';

/** Something that happened beside the asking: a line of `readings.jsonl`. */
export interface RunEvent {
  readonly v: 1;
  readonly kind: 'event';
  readonly event: EventName;
  /** null: no target in particular. */
  readonly target: string | null;
  readonly phase: Phase;
  readonly leg: string;
  /** How long it lasted or is to last; null: a moment, or it had not ended when the run did. */
  readonly ms: number | null;
  /** What there is to say besides; often nothing. */
  readonly because: string;
  /** Wall clock at its beginning, ms since 1970. */
  readonly at: number;
}

/** All that a run folder holds of a speed phase, beside its samples. */
export interface LoadRecord {
  readonly plan: SpeedPlan;
  readonly blocks: readonly BlockReading[];
  readonly floors: readonly FloorReading[];
}

// ---------------------------------------------------------------------------------------------------- what we think

/** Evidence for the page: small, JSON, no copy of the answer. `signature` names the exact definition used. */
export type Details = JsonObject;

/** What a check itself returns: thresholds and `not-` are applied by the room, not by the check. */
export type Judgement =
  | {
      readonly status: 'scored';
      /** 0..1 */
      readonly score: number;
      readonly because: string;
      readonly details: Details;
      /** The check's own word, in place of the threshold, where the suite gave its `limit`. */
      readonly pass?: boolean;
      /** True: the answer could not be read (no number, no choice): it fails in both polarities. */
      readonly unreadable?: boolean;
    }
  | {
      readonly status: 'unscored';
      readonly why: 'not-applicable' | 'check-error';
      readonly because: string;
      readonly details: Details;
    };

/** An outage, a crashed check and a wrong answer are three different things. */
export type Verdict =
  | {
      readonly status: 'scored';
      readonly score: number;
      /** null: the check has no threshold. */
      readonly pass: boolean | null;
      readonly because: string;
      readonly details: Details;
    }
  | {
      readonly status: 'unscored';
      readonly why: 'no-answer' | 'check-error' | 'not-applicable';
      readonly because: string;
      readonly details: Details;
    };

/** A line of `findings.jsonl`. */
export interface Finding {
  readonly v: 1;
  readonly cell: string;
  /** Position of the check in the cell's list. */
  readonly index: number;
  /** Name as the suite wrote it, with `not-`. */
  readonly check: string;
  readonly metric: string;
  readonly weight: number;
  readonly verdict: Verdict;
}

/** What a check may see: the answer and its own parameters, not the suite and not the run. */
export interface CheckInput {
  /** The answer after the spec's transforms. */
  readonly text: string;
  readonly language: LanguageTag;
  readonly params: JsonObject;
  /** Normalised finish reason of the answer. */
  readonly finish: string | null;
  /** The text of all prompt messages: what was asked is not evidence of the answer's language. */
  readonly prompt: string;
  /** True when the request asked the server for JSON (`response_format`). */
  readonly jsonRequested: boolean;
  /** What was sent beside the messages: tools, limits, formats. */
  readonly request: JsonObject;
  readonly toolCalls: readonly ToolCall[];
  /** The server's own refusal text, or null. */
  readonly refusal: string | null;
  readonly usage: Usage;
  /** null where times say nothing of a server: the answer was replayed, or came while this process was held up. */
  readonly times: Times | null;
  /** Whether the target takes tools, as its calls and its probe show; null: not known. */
  readonly takesTools: boolean | null;
}

/** What an author should know of parameters that are valid. */
export interface ParameterWarning {
  /** The parameter it is about. */
  readonly parameter: string;
  /** One line, no trailing stop. */
  readonly message: string;
  readonly hint: string | null;
}

/** A name, a schema and a function. */
export interface Check {
  readonly name: string;
  /** One line for the docs: "1 if ...". */
  readonly summary: string;
  /** JSON Schema (2020-12, `type: object`, `additionalProperties: false`) of its parameters, `value` included. */
  readonly params: JsonObject;
  /** 1 unless the definition says none. */
  readonly threshold: number | null;
  /** The parameter that decides the pass in place of a threshold, where a suite gives it. */
  readonly limit?: string;
  /** Parameters that may be a path to a JSON file; the loader puts the content in its place. */
  readonly files?: readonly string[];
  /** Parameters, beside `value`, whose strings are templates. */
  readonly templates?: readonly string[];
  /** What a schema cannot say: a bad pattern, an empty reference, an impossible script. One line, or null. */
  readonly problem?: (params: JsonObject, language: LanguageTag) => string | null;
  /** What is wrong with it beside this request: a tool that is not offered. One line, or null. */
  readonly requestProblem?: (params: JsonObject, request: JsonObject) => string | null;
  /** What is right and yet of little use here, or may surprise: warnings of the suite. Asked only without a problem. */
  readonly warnings?: (params: JsonObject, language: LanguageTag) => readonly ParameterWarning[];
  /**
   * True: `problem` and `warnings`, or with a request `requestProblem`, may take long, and are asked where they can be
   * ended.
   */
  readonly isCostly?: (params: JsonObject, request: JsonObject | null) => boolean;
  readonly run: (input: CheckInput) => Judgement | Promise<Judgement>;
}

export type CheckCatalogue = Readonly<Record<string, Check>>;

// --------------------------------------------------------------------------------------------------------- how much

/** A number never travels alone. `value` is null at n = 0, the interval at n <= 1 or where none is defined. */
export interface Stat {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Observations behind `value`. */
  readonly n: number;
  /** Planned observations that gave none. */
  readonly missing: number;
  /** `share` (0..1), `points` (0..100), `ms`, `tokens`, `chars/s`, `bytes`, ... */
  readonly unit: string;
  /** How the interval was made (`wilson`, `t`, `cr1-t`, `bca`, `tango`, `bootstrap-10000`); null without one. */
  readonly method: string | null;
}

/** Percentiles by linear interpolation; one that n is too small for is null (p90 from 20, p95 from 40, p99 from 200). */
export interface Quantiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly n: number;
  readonly missing: number;
  readonly unit: string;
}

/** null = over all. A row with language null is the mean of the language means. */
export interface Scope {
  readonly language: LanguageTag | null;
  readonly suite: string | null;
  /** null = the cell score; else one metric of the checks. */
  readonly metric: string | null;
}

/**
 * Figures with everything lost (unanswered, never asked, crashed check) counted as wrong. `missing` is what remains: the
 * items that no check applies to.
 */
export interface WorstCase {
  readonly score: Stat;
  readonly passRate: Stat;
}

export interface ScoreRow extends Scope {
  readonly target: string;
  readonly score: Stat;
  readonly passRate: Stat;
  /** Beside the figures of what is there, so that nobody gains by not answering. */
  readonly worstCase: WorstCase;
  /** Planned cells in scope. */
  readonly planned: number;
}

/** chrF or BLEU of all answers together: no mean of sentences. Compare targets within one language only. */
export interface CorpusRow {
  readonly target: string;
  readonly language: LanguageTag;
  readonly suite: string;
  readonly metric: string;
  /** `chrf` or `bleu`. */
  readonly check: string;
  /** The exact definition; the check's name where no answer was ever scored. */
  readonly signature: string;
  /** Independent items behind the figure. */
  readonly clusters: number;
  /** 0..100 as sacrebleu prints it; n = answers, missing = planned ones without statistics. */
  readonly score: Stat;
}

/** Corpus chrF or BLEU of one target minus that of the baseline, on the answers both gave: exploration, without a label. */
export interface CorpusComparison extends Omit<CorpusRow, 'target' | 'score'> {
  readonly other: string;
  readonly baseline: string;
  /** In points; n = pairs of answers, missing = planned pairs without two. */
  readonly difference: Stat;
  /** Approximate randomisation over clusters; null below ten of them. */
  readonly p: number | null;
  /** p after Benjamini and Hochberg over all these comparisons. */
  readonly q: number | null;
  /** `approximate-randomisation-10000`, by the number of draws; null without one. */
  readonly test: string | null;
}

/** What became of a planned cell: exactly one, for every cell. */
export type CellKind =
  | 'passed'
  | 'scored-only'
  | 'wrong-answer'
  | 'wrong-language'
  | 'invalid-json'
  | 'truncated'
  | 'refusal'
  | 'empty'
  | 'check-error'
  | 'not-applicable'
  | 'observed'
  | 'no-answer'
  | 'unasked';

export interface KindCount {
  readonly target: string;
  readonly language: LanguageTag;
  readonly suite: string;
  readonly kind: CellKind;
  /** The failure code where kind is `no-answer`, else null. */
  readonly code: string | null;
  readonly count: number;
}

export type Label = 'better' | 'worse' | 'equivalent' | 'inconclusive' | 'too-few';

/** Other minus baseline on the same items. */
export interface Comparison extends Scope {
  readonly other: string;
  readonly baseline: string;
  readonly measure: 'score';
  /** n = paired items (per language) or clusters (overall); missing = planned pairs without two scores. */
  readonly difference: Stat;
  /** The same with everything lost on either side counted as wrong. */
  readonly worstCase: Stat;
  /** Independent items behind it. */
  readonly clusters: number;
  readonly p: number | null;
  /** p after Holm over all claims of its kind: the overall ones, the languages of all pairs, the suites of all pairs. */
  readonly pHolm: number | null;
  /** Name of the test behind p: `mcnemar-exact`, `sign-flip-exact`, `sign-flip-10000`; null without one. */
  readonly test: string | null;
  /** Items only the other / only the baseline passed, where both are binary; else null. */
  readonly onlyOther: number | null;
  readonly onlyBaseline: number | null;
  /** 90 % interval, for equivalence. */
  readonly low90: number | null;
  readonly high90: number | null;
  /** Smallest difference this many items could have shown with 80 % power. */
  readonly minimumDetectable: number | null;
  readonly margin: number;
  readonly label: Label;
  /** One sentence a person can quote. */
  readonly sentence: string;
}

/**
 * One target among the others, over all languages. Places are what the tests bear out: `place` 1 to 2 says that nothing
 * here tells which of two comes first.
 */
export interface Standing {
  readonly target: string;
  /** First and last place that the decided comparisons leave open, from 1. */
  readonly from: number;
  readonly to: number;
  /** Targets that it is better than, worse than, and neither, after Holm over all pairs. */
  readonly better: readonly string[];
  readonly worse: readonly string[];
  readonly open: readonly string[];
  /** The three figures of the front; null where it has none. */
  readonly score: Stat;
  readonly charsPerSecond: Stat;
  readonly memory: MemoryFigure | null;
  /**
   * Targets that are at least as good in every figure both have, and better in one, as the figures stand; empty: it is on
   * the front. Null where a figure is missing: nothing is said.
   */
  readonly outdoneBy: readonly string[] | null;
}

/** All targets beside each other; memory is only in it where it means the same for all of them. */
export interface Standings {
  /** `gpu.peak`, `gpu.afterLoad`, `host.afterLoad` or `estimate.total`; null: no figure is known of all, or bases differ. */
  readonly memoryOf: 'gpu.peak' | 'gpu.afterLoad' | 'host.afterLoad' | 'estimate.total' | null;
  readonly basis: Basis | null;
  /** By score, highest first; without a score last. */
  readonly rows: readonly Standing[];
  /** Every pair of targets over all languages, corrected over all pairs; empty below three targets. */
  readonly pairs: readonly Comparison[];
}

/** One language against the base language of its suite, on the same items put to the same target. */
export interface BaseGap {
  readonly language: LanguageTag;
  /** The first language of the suite; null where the language stands beside several. */
  readonly base: LanguageTag | null;
  /** Pass rate in the language minus that in the base language; n = items judged in both. */
  readonly difference: Stat;
}

/** How evenly a target serves its languages. By pass rate: a score may hold metrics that no two languages share. */
export interface SpreadRow {
  readonly target: string;
  /** Languages with the lowest and with the highest pass rate, the first of equals; null below two with a pass rate. */
  readonly worst: LanguageTag | null;
  readonly best: LanguageTag | null;
  /** Highest minus lowest pass rate; n = languages. Without an interval: extremes are chosen after looking. */
  readonly spread: Stat;
  readonly gaps: readonly BaseGap[];
}

/** Whether a target passes the same item in all its languages, or in none: what is asked is the same. */
export interface ConsistencyRow {
  readonly target: string;
  readonly suite: string | null;
  /** Share of the items judged in two or more languages whose pass is the same in all of them. */
  readonly consistent: Stat;
  /** Items that passed in all, in none, and in some of their languages. */
  readonly allPassed: number;
  readonly nonePassed: number;
  readonly mixed: number;
}

/** What repeats of the same question add: only where a question is asked more than once. */
export interface RepeatRow {
  readonly target: string;
  /** null: the mean of the language means. */
  readonly language: LanguageTag | null;
  /** Chance that at least one of k answers passes, without bias, for k from 1 to the number of repeats. */
  readonly passAtK: readonly { readonly k: number; readonly value: Stat }[];
  /** Share of items whose repeats all passed or all failed. */
  readonly stable: Stat;
}

export interface SpeedRow {
  readonly target: string;
  /** null = all languages. */
  readonly language: LanguageTag | null;
  readonly ttftMs: Quantiles;
  readonly e2eMs: Quantiles;
  readonly tpotMs: Quantiles;
  /** To the first event, whatever it held. */
  readonly ttfeMs: Quantiles;
  /** To the first text of the answer itself: reasoning comes before it. */
  readonly ttaMs: Quantiles;
  /** Waited on this side before the request was on the socket. */
  readonly queueMs: Quantiles;
  /** Inter-chunk latency: of each answer the median gap between two reads with output. */
  readonly iclMs: Quantiles;
  /** Mean completion tokens per answer, by the server's count. */
  readonly outputTokens: Stat;
  /** Mean over answers of answer characters (code points of the NFC text) per second of e2e time. */
  readonly charsPerSecond: Stat;
  /** Mean over answers of bytes (UTF-8; answer, reasoning and tool arguments) per second of e2e time. */
  readonly bytesPerSecond: Stat;
  /** Mean over answers of completion tokens per second of e2e time. Never compare between tokenizers. */
  readonly tokensPerSecond: Stat;
  /** Completion tokens per answer character. */
  readonly tokensPerChar: Stat;
  /** Answers that needed more than one attempt: left out of the times above. */
  readonly retried: number;
  /** Answers at the first attempt during which this process was blocked or the machine slept: left out too. */
  readonly tainted: number;
}

/** One target at one level of the speed phase. n + missing of each figure is what was planned. */
export interface SpeedLevelRow {
  readonly series: string;
  readonly level: string;
  readonly load: Load;
  readonly target: string;
  readonly planned: number;
  readonly answered: number;
  readonly failed: number;
  /** Planned in blocks that were not measured to their end. */
  readonly unmeasured: number;
  /** `fixed`: every answer had the tokens asked for. `natural-length`: none of the lengths was given; else mixed. */
  readonly work: 'fixed' | 'natural-length' | 'mixed';
  readonly maxTokens: number;
  /** Answers of another length than asked for: left out of total times where the work is fixed. */
  readonly otherLength: number;
  /** Answers during which the client was blocked or the machine slept: in no time of this row. */
  readonly tainted: number;
  /** Answers whose prompt the server knew in part. */
  readonly prefixCached: number;
  readonly ttftMs: Quantiles;
  readonly tpotMs: Quantiles;
  readonly e2eMs: Quantiles;
  /** Slot free, or planned start, to the request on the socket. */
  readonly queueMs: Quantiles;
  /** Planned start to the last output: the headline of an open loop; null in a closed one. */
  readonly e2eFromSchedMs: Quantiles | null;
  /** Who held the load together; absent: one process did. */
  readonly clients?: LoadClients;
  /** What rates are taken over: blocks while they are full, or whole where too few requests ended in that. */
  readonly window: 'steady' | 'whole';
  readonly windowMs: number;
  /** Mean over blocks. By the server's own tokens: never compare between tokenizers. */
  readonly tokensPerSecond: Stat;
  readonly requestsPerSecond: Stat;
  /** Answers that met every objective, per second; null where none was stated. */
  readonly goodput: Stat | null;
  readonly maxInFlight: number;
  /** The highest of any block. */
  readonly client: ClientLoad;
  /** Why these figures are the client's rather than the server's, in words; null: they are the server's. */
  readonly doubt: string | null;
}

/** The clients of one level, and how well their clocks agree. Durations are each client's own; rates are over all of them. */
export interface LoadClients {
  /** Clients that held streams of it: no more than there are streams. */
  readonly n: number;
  /** How wrong the length of a window may be by their clocks, at most, ms. */
  readonly errorMs: number;
  /** Blocks in which that is over 5 % of the window: they are in no rate. */
  readonly uncertain: number;
}

/** Other over baseline, from pairs that met the same prompts side by side: below 1, the other was faster. */
export interface SpeedRatio {
  readonly phase: 'quality' | 'speed';
  /** null in the quality phase. */
  readonly series: string | null;
  readonly level: string | null;
  /** null = over all languages. */
  readonly language: LanguageTag | null;
  readonly metric: 'ttftMs' | 'e2eMs';
  readonly other: string;
  readonly baseline: string;
  /** Geometric mean; unit `ratio`. n = pairs of times, missing = planned pairs without two times. */
  readonly ratio: Stat;
  /** What is independent, and how many of it there are: items at concurrency 1, pairs of adjacent blocks above. */
  readonly design: 'questions' | 'block-pairs';
  readonly units: number;
  /** p after Holm over the languages of the same two targets and metric; null over all languages, and without one. */
  readonly pHolm: number | null;
  readonly label: 'faster' | 'slower' | 'no-difference' | 'negligible' | 'no-interval' | 'not-resolvable';
  readonly sentence: string;
}

/** Values of a distribution at evenly spaced shares, for drawing it: value k of m is the (k + 0.5) / m quantile. */
export interface SpeedCurve {
  readonly target: string;
  readonly metric: 'ttftMs' | 'e2eMs';
  readonly n: number;
  readonly valuesMs: readonly number[];
}

/** A noise floor, judged. */
export interface SpeedFloor extends Omit<FloorReading, 'v' | 'kind' | 'at'> {
  readonly doubt: string | null;
}

/** The speed phase: null where a run had none. */
export interface SpeedPhase {
  readonly objectives: SpeedPlan['objectives'];
  readonly levels: readonly SpeedLevelRow[];
  readonly floors: readonly SpeedFloor[];
}

/** A figure of memory with what it means and how many readings stand behind it. */
export interface MemoryFigure {
  readonly bytes: number;
  readonly basis: Basis;
  /** True: what is shared may count more than once, or peaks of several moments were added. */
  readonly isUpperBound: boolean;
  readonly n: number;
}

/** What every group of figures tells besides. */
interface Measured {
  readonly probe: string | null;
  readonly readings: number;
  /** Quiet looks that gave no figure. */
  readonly missing: number;
  /** Why there is no figure, or null. */
  readonly why: string | null;
}

export interface HostMemory extends Measured {
  readonly idle: MemoryFigure | null;
  readonly afterLoad: MemoryFigure | null;
  readonly peakUpper: MemoryFigure | null;
  /** Of `afterLoad`, else of `idle`. */
  readonly anonShmem: MemoryFigure | null;
  readonly file: MemoryFigure | null;
  readonly swap: MemoryFigure | null;
  readonly processes: number | null;
}

export interface GpuMemory extends Measured {
  readonly idle: MemoryFigure | null;
  readonly afterLoad: MemoryFigure | null;
  readonly peak: MemoryFigure | null;
  /** Of the devices that were looked at. */
  readonly totalBytes: number | null;
}

export interface KvMemory extends Measured {
  readonly capacityTokens: number | null;
  readonly capacityBasis: 'metrics' | 'log' | null;
  readonly capacityBytes: number | null;
  /** `declared`: tokens times `kvBytesPerToken` of the target. */
  readonly capacityBytesFrom: 'log' | 'declared' | null;
  /** 0..1, of the capacity. */
  readonly peakUsedRatio: number | null;
  /** Most tokens held: of all sequences, or of one where the server counts so (llama.cpp). */
  readonly peakTokens: number | null;
  readonly preemptions: number | null;
}

export interface EstimateMemory extends Measured {
  readonly total: MemoryFigure | null;
  readonly gpu: MemoryFigure | null;
  readonly host: MemoryFigure | null;
  readonly contextTokens: number | null;
}

export interface MemoryPoint {
  /** Since the first reading of the run; pauses between its starts are left out. */
  readonly atMs: number;
  readonly bytes: number;
  readonly moment: Moment;
  /** Counts the starts of the run from 0: a line breaks between two. */
  readonly leg: number;
}

/** Bytes over the run, thinned: of neighbouring readings under load the highest stays. */
export interface MemorySeries {
  readonly probe: string;
  readonly basis: Basis;
  readonly points: readonly MemoryPoint[];
}

/** Memory of one target's server. */
export interface MemoryRow {
  readonly target: string;
  readonly host: HostMemory;
  readonly gpu: GpuMemory;
  readonly kv: KvMemory;
  readonly estimate: EstimateMemory;
  /** As the server's log or its own estimate says. */
  readonly weights: MemoryFigure | null;
  readonly series: readonly MemorySeries[];
  /** Kebab-case: `gpu-shared`, `swapped` ... */
  readonly flags: readonly string[];
}

/** A time as the server itself measured it, by difference of histograms. ms; percentiles are interpolated in a bucket. */
export interface ServerTime {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly mean: number | null;
  readonly n: number;
}

/** What a server counted of one phase, beside what we counted. */
export interface ServerRow {
  readonly target: string;
  readonly phase: Phase;
  readonly server: string | null;
  readonly promptTokens: number | null;
  readonly generationTokens: number | null;
  /** Completion tokens of every recorded attempt, by the answers' own usage; null when one does not say. */
  readonly usageTokens: number | null;
  /** (usage - server) / server; null unless both are known. */
  readonly mismatch: number | null;
  readonly preemptions: number | null;
  readonly peakWaiting: number | null;
  readonly ttftMs: ServerTime | null;
  readonly tpotMs: ServerTime | null;
  /** What the targets file asked for by name: first and last value of the phase. */
  readonly named: readonly {
    readonly name: string;
    readonly first: number;
    readonly last: number;
    readonly peak: number;
  }[];
  readonly readings: number;
  /** `server-restarted`, `counter-mismatch`. */
  readonly flags: readonly string[];
}

/** `inconclusive`: the answers at hand cannot tell; never passed. */
export type GateState = 'pass' | 'fail' | 'inconclusive';

/**
 * Why a claim is inconclusive. `no-value`: nothing to judge. `too-few-items`: below ten independent ones, or below what a
 * percentile takes. `too-few-answers`: less than 95 % of the planned cells of a side are answered (have a time). `missing`:
 * it holds on what was answered, and no longer once what was not counts against it. `interval`: it reaches over the limit.
 */
export type GateDoubt = 'no-value' | 'too-few-items' | 'too-few-answers' | 'missing' | 'interval';

/** One claim of a gate: of one target (against another, or against an earlier run), over all languages or in one. */
export interface GateClaim {
  readonly target: string;
  /** The target whose figure is subtracted; null: there is none. */
  readonly against: string | null;
  /** null = over all languages. */
  readonly language: LanguageTag | null;
  readonly state: GateState;
  /** What there is: missing answers are left out of it. For counts and times the same as `counted`. */
  readonly found: Stat;
  /**
   * What a claim without `by ci` is decided on: missing answers count against it, as 0, as 1 or as endless. For a time that
   * lies among those, null.
   */
  readonly counted: Stat;
  /** Independent items behind it; null where none are counted. */
  readonly clusters: number | null;
  /** Share of the planned cells that were answered, of the side with fewer; null without a planned cell. */
  readonly answered: number | null;
  /** Of the interval that was looked at, after Holm over the claims of the gate; null where none was. */
  readonly confidence: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** null unless inconclusive. */
  readonly why: GateDoubt | null;
  /** Independent items, in all, with which four of five runs like this one would decide; null where no number would. */
  readonly clustersNeeded: number | null;
  /** Decided on the value alone, while its 95 % interval reaches over the limit: another run may decide otherwise. */
  readonly isClose: boolean;
  /** One sentence a person can quote. */
  readonly sentence: string;
}

/** A gate, judged. */
export interface GateResult extends GateText {
  /** `ci`: on the whole interval. */
  readonly by: 'value' | 'ci';
  /** What is judged: `score`, `pass rate`, `errors`, `all-pass`, `ttft p95`, or a metric by its name. */
  readonly measure: string;
  readonly comparison: '>=' | '<=' | '>' | '<';
  /** In the unit of the claims. */
  readonly limit: number;
  readonly unit: string;
  /** Fail if one claim fails, else inconclusive if one is or there is none. */
  readonly state: GateState;
  readonly claims: readonly GateClaim[];
  readonly sentence: string;
}

/** Who made an earlier run, and when. */
export interface RunName {
  readonly id: string;
  readonly tool: string;
  readonly createdAt: string;
  readonly planHash: string;
}

/** What became of one cell from one run to another. `lost`: no longer answered. `back`: answered again. */
export type CellChangeKind = 'worse' | 'lost' | 'better' | 'back' | 'incomparable' | 'reworded' | 'same';

/** One side of a cell that changed. */
export interface CellSide {
  readonly kind: CellKind;
  readonly score: number | null;
  readonly pass: boolean | null;
  /** The beginning of the answer on one line, or the failure's code; raw text, for every sink to make safe. */
  readonly excerpt: string;
}

export interface CellChange {
  /** Its key, the same in both runs. */
  readonly cell: string;
  readonly suite: string;
  readonly test: string;
  readonly language: LanguageTag;
  readonly variant: string | null;
  readonly target: string;
  readonly repeat: number;
  readonly change: Exclude<CellChangeKind, 'same' | 'reworded'>;
  readonly before: CellSide;
  readonly after: CellSide;
}

/** One target in both runs, on the cells with the same key, all scored by the checks of the later run. */
export interface RunDifference {
  readonly target: string;
  /** null = over all languages. */
  readonly language: LanguageTag | null;
  /** Later minus earlier. n = items (per language) or clusters (overall); missing = planned pairs without two scores. */
  readonly difference: Stat;
  readonly clusters: number;
  readonly p: number | null;
  /** After Holm over the overall differences of all targets, or over all their languages. */
  readonly pHolm: number | null;
  readonly test: string | null;
  readonly minimumDetectable: number | null;
  readonly label: Label;
  readonly sentence: string;
  /** Cells in both runs, by what became of them. */
  readonly cells: Readonly<Record<CellChangeKind, number>>;
  /** Cells of this target and language in one run only. */
  readonly added: number;
  readonly gone: number;
}

/** What changed from an earlier run to this one. */
export interface RunComparison {
  readonly earlier: RunName;
  readonly later: RunName;
  /** Cells with a key in both runs, in the later only, in the earlier only. */
  readonly common: number;
  readonly added: number;
  readonly gone: number;
  /** What besides the answers may explain a difference: another model, another server. */
  readonly remarks: readonly string[];
  readonly differences: readonly RunDifference[];
  /** Worse and lost ones first, the largest fall first; cut after a number. */
  readonly changes: Bounded<CellChange>;
}

export interface Note {
  readonly level: 'info' | 'warning';
  /** Kebab-case: `demo`, `incomplete`, `repaired`, `suite-warning` ... */
  readonly code: string;
  readonly text: string;
}

export interface TargetFacts {
  readonly id: string;
  readonly model: string;
  /** Origin and path without a query; `replay` for the embedded endpoint. */
  readonly endpoint: string;
  /** The NAME of the environment variable that holds the key; null: none, or a file holds it. */
  readonly apiKeyEnv: string | null;
  /** The cassette's own words on what its answers are, when replayed. */
  readonly authored: string | null;
  readonly concurrency: number;
  readonly params: JsonObject;
  readonly languages: readonly LanguageTag[] | null;
  readonly license: License | null;
  /** As its server told before the run; null: it did not. */
  readonly quantization: string | null;
  readonly contextTokens: number | null;
  readonly planned: number;
  readonly answered: number;
  readonly failed: number;
  readonly unasked: number;
  /** Attempts beyond the first. */
  readonly retries: number;
}

/** One definition behind the scores of a metric, as the checks name it in `details.signature`. */
export interface SignatureUse {
  readonly signature: string;
  readonly languages: readonly LanguageTag[];
  /** Verdicts with a score that carry it. */
  readonly scored: number;
}

/** What became of the verdicts that one target's cells were to get from a check: their sum is what was planned. */
export interface VerdictCount {
  readonly target: string;
  readonly scored: number;
  readonly notApplicable: number;
  readonly checkError: number;
  readonly noAnswer: number;
  readonly unasked: number;
}

/** One check in one metric of a suite: how it was defined, and how often it had something to say. */
export interface MetricFacts {
  readonly suite: string;
  readonly metric: string;
  /** Name as the suite wrote it, with `not-`. */
  readonly check: string;
  readonly signatures: readonly SignatureUse[];
  readonly verdicts: readonly VerdictCount[];
}

/** Whose evidence it is. n: verdicts that were read; missing: planned ones without (no answer, a crash, never asked). */
export interface EvidenceScope {
  readonly suite: string;
  readonly metric: string;
  readonly target: string;
  readonly language: LanguageTag;
  readonly n: number;
  readonly missing: number;
}

/** What `number` read; the four outcomes sum to n. */
export interface NumberEvidence extends EvidenceScope {
  readonly correct: number;
  readonly wrong: number;
  /** No number in the answer. */
  readonly none: number;
  readonly ambiguous: number;
  /** Of the wrong ones, those that the other separator convention would have made right: 1.234 for 1,234. */
  readonly otherReading: number;
}

/** What `choice` read; the five outcomes sum to n. */
export interface ChoiceEvidence extends EvidenceScope {
  readonly correct: number;
  readonly wrong: number;
  /** A label that was not offered. */
  readonly invalid: number;
  readonly none: number;
  readonly ambiguous: number;
  /** Share that guessing would get right: the mean of 1/k over the answers; null at n = 0. */
  readonly chance: number | null;
}

/** What `language` saw; the five outcomes of answers sum to n. */
export interface LanguageEvidence extends Omit<EvidenceScope, 'language'> {
  /** null: all languages, their rates the mean of the language means. */
  readonly language: LanguageTag | null;
  /** Every line that could be judged is in the language asked for. */
  readonly match: number;
  readonly mixed: number;
  /** No such line is. */
  readonly other: number;
  readonly unknown: number;
  readonly tooShort: number;
  /** Share of `match` among the answers that could be judged. */
  readonly linePass: Stat;
  /** Of the answers in `match`, the share without a foreign word; null where the language is written in Latin letters. */
  readonly wordPass: Stat | null;
  /** What was written instead, most frequent first: answers with such a line, and the lines. */
  readonly drift: readonly {
    readonly language: string;
    readonly answers: number;
    readonly lines: number;
  }[];
}

/** How an answer's JSON could be read, the first rung of the ladder that held. */
export type JsonStageName =
  'strict' | 'fenced' | 'embedded' | 'ambiguous' | 'truncated' | 'repaired' | 'invalid' | 'none';

/** The ladder of one target in one language; an answer counts once, whatever number of checks read it. */
export interface JsonStageEvidence extends Omit<EvidenceScope, 'metric'> {
  readonly stages: Readonly<Record<JsonStageName, number>>;
}

/** A rule of a schema that answers broke; `*` in the pointer is any index. */
export interface JsonViolation {
  readonly suite: string;
  readonly pointer: string;
  readonly keyword: string;
  /** Answers that broke it, once each. */
  readonly answers: number;
  readonly targets: readonly { readonly target: string; readonly answers: number }[];
}

/** One leaf of the references of `equals-json`; `*` in the pointer is any index. */
export interface FieldEvidence {
  readonly suite: string;
  readonly metric: string;
  readonly target: string;
  readonly pointer: string;
  /** How it is compared: `exact`, `number`, `text` ... */
  readonly kind: string;
  /** Mean match, 0..1, over the answers whose JSON was compared. A leaf that only the answer has is not in it. */
  readonly match: Stat;
  /** Leaves that differ, by how; `extra`: only the answer has it. */
  readonly differences: {
    readonly value: number;
    readonly type: number;
    readonly absent: number;
    readonly extra: number;
  };
  readonly languages: readonly {
    readonly language: LanguageTag;
    readonly n: number;
    readonly matched: number;
  }[];
}

/** A list that may be cut: `distinct` is how many entries there would be. */
export interface Bounded<T> {
  readonly list: readonly T[];
  readonly distinct: number;
}

/** What the checks saw in the answers, besides whether it was right. Negated checks are not in it. */
export interface Evidence {
  readonly numbers: readonly NumberEvidence[];
  readonly choices: readonly ChoiceEvidence[];
  readonly languages: readonly LanguageEvidence[];
  readonly stages: readonly JsonStageEvidence[];
  readonly violations: Bounded<JsonViolation>;
  readonly fields: Bounded<FieldEvidence>;
}

export interface SuiteFacts {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  readonly description: string;
  readonly languages: readonly LanguageTag[];
  readonly tests: number;
  readonly metrics: readonly string[];
}

/** The machine around one start of the run that sent something. */
export interface MachineRow {
  readonly leg: string;
  /** Host and process of the client whose machine it is; absent: the machine that made the run. */
  readonly client?: string;
  readonly phase: Phase;
  readonly before: MachineState;
  /** null: the start never came to its end. */
  readonly after: MachineState | null;
  /** Share of the time of all cores that the host gave to others in between, 0..1. */
  readonly stolenShare: number | null;
  /** In between. */
  readonly swappedPages: number | null;
  readonly throttles: number | null;
  readonly roundTrips: readonly RoundTrip[];
}

/** An event, with its time from the start of the run. */
export interface EventLine extends Omit<RunEvent, 'v' | 'kind' | 'at'> {
  readonly atMs: number;
}

export interface EventCount {
  readonly target: string | null;
  readonly event: EventName;
  readonly count: number;
  /** Of those whose length is known; null: of none. */
  readonly totalMs: number | null;
}

/** What happened beside the asking: in all per target, and one after another, the first ones. */
export interface EventLog {
  readonly counts: readonly EventCount[];
  readonly list: Bounded<EventLine>;
}

/** `summary.json`: every number the pages show, already computed. Documented by `harness/report/summary.schema.json`. */
export interface Summary {
  readonly v: 1;
  readonly run: {
    readonly id: string;
    readonly tool: string;
    readonly createdAt: string;
    readonly planHash: string;
    readonly seed: number;
    readonly demo: boolean;
    readonly complete: boolean;
    readonly legs: number;
    readonly environment: JsonObject;
    readonly machine: readonly MachineRow[];
    /** Absent: the run asked the whole plan. */
    readonly shard?: Shard;
    /** What was put together, in order; absent: a run of one process. */
    readonly parts?: readonly RunPart[];
  };
  readonly notes: readonly Note[];
  readonly verdict: {
    readonly label: Label | 'single';
    /** The target to take, or null while undecided. */
    readonly winner: string | null;
    readonly sentences: readonly string[];
  };
  readonly baseline: string;
  readonly maxErrorRate: number;
  readonly languages: readonly LanguageTag[];
  readonly suites: readonly SuiteFacts[];
  readonly targets: readonly TargetFacts[];
  readonly totals: {
    readonly planned: number;
    readonly answered: number;
    readonly failed: number;
    readonly unasked: number;
  };
  readonly scores: readonly ScoreRow[];
  readonly corpus: readonly CorpusRow[];
  readonly corpusComparisons: readonly CorpusComparison[];
  readonly comparisons: readonly Comparison[];
  readonly standings: Standings;
  readonly spread: readonly SpreadRow[];
  readonly consistency: readonly ConsistencyRow[];
  readonly repeats: readonly RepeatRow[];
  readonly kinds: readonly KindCount[];
  readonly metrics: readonly MetricFacts[];
  readonly evidence: Evidence;
  readonly speed: readonly SpeedRow[];
  readonly speedCurves: readonly SpeedCurve[];
  readonly speedRatios: readonly SpeedRatio[];
  readonly speedPhase: SpeedPhase | null;
  /** Absent: nothing happened. */
  readonly events?: EventLog;
  readonly memory: readonly MemoryRow[];
  readonly servers: readonly ServerRow[];
  /** In the order in which they were written; empty: nothing was claimed. */
  readonly gates: readonly GateResult[];
  /** Against the run named with `--baseline`; null: none was. */
  readonly sinceEarlier: RunComparison | null;
}

/** One planned cell with all that became of it: what the cell browser and `rows.csv` show. */
export interface Row {
  readonly cell: Cell;
  /** The record that counts: the first answered, else the last failed; null = never asked. */
  readonly sample: Sample | null;
  readonly attempts: number;
  readonly findings: readonly Finding[];
  /** Weighted mean of the scored checks; null when none was scored or one crashed. */
  readonly score: number | null;
  /** All checks with a threshold pass; null when there is none or one crashed. */
  readonly pass: boolean | null;
  readonly kind: CellKind;
  /** Of `sample`; all null unless it was answered. */
  readonly times: Times;
}

/** What every format is made from. Rows stand in plan order. */
export interface Report {
  readonly summary: Summary;
  readonly rows: readonly Row[];
}

// ---------------------------------------------------------------------------------------------------- the run folder

export interface Leg {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** `complete`, `incomplete`, `aborted`, `interrupted`, `storage`; null while running or when killed. */
  readonly end: string | null;
  readonly exitCode: number | null;
  readonly sent: number;
  /** Absent in runs before there were any. */
  readonly phase?: Phase;
  readonly machine?: { readonly before: MachineState; readonly after: MachineState | null };
  /** Of the speed phase: how far away each server is. */
  readonly roundTrips?: readonly RoundTrip[];
  /** Those who held the load of the speed phase together; absent: this process did. */
  readonly clients?: readonly LegClient[];
}

/** A worker that held a part of a load. */
export interface LegClient {
  /** As in its samples: the worker's start, as its own folder names it. */
  readonly client: string;
  readonly host: string;
  readonly pid: number;
  readonly machine: { readonly before: MachineState; readonly after: MachineState | null };
  readonly roundTrips: readonly RoundTrip[];
}

/** The machine that asks, at one moment. Counters run since it was started; null = the system does not tell. */
export interface MachineState {
  /** ms since 1970. */
  readonly at: number;
  /** Load average over one minute. */
  readonly load1: number | null;
  /** How the clock of the cores is governed, each name once. */
  readonly governors: readonly string[] | null;
  readonly turbo: boolean | null;
  /** Mean over the cores. */
  readonly clockMhz: number | null;
  /** Times a core was slowed down because it was hot, over all cores. */
  readonly throttles: number | null;
  /** Clock ticks of all cores together, and those of them that the host gave to others. */
  readonly ticks: number | null;
  readonly stolenTicks: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly swapUsedBytes: number | null;
  /** Pages read from and written to swap. */
  readonly swappedPages: number | null;
  /** null: not asked for, or not to be had. */
  readonly gpus: readonly GpuState[] | null;
}

export interface GpuState {
  readonly index: number;
  readonly name: string | null;
  readonly driver: string | null;
  readonly clockMhz: number | null;
  readonly powerWatts: number | null;
  readonly temperatureC: number | null;
  /** What holds it back, in words; null = it does not say. */
  readonly slowedBy: readonly string[] | null;
}

/** Of small requests to a server with nothing else to do. */
export interface RoundTrip {
  readonly target: string;
  /** null: none was answered. */
  readonly medianMs: number | null;
  readonly n: number;
}

/** One of the runs that were put together. */
export interface RunPart {
  readonly run: string;
  /** null: it asked the whole plan. */
  readonly shard: Shard | null;
  readonly createdAt: string;
}

export interface TargetRecord {
  readonly id: string;
  readonly model: string;
  readonly endpoint: string;
  readonly authored: string | null;
  readonly concurrency: number;
  /** Of all shards together, where this run took a part of it. */
  readonly concurrencyOfAll?: number;
  readonly params: JsonObject;
  readonly languages: readonly LanguageTag[] | null;
  readonly license: License | null;
  readonly dialect: string;
  /** The NAME of the variable that holds the key. Absent in older folders. */
  readonly apiKeyEnv?: string | null;
  /** What its server said of itself before the run, or null. */
  readonly facts: JsonObject | null;
  /** Absent in older folders. */
  readonly kvBytesPerToken?: number | null;
  /** The command its server was started with, redacted; null or absent: it ran already. */
  readonly launch?: readonly string[] | null;
}

export interface Manifest {
  readonly format: 1;
  readonly run: string;
  readonly tool: string;
  readonly createdAt: string;
  readonly planHash: string;
  readonly earlierPlans: readonly string[];
  readonly seed: number;
  readonly baseline: string;
  readonly maxErrorRate: number;
  readonly suites: readonly Omit<SuiteFacts, 'tests' | 'metrics'>[];
  readonly targets: readonly TargetRecord[];
  readonly environment: JsonObject;
  /** What was asked for on the command line, so that a resume needs no repeating of it. Names of secrets, no secrets. */
  readonly invocation: JsonObject;
  /** Warnings about the suites, kept so that the page can show them. */
  readonly warnings: readonly string[];
  /** What the speed phase was asked to reach, by series; null or absent: there is no speed phase. */
  readonly objectives?: SpeedPlan['objectives'] | null;
  /** What the run must bear out. Absent in older folders: nothing. */
  readonly gates?: readonly GateText[];
  /** The run it is compared with, whose answers lie in the folder; null or absent: none. */
  readonly earlier?: RunName | null;
  readonly repairs: readonly string[];
  readonly legs: readonly Leg[];
  /** Which part of the plan this run asks; absent: all of it. */
  readonly shard?: Shard;
  /** What `merge` put together, in order; absent: a run of one process. */
  readonly parts?: readonly RunPart[];
}

/** An earlier run, as far as a later one needs it to be compared with. */
export interface EarlierRun {
  readonly name: RunName;
  readonly targets: readonly Pick<TargetRecord, 'id' | 'model' | 'endpoint'>[];
  /** What it planned. */
  readonly cells: readonly Pick<
    Cell,
    'key' | 'suite' | 'test' | 'language' | 'variant' | 'target' | 'repeat'
  >[];
  /** The record that counts of every cell that was asked. */
  readonly samples: readonly Sample[];
}

// ---------------------------------------------------------------------------------------------------------- the seams

export interface AttemptContext {
  readonly attempt: number;
  readonly leg: string;
  readonly block: number;
  readonly turn: string;
  readonly warmup: boolean;
  readonly tSched: number;
  readonly signal: AbortSignal;
  /** `quality` unless said. */
  readonly phase?: Sample['phase'];
  /** Requests in flight at most, where it is not the target's own figure. */
  readonly concurrency?: number;
}

/** One call to one endpoint. Resolves with what happened, whatever happened; never rejects for an endpoint's fault. */
export type Ask = (cell: Cell, context: AttemptContext) => Promise<Sample>;

/** One way of measuring, for all targets that ask for it. */
export interface Probe {
  readonly name: string;
  /** Between two looks under load, ms. */
  readonly everyMs: number;
  /** Cheap under load, thorough otherwise. Never throws. null: nothing new since the last look. */
  readonly read: (target: string, moment: Moment) => Promise<Sight | null>;
  /** Load begins and ends: who looks through a process of its own starts and ends it here. */
  readonly startLoad?: (targets: readonly string[]) => Promise<void>;
  readonly endLoad?: () => Promise<void>;
  /** Ends what is still open. */
  readonly close?: () => Promise<void>;
}

/** What a person may choose about the files; without a word each is as most programs want it. */
export interface ReportOptions {
  /** A byte order mark before rows.csv: spreadsheets need it, some scripts trip over it. Default: true. */
  readonly csvBom?: boolean;
}

export interface ReportFormat {
  readonly name: string;
  readonly file: string;
  /** The text in pieces, none of which ends inside of a character: a large file never stands in memory as a whole. */
  readonly render: (report: Report, options?: ReportOptions) => Iterable<string>;
}
