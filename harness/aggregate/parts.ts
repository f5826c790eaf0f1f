/** What a reader must know of a run that is a part of another, or was put together from parts. */
import type { Manifest, Note, Shard } from '../types.ts';
import { counted, listed } from './sentence.ts';

/** On the face of the report of a shard: what is missing there is missing by design, and nothing was judged. */
export function shardNotes({ shard }: Manifest): Note[] {
  if (shard === undefined) return [];
  const text = `Shard ${shard.index} of ${shard.of}: cells of the other shards are missing here by design, and neither a gate nor the allowance for errors was judged. Put the shards together with: visavis merge.`;
  return [{ level: 'warning', code: 'shard', text }];
}

/** Shards that are not among what was put together. */
export function missingShards({ parts = [] }: Pick<Manifest, 'parts'>): Shard[] {
  const divisions = new Set(parts.flatMap(({ shard }) => shard?.of ?? []));
  if (parts.some(({ shard }) => shard === null)) return [];
  return [...divisions]
    .toSorted((a, b) => a - b)
    .flatMap((of) => {
      const found = new Set(parts.flatMap(({ shard }) => (shard?.of === of ? shard.index : [])));
      return Array.from({ length: of }, (_, at) => ({ index: at + 1, of })).filter(
        ({ index }) => !found.has(index),
      );
    });
}

/** Of a merge with gaps: whole shards that were not there. `unasked`: cells that nobody asked. */
export function missingShardNotes(manifest: Manifest, unasked: number): Note[] {
  const missing = unasked === 0 ? [] : missingShards(manifest);
  if (missing.length === 0) return [];
  const names = missing.slice(0, mostNamed).map(({ index, of }) => `${index} of ${of}`);
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
  const text = `${counted(missing.length, 'shard')} not in this merge: ${listed(names)}${more}.`;
  return [{ level: 'warning', code: 'shards-missing', text }];
}

const mostNamed = 20;
