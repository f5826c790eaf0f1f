/** `visavis replay`: serves a cassette until it is told to end. */
import { exitCode } from '../errors.ts';
import { readCassette } from '../replay/cassette.ts';
import { serveCassette } from '../replay/serve.ts';
import { openStreams } from './streams.ts';
import { safeLine } from './terminal.ts';

export async function runReplay(file: string, options: { port: number }): Promise<number> {
  const cassette = readCassette(file);
  const served = await serveCassette(cassette, options.port);
  const streams = openStreams({ color: false, quiet: false });
  streams.warn(safeLine(cassette.header.note));
  streams.print(`listening on ${served.baseUrl} as ${safeLine(cassette.header.model)}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await served.close();
  return exitCode.done;
}
