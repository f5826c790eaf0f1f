/**
 * How much garbage the engine lets lie beside what is in use. Left to itself it lets a heap of 75 MB grow to 250 between
 * two collections, and one of 350 to more than a thousand: a run that asks for hours would hold that to its end, and a
 * report would need a larger machine than the run did.
 */
import { setFlagsFromString } from 'node:v8';

/** Growth of the old generation between two collections, percent of what the last one left. */
const growth = { asking: 20, aggregating: 10, rendering: 30 } as const;

/** Engines that were seen to heed it: of Node 20 to 24. Another would say on standard error that it knows no such word. */
const heeding = ['11', '12', '13'];

/**
 * Collects sooner from here on. No limit: a heap with more in use grows as far as it must. Costs what marking of the live
 * heap costs, beside the work for the most part.
 */
export function spareMemory(work: keyof typeof growth): void {
  const [major = ''] = process.versions.v8.split('.');
  if (heeding.includes(major)) setFlagsFromString(`--heap-growing-percent=${growth[work]}`);
}
