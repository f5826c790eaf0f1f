/** What the machine that asked was like, start by start, and what of it makes times doubtful. */
import type { Leg, MachineRow, MachineState, Manifest, Note } from '../types.ts';
import { counted, listed, percent } from './sentence.ts';

/** A host that gives more than this to others slows down whoever measures on it. */
const muchStolen = 0.01;

/** A row per start that sent something and says what it saw, and one per client that held a part of its load. */
export function machineRows({ legs }: Manifest): MachineRow[] {
  return legs.flatMap((leg): MachineRow[] => {
    const { id, phase = 'quality', machine, sent, roundTrips, clients = [] } = leg;
    if (machine === undefined || sent === 0) return [];
    return [
      rowOf({ leg: id, phase, roundTrips: roundTrips ?? [] }, machine),
      ...clients.map((one) =>
        rowOf({ leg: id, client: `${one.host}-${one.pid}`, phase, roundTrips: one.roundTrips }, one.machine),
      ),
    ];
  });
}

function rowOf(
  { roundTrips, ...head }: Pick<MachineRow, 'leg' | 'client' | 'phase' | 'roundTrips'>,
  { before, after }: NonNullable<Leg['machine']>,
): MachineRow {
  return {
    ...head,
    before,
    after,
    stolenShare: stolenShare(before, after),
    swappedPages: since(before.swappedPages, after?.swappedPages),
    throttles: since(before.throttles, after?.throttles),
    roundTrips,
  };
}

/** Of the ticks of all cores between two looks, the share that went to others. */
function stolenShare(before: MachineState, after: MachineState | null): number | null {
  const ticks = since(before.ticks, after?.ticks);
  const stolen = since(before.stolenTicks, after?.stolenTicks);
  return ticks === null || stolen === null || ticks === 0 ? null : stolen / ticks;
}

/** A counter that fell began anew: nobody knows then. */
function since(before: number | null, after: number | null | undefined): number | null {
  return before === null || after === null || after === undefined || after < before ? null : after - before;
}

/** Warnings about the ground on which times were taken. Nothing where the system did not tell. */
export function machineNotes(manifest: Manifest, rows: readonly MachineRow[]): Note[] {
  const cores = manifest.environment['cores'];
  const found = [
    ...rows.flatMap((row) =>
      // Of a client's machine nobody says how many cores it has.
      faultsOf(row, typeof cores === 'number' && row.client === undefined ? cores : null),
    ),
    ...farAndNear(manifest),
  ];
  return [...new Set(found)].map((text): Note => ({ level: 'warning', code: 'machine', text }));
}

function faultsOf(row: MachineRow, cores: number | null): string[] {
  const { before, after, stolenShare: stolen } = row;
  const slow = before.governors?.filter((name) => name !== 'performance') ?? [];
  const held = [before, after].flatMap(
    (state) => state?.gpus?.flatMap(({ slowedBy }) => slowedBy ?? []) ?? [],
  );
  const when = `the ${row.phase} phase (${row.leg}${row.client === undefined ? '' : `, client ${row.client}`})`;
  return [
    ...(slow.length === 0
      ? []
      : [
          `The processor's clock was governed by ${listed(slow)}: with anything but performance times may double.`,
        ]),
    ...(cores !== null && before.load1 !== null && before.load1 > cores
      ? [
          `Before ${when} the load of this machine was ${before.load1} on ${counted(cores, 'core')}: something else was running.`,
        ]
      : []),
    ...(stolen !== null && stolen > muchStolen
      ? [`During ${when} the host gave ${percent(stolen)} of this machine's time to others.`]
      : []),
    ...((row.swappedPages ?? 0) > 0
      ? [`During ${when} this machine swapped ${counted(row.swappedPages ?? 0, 'page')}.`]
      : []),
    ...((row.throttles ?? 0) > 0
      ? [`During ${when} cores were slowed down by heat ${counted(row.throttles ?? 0, 'time')}.`]
      : []),
    ...(held.length === 0
      ? []
      : [`Graphics devices were held back around ${when}: ${listed([...new Set(held)])}.`]),
  ];
}

/** One server here and one elsewhere: the way to the latter is in its times alone. */
function farAndNear({ targets }: Pick<Manifest, 'targets'>): string[] {
  const far = targets.filter(({ endpoint }) => !isHere(endpoint)).map(({ id }) => id);
  const near = targets.filter(({ endpoint }) => isHere(endpoint)).map(({ id }) => id);
  return far.length === 0 || near.length === 0
    ? []
    : [
        `${listed(far)} on another machine, ${listed(near)} on this one: times hold the network for some and a shared processor for others.`,
      ];
}

/** An embedded endpoint, or an address of the loopback. */
function isHere(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return true;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
