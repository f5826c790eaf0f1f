/** What the thread that watches memory and the one that owns the run say to each other. */
import type { Moment, Reading } from '../types.ts';
import type { WatchedTarget } from './index.ts';
import type { Scope } from './probe-set.ts';

export interface Start {
  readonly targets: readonly WatchedTarget[];
  readonly leg: string;
}

export type Call =
  | { readonly call: 'attach'; readonly target: string; readonly pid: number }
  | { readonly call: 'measure'; readonly moment: Exclude<Moment, 'loaded'>; readonly scope: Scope }
  | { readonly call: 'startLoad'; readonly scope: Scope }
  | { readonly call: 'endLoad' }
  | { readonly call: 'close' };

export type Order = Call & { readonly id: number };

export type Report =
  | { readonly say: 'reading'; readonly reading: Reading }
  | { readonly say: 'child'; readonly pid: number; readonly isAlive: boolean }
  /** `error`: the text of what was thrown, or null. */
  | { readonly say: 'done'; readonly id: number; readonly error: string | null };
