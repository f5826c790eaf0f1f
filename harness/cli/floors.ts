/** Measures the noise floor of this client: a paced server in a process of its own, the same client, the same loads. */
import { offsetsIn } from '../replay/paced.ts';
import { startPaced } from '../replay/spawn.ts';
import { createAsker } from '../run/ask.ts';
import type { Clock } from '../run/clock.ts';
import { measureFloor, type FloorResult } from '../run/floor.ts';
import { parseTargetFlag } from '../suite/targets.ts';
import { version } from './version.ts';

/** What the paced server does, whoever asks. */
export const truth = { firstMs: 30, tokensPerSecond: 50 } as const;

export interface FloorOptions {
  readonly levels: readonly number[];
  /** Answers per level, at least. */
  readonly answers: number;
  /** Tokens of an answer. */
  readonly tokens: number;
  readonly program: string;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly onLevel?: (result: FloorResult) => void;
}

/** The floor at each level, one after another; ends early when it is stopped. */
export async function measureFloors(options: FloorOptions): Promise<FloorResult[]> {
  const { levels, answers, tokens, clock, stop, onLevel } = options;
  const server = await startPaced(options.program, truth);
  const results: FloorResult[] = [];
  try {
    for (const concurrency of levels) {
      if (stop.aborted) break;
      const asker = createAsker({
        target: { ...parseTargetFlag(`paced=${server.baseUrl}#paced`), concurrency },
        baseUrl: server.baseUrl,
        apiKey: null,
        clock,
        now: Date.now,
        userAgent: `visavis/${version}`,
        direct: true,
      });
      try {
        const result = await measureFloor({
          ask: asker.ask,
          concurrency,
          tokens,
          answers,
          offsetsIn,
          answerMs: truth.firstMs + (1000 * tokens) / truth.tokensPerSecond,
          clock,
          stop,
          now: Date.now,
        });
        results.push(result);
        onLevel?.(result);
      } finally {
        await asker.close();
      }
    }
  } finally {
    await server.stop();
  }
  return results;
}
