/** What a reader must know before believing a figure of memory or a count of a server. */
import type { MemoryRow, Note, ServerRow } from '../types.ts';
import { listed, percent } from './sentence.ts';

/** What each flag of a reading means for the numbers; the names stand in its place. */
const meanings: Readonly<Record<string, (names: string) => string>> = {
  'gpu-shared': (names) =>
    `Other processes held memory of the same graphics devices as ${names}: times and device totals are not of one server alone.`,
  swapped: (names) => `Memory of ${names} was swapped out: times measured then say nothing of the model.`,
  'process-restarted': (names) =>
    `The server of ${names} was another process at some readings than before: its figures of memory are of several starts.`,
};

export function memoryNotes(memory: readonly MemoryRow[], servers: readonly ServerRow[]): Note[] {
  const flagged = Object.entries(meanings).flatMap(([code, say]): Note[] => {
    const names = memory.filter(({ flags }) => flags.includes(code)).map(({ target }) => target);
    return names.length === 0 ? [] : [{ level: 'warning', code, text: say(listed(names)) }];
  });
  return [...flagged, ...servers.flatMap(serverNotes)];
}

function serverNotes({ target, flags, mismatch, generationTokens, usageTokens }: ServerRow): Note[] {
  const notes: Note[] = [];
  if (flags.includes('server-restarted'))
    notes.push({
      level: 'warning',
      code: 'server-restarted',
      text: `A counter of ${target}'s server fell: it was started again during the run, and its own counts are left out.`,
    });
  if (flags.includes('counter-mismatch') && mismatch !== null)
    notes.push({
      level: 'warning',
      code: 'counter-mismatch',
      text: `The server of ${target} counted ${generationTokens ?? 0} generated tokens, the recorded answers ${usageTokens ?? 0} (${percent(Math.abs(mismatch))} ${mismatch < 0 ? 'fewer' : 'more'}): other traffic, or answers that were lost.`,
    });
  return notes;
}
