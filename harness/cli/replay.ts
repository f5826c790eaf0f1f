/** `visavis replay`: serves a cassette until it is told to end. */
import { exitCode } from '../errors.ts';
import { readCassette } from '../replay/cassette.ts';
import { serveCassette } from '../replay/serve.ts';
import { safeLine } from './terminal.ts';

export async function runReplay(file: string, options: { port: number }): Promise<number> {
  const cassette = readCassette(file);
  const served = await serveCassette(cassette, options.port);
  process.stderr.write(`${safeLine(cassette.header.note)}\n`);
  process.stdout.write(`listening on ${served.baseUrl} as ${safeLine(cassette.header.model)}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await served.close();
  return exitCode.done;
}
