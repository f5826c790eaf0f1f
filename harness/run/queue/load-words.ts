/**
 * What coordinator and clients of one load say to each other: orders in one stream, replies in another. Orders name
 * planned requests by their keys: no prompt and no key of a target is in them. Both come out of a server that others may
 * write to, so what is not in order is no order and no reply.
 */
import type { ClientBlock, FloorReading, Load, MachineState, RoundTrip } from '../../types.ts';
import type { Ability, DialectName } from '../dialects.ts';
import type { Span } from '../disturbance.ts';
import { fields } from '../json-fields.ts';
import type { Place } from '../load-loops.ts';
import { mostReportBytes } from './names.ts';
import { isNumber, isNumberOrNull } from './report.ts';

export interface LoadOrder {
  readonly target: string;
  /** Key of a planned request; with a nonce where a warm-up asks it behind another one. */
  readonly items: readonly (readonly [key: string, nonce: string | null])[];
  readonly load: Load;
  readonly place: Place;
  readonly spreadMs: number;
  readonly withoutEos: boolean;
  /** The same for all clients, whatever each has learned. */
  readonly dialect: DialectName;
  readonly ignoreEos: Ability;
  /** Where the clock in common begins, by the queue's. */
  readonly epochMs: number;
  /** True: it starts when `go` says; false: this client is alone, and starts at once. */
  readonly waits: boolean;
}

export interface Orders {
  /** Look at the targets, and make connections for so many requests at once. */
  readonly open: { readonly sockets: number };
  /** Measure the floor of this client while it holds so many streams. */
  readonly floor: { readonly levels: readonly number[] };
  readonly load: LoadOrder;
  /** On the clock in common. */
  readonly go: { readonly atMs: number };
  /** Nothing more of this turn is sent; `cut`: calls in flight are given up. */
  readonly halt: { readonly cut: boolean };
  readonly close: Readonly<Record<string, never>>;
}

/** What a client knows of a server. */
export interface TargetSeen {
  readonly id: string;
  readonly dialect: DialectName;
  readonly ignoreEos: Ability;
  /** As its look found it, JSON; null: it did not look. */
  readonly facts: string | null;
}

export interface Opened {
  readonly host: string;
  readonly pid: number;
  readonly machine: MachineState;
  readonly roundTrips: readonly RoundTrip[];
  readonly targets: readonly TargetSeen[];
}

export interface Replies {
  readonly open: Opened;
  readonly floor: { readonly floors: readonly FloorReading[] };
  readonly ready: { readonly errorMs: number };
  /** An attempt, as it stands in the client's own folder, JSON. */
  readonly sample: { readonly key: string; readonly sample: string };
  /** All samples of this turn were told before it. */
  readonly done: {
    readonly block: Omit<ClientBlock, 'client' | 'share'>;
    readonly disturbed: readonly Span[];
    readonly samples: number;
    /** It was ended before its list was: by an order, or because the client leaves. */
    readonly isCut: boolean;
  };
  readonly close: { readonly machine: MachineState };
  /** It cannot do what it was told, and why. */
  readonly failed: { readonly why: string };
}

interface Said<All, Kind extends keyof All> {
  /** Of the coordinator's start: what was said to another is no concern of this one. */
  readonly session: string;
  /** The client that it is to, or from. */
  readonly client: string;
  readonly turn: number;
  readonly kind: Kind;
  readonly body: All[Kind];
}
type Any<All> = { [Kind in keyof All]: Said<All, Kind> }[keyof All];
export type Order = Any<Orders>;
export type Reply = Any<Replies>;

/** Names and values of the stream's entry. */
export function wordsOf({ session, client, turn, kind, body }: Order | Reply): string[] {
  return [
    'session',
    session,
    'client',
    client,
    'turn',
    String(turn),
    'kind',
    kind,
    'body',
    JSON.stringify(body),
  ];
}

