/** Reads what is said in a stream, from its first entry on, until the signal ends it. */
import { sleep } from '../sleep.ts';
import type { Redis } from './broker.ts';

const perRead = 200;
const blockMs = 200;
const againMs = 100;

/** `reader`: a connection of its own, since it waits in every command; it is given up with the end. */
export async function listen(
  reader: Redis,
  key: string,
  take: (words: readonly string[]) => void,
  ended: AbortSignal,
): Promise<void> {
  let last = '0-0';
  while (!ended.aborted) {
    try {
      const reply = await reader.xread('COUNT', perRead, 'BLOCK', blockMs, 'STREAMS', key, last);
      for (const [id, words] of reply?.[0]?.[1] ?? []) {
        last = id;
        take(words);
      }
    } catch {
      // The connection ended under it; the client is making another.
      await sleep(againMs, ended);
    }
  }
  reader.disconnect();
}
