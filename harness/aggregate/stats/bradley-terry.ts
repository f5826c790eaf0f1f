/**
 * Strengths from pairwise preferences (Bradley and Terry 1952), by the minorise-maximise steps of Hunter (2004). A tie
 * counts as half a win for either side.
 */

/** What came of the meetings of two competitors. */
export interface Meeting {
  readonly first: string;
  readonly second: string;
  readonly firstWins: number;
  readonly secondWins: number;
  readonly ties: number;
}

export interface Strength {
  readonly name: string;
  /** ln of the strength; they sum to 0. P(first beats second) = 1/(1 + exp(second - first)). */
  readonly log: number;
  /** 1000 + 400/ln 10·log: a lead of 400 points is odds of ten to one; the mean is 1000. */
  readonly elo: number;
}

const steps = 100_000;
const settled = 1e-15;

/**
 * Maximum-likelihood strengths in the order in which the names first appear; null where none exist that are finite:
 * some group of them never lost to the rest, never won, or never met it. Meetings with oneself do not count.
 */
export function bradleyTerry(all: readonly Meeting[]): Strength[] | null {
  const meetings = all.filter(({ first, second }) => first !== second);
  const names = [...new Set(meetings.flatMap(({ first, second }) => [first, second]))];
  const place = new Map(names.map((name, index) => [name, index]));
  const wins = names.map(() => names.map(() => 0));
  const add = (winner: string, loser: string, count: number): void => {
    const row = wins[place.get(winner) ?? -1];
    const column = place.get(loser) ?? -1;
    if (row !== undefined) row[column] = (row[column] ?? 0) + count;
  };
  for (const { first, second, firstWins, secondWins, ties } of meetings) {
    add(first, second, firstWins + ties / 2);
    add(second, first, secondWins + ties / 2);
  }
  if (!reachesAll(wins) || !reachesAll(transposed(wins))) return null;
  const logs = maximise(wins).map(Math.log);
  const centre = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  return names.map((name, index) => {
    const log = (logs[index] ?? 0) - centre;
    return { name, log, elo: 1000 + (400 / Math.LN10) * log };
  });
}

type Wins = readonly (readonly number[])[];

function transposed(wins: Wins): number[][] {
  return wins.map((_, column) => wins.map((row) => row[column] ?? 0));
}

/** True when everyone is reached from the first by steps to someone beaten: with its mirror image, Ford's condition (1957). */
function reachesAll(wins: Wins): boolean {
  const seen = new Set(wins.length === 0 ? [] : [0]);
  for (const from of seen) {
    for (const [to, count] of (wins[from] ?? []).entries()) if (count > 0) seen.add(to);
  }
  return seen.size === wins.length;
}

function maximise(wins: Wins): number[] {
  const losses = transposed(wins);
  let strengths = wins.map(() => 1);
  for (let step = 0; step < steps; step += 1) {
    const raw = wins.map((row, index) => {
      const own = strengths[index] ?? 1;
      let won = 0;
      let pressure = 0;
      for (const [other, count] of row.entries()) {
        if (other === index) continue;
        won += count;
        pressure += (count + (losses[index]?.[other] ?? 0)) / (own + (strengths[other] ?? 1));
      }
      return won / pressure;
    });
    const scale = raw.length / raw.reduce((sum, each) => sum + each, 0);
    const next = raw.map((each) => each * scale);
    const moved = Math.max(...next.map((each, index) => Math.abs(each / (strengths[index] ?? 1) - 1)));
    strengths = next;
    if (moved < settled) break;
  }
  return strengths;
}
