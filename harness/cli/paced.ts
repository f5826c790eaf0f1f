/** `visavis paced`: a server of known truth for measuring the client; `selftest` and the speed phase start it themselves. */
import { exitCode } from '../errors.ts';
import { servePaced, type Pace } from '../replay/paced.ts';

export async function runPaced(pace: Pace, port: number): Promise<number> {
  const served = await servePaced(pace, port);
  process.stdout.write(`listening on ${served.baseUrl} as paced\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await served.close();
  return exitCode.done;
}