type Body = Readonly<Record<string, unknown>>;
type Test = (body: Body) => boolean;

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const isList = (value: unknown, of: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(of);
const abilities: readonly unknown[] = ['yes', 'no', 'unknown'];

const orders: Readonly<Record<keyof Orders, Test>> = {
  open: ({ sockets }) => isCount(sockets),
  floor: ({ levels }) => isList(levels, isCount),
  load: isLoadOrder,
  go: ({ atMs }) => isNumber(atMs),
  halt: ({ cut }) => typeof cut === 'boolean',
  close: () => true,
};

function isLoadOrder(body: Body): boolean {
  const { target, items, dialect, ignoreEos, withoutEos, waits, epochMs, spreadMs } = body;
  const load = fields(body['load']);
  const place = fields(body['place']);
  return (
    [target, dialect].every(isText) &&
    [epochMs, spreadMs].every(isNumber) &&
    [withoutEos, waits].every((value) => typeof value === 'boolean') &&
    abilities.includes(ignoreEos) &&
    isList(
      items,
      (item) =>
        Array.isArray(item) &&
        isText(item[0]) &&
        (item[1] === null || /^[0-9a-f]{16}$/u.test(String(item[1]))),
    ) &&
    place !== null &&
    [place['first'], place['step'], place['of']].every(isCount) &&
    load !== null &&
    (load['kind'] === 'closed' ? isCount(load['concurrency']) : isNumber(load['rate']))
  );
}

const isMachine = (value: unknown): boolean => isNumber(fields(value)?.['at']);

const replies: Readonly<Record<keyof Replies, Test>> = {
  open: ({ host, pid, machine, roundTrips, targets }) =>
    isText(host) &&
    String(host).length <= 255 &&
    isCount(pid) &&
    isMachine(machine) &&
    isList(roundTrips, (one) => isText(fields(one)?.['target']) && isCount(fields(one)?.['n'])) &&
    isList(targets, (one) => {
      const seen = fields(one);
      return (
        seen !== null && [seen['id'], seen['dialect']].every(isText) && abilities.includes(seen['ignoreEos'])
      );
    }),
  floor: ({ floors }) => isList(floors, (one) => isNumber(fields(one)?.['addedTtftP50Ms'])),
  ready: ({ errorMs }) => isNumber(errorMs),
  sample: ({ key, sample }) => isText(key) && isText(sample),
  done: ({ block, disturbed, samples, isCut }) => {
    const part = fields(block);
    const load = fields(part?.['load']);
    return (
      isCount(samples) &&
      typeof isCut === 'boolean' &&
      isList(disturbed, (span) => isNumber(fields(span)?.['from']) && isNumber(fields(span)?.['to'])) &&
      part !== null &&
      ['startMs', 'emptyMs', 'endMs', 'offsetMs', 'errorMs'].every((name) => isNumber(part[name])) &&
      isNumberOrNull(part['fullMs']) &&
      isCount(part['maxInFlight']) &&
      load !== null &&
      ['utilization', 'delayP50Ms', 'delayP99Ms'].every((name) => isNumber(load[name])) &&
      isNumberOrNull(load['lagP99Ms'])
    );
  },
  close: ({ machine }) => isMachine(machine),
  failed: ({ why }) => isText(why),
};

/** null: not one of ours. */
export const readOrder = (words: readonly string[]): Order | null => read<Order>(words, orders);
export const readReply = (words: readonly string[]): Reply | null => read<Reply>(words, replies);

function read<T>(words: readonly string[], tests: Readonly<Record<string, Test>>): T | null {
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) found.set(words[at] ?? '', words[at + 1] ?? '');
  const [session, client, turn, kind, text] = ['session', 'client', 'turn', 'kind', 'body'].map((name) =>
    found.get(name),
  );
  if (session === undefined || client === undefined || text === undefined) return null;
  if (kind === undefined || !Object.hasOwn(tests, kind) || !/^\d{1,9}$/u.test(turn ?? '')) return null;
  if (Buffer.byteLength(text) > 2 * mostReportBytes) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const body = fields(value);
  if (body === null || tests[kind]?.(body) !== true) return null;
  return { session, client, turn: Number(turn), kind, body } as T;
}
