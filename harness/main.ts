#!/usr/bin/env node
/** argv -> command -> exit code. The only catch-all, and the only place that sets the exit code. */
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './cli/command-line.ts';
import { sayLastWords } from './cli/last-words.ts';
import { PersonError } from './errors.ts';

// Nobody reads on (`| head`): that ends the talking, not the run.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await runCommandLine(process.argv.slice(2), fileURLToPath(import.meta.url));
} catch (error) {
  sayLastWords(error);
  // Anything else is not a person's mistake but a bug.
  process.exitCode = error instanceof PersonError ? error.exit : 70;
}
