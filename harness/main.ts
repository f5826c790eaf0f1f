#!/usr/bin/env node
/** argv -> command -> exit code. The only catch-all, and the only place that sets the exit code. */
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './cli/command-line.ts';
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
  if (error instanceof PersonError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exit;
  } else {
    // Not a person's mistake: a bug, shown whole.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 70;
  }
}
