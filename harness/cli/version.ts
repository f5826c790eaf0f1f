/** The package's version, read from where it is kept. */
import { readFileSync } from 'node:fs';

const { version: found } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

export const version = found;
