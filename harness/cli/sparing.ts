/**
 * How much garbage the engine lets lie beside what is in use. Left to itself it lets a heap of 75 MB grow to 250 between
 * two collections; loading and planning leave most of that, and a run that asks for hours would hold it to its end.
 */
import { setFlagsFromString } from 'node:v8';

/** Growth of the old generation between two collections, percent of what the last one left. 0: as the engine decides. */
const growth = { sparing: 20, usual: 0 } as const;

/** Engines that were seen to heed it: of Node 20 to 24. Another would say on standard error that it knows no such word. */
const heeding = ['11', '12', '13'];

/**
 * Collects sooner from here on, until `spendMemory`. No limit: a heap with more in use grows as far as it must. Costs
 * what marking of the live heap costs, beside the asking for the most part.
 */
export function spareMemory(): void {
  setGrowth(growth.sparing);
}

/** As the engine decides: for work that holds much and is waited for. */
export function spendMemory(): void {
  setGrowth(growth.usual);
}

function setGrowth(percent: number): void {
  const [major = ''] = process.versions.v8.split('.');
  if (heeding.includes(major)) setFlagsFromString(`--heap-growing-percent=${percent}`);
}
