/**
 * What a gate says, once it is read. The grammar:
 *
 *     gate     = "all-pass" | figure [ " - " right ] op number [ "by ci" ]
 *     figure   = ( target | "*" ) [ "[" ( language | "*" ) "]" ] [ "." measure ]
 *     right    = ( target | "baseline" ) [ "[" language "]" ] [ "." measure ]
 *     measure  = "score" | "pass" | "errors" | ( "ttft" | "e2e" | "tpot" ) "." ( "p50" | "p90" | "p95" | "p99" ) | metric
 *     op       = ">=" | "<=" | ">" | "<"
 *     number   = decimal [ "%" | "ms" | "s" ]
 *
 * Target and metric may stand in double quotes. `baseline` is the earlier run that `--baseline` names; a target of that
 * name stands in quotes.
 */
import type { GateResult, LanguageTag } from '../../types.ts';

export type Comparison = GateResult['comparison'];

export const timeNames = ['ttft', 'e2e', 'tpot'] as const;
export const quantileNames = ['p50', 'p90', 'p95', 'p99'] as const;

export type Measure =
  | { readonly kind: 'score' }
  | { readonly kind: 'pass' }
  | { readonly kind: 'metric'; readonly name: string }
  | { readonly kind: 'errors' }
  | {
      readonly kind: 'time';
      readonly time: (typeof timeNames)[number];
      readonly quantile: (typeof quantileNames)[number];
    };

/** A share of 0..1 that every item has: what can be subtracted, and what has an interval. */
export type ShareMeasure = Extract<Measure, { kind: 'score' | 'pass' | 'metric' }>;

interface Claimed {
  readonly comparison: Comparison;
  /** Shares and their differences as parts of 1, times in ms, errors as a count or, with `unit: share`, a part of the plan. */
  readonly limit: number;
  readonly targets: readonly string[];
  /** null = over all; `*` = a claim for each. */
  readonly language: LanguageTag | null;
}

export type Gate =
  | { readonly kind: 'all-pass' }
  | (Claimed & {
      readonly kind: 'absolute';
      readonly measure: Measure;
      readonly unit: 'share' | 'cells' | 'ms';
      readonly by: GateResult['by'];
    })
  | (Claimed & {
      readonly kind: 'relative';
      readonly measure: ShareMeasure;
      /** null: the same target in the earlier run. */
      readonly against: string | null;
      readonly by: GateResult['by'];
    });

/** What a gate may speak of. */
export interface GateNames {
  readonly targets: readonly string[];
  readonly languages: readonly LanguageTag[];
  readonly metrics: readonly string[];
  /** An earlier run is at hand. */
  readonly hasEarlier: boolean;
  /** Whether any cell of this target is planned in the language (null: any) with a check of the metric (null: any). */
  readonly isPlanned: (target: string, language: LanguageTag | null, metric: string | null) => boolean;
}

/** Why a gate cannot be read. The hall makes words of it, with what was probably meant. */
export interface GateFault {
  /** UTF-16 units from the beginning of the expression. */
  readonly at: number;
  readonly message: string;
  /** What was written, and what could stand there; null where a hint says more. */
  readonly word: string | null;
  readonly known: readonly string[];
  readonly hint: string | null;
}
