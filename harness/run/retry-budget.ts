/**
 * Keeps retries from crowding out first attempts: at most a tenth of the last minute's requests, ten at least. What is
 * over the budget is asked after those that wait for their first turn; it is not failed.
 */
import { LastMinute } from './last-minute.ts';

const share = 0.1;
const floor = 10;

export class RetryBudget {
  private readonly sent = new LastMinute();

  note(now: number, isRetry: boolean): void {
    this.sent.add(now, isRetry);
  }

  /** Whether another retry stays inside the budget. */
  allows(now: number): boolean {
    const { all, marked } = this.sent.totals(now);
    return marked < Math.max(floor, share * all);
  }
}
