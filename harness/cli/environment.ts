/** Where a run was made: what a reader needs to judge its times. No host name, no path, no user. */
import { cpus, release, totalmem } from 'node:os';
import type { JsonObject } from '../types.ts';

export function describeEnvironment(): JsonObject {
  const processors = cpus();
  return {
    node: process.versions.node,
    icu: process.versions['icu'] ?? null,
    unicode: process.versions['unicode'] ?? null,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cpu: processors[0]?.model ?? null,
    cores: processors.length,
    memoryBytes: totalmem(),
  };
}
