/** What the targets need from this machine before anybody is asked: their keys, their authorities, and what is risky. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { personError } from '../errors.ts';
import { hostOf } from '../plan/order.ts';
import { isSecretName } from '../run/launch.ts';
import type { Target } from '../types.ts';
import { refuseUnnamed, type Naming } from './naming.ts';
import { hold, withoutSecrets, type Keys, type Secret } from './secrets.ts';

const mostKeyBytes = 64 * 1024;
const mostAuthorityBytes = 4 * 1024 * 1024;

/**
 * The keys of the targets, by target id. Throws when one is missing, or when a target would be given more than `naming`
 * allows: nothing was asked yet.
 */
export function readKeys(targets: readonly Target[], naming: Naming): Keys {
  refuseUnnamed(targets, naming);
  const keys = new Map<string, Secret>();
  for (const target of targets) {
    const found = keyFromVariable(target) ?? keyFromFile(target);
    if (found === null) continue;
    if (/[^\u0021-\u007E]/u.test(found.key)) {
      throw personError(`the key in ${found.where} holds a character that no header can carry`, {
        hint: 'is there a line end or a blank at its end, or a typographic quote?',
      });
    }
    keys.set(target.id, hold(found.key));
  }
  holdLaunchSecrets(targets);
  refuseWritten(targets);
  return keys;
}

/** What a server that we start is given by name is no less secret: it may say it in its log or in an error. */
function holdLaunchSecrets(targets: readonly Target[]): void {
  for (const name of targets.flatMap(({ launch }) => launch?.env ?? [])) {
    const value = process.env[name];
    if (value !== undefined && isSecretName(name)) hold(value);
  }
}

/** A key that is written out where the manifest and the plan keep it. Not repeated. */
function refuseWritten(targets: readonly Target[]): void {
  for (const { id, params, launch } of targets) {
    const written = JSON.stringify([params, launch?.command ?? []]);
    if (withoutSecrets(written) !== written)
      throw personError(`target ${id}: its params or its command hold a key`, {
        hint: 'name the variable that holds it, in apiKeyEnv or launch.env',
      });
  }
}

interface FoundKey {
  readonly key: string;
  readonly where: string;
}

function keyFromVariable({ id, apiKeyEnv }: Target): FoundKey | null {
  if (apiKeyEnv === null) return null;
  const key = process.env[apiKeyEnv];
  if (key === undefined || key === '') {
    throw personError(`target ${id} needs a key, and the variable ${apiKeyEnv} is not set`, {
      hint: `set it with: export ${apiKeyEnv}=...`,
    });
  }
  return { key, where: apiKeyEnv };
}

/** Editors end a file with a line end: one is no part of the key. */
function keyFromFile({ id, apiKeyFile }: Target): FoundKey | null {
  if (apiKeyFile == null) return null;
  const where = path.basename(apiKeyFile);
  const key = readBounded(apiKeyFile, mostKeyBytes, `target ${id}: its apiKeyFile`).replace(/\r?\n$/u, '');
  if (key === '') throw personError(`target ${id} needs a key, and ${where} is empty`);
  return { key, where };
}

/**
 * The authorities that a target names, PEM; null for none. Those of NODE_EXTRA_CA_CERTS come along: a list of its own
 * takes a connection's eyes off them. Throws when the file holds no certificate.
 */
export function readAuthority({ id, caFile }: Target): string | null {
  if (caFile == null) return null;
  const pem = readBounded(caFile, mostAuthorityBytes, `target ${id}: its caFile`);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu) ?? [];
  try {
    for (const block of blocks) void new X509Certificate(block);
  } catch {
    blocks.length = 0;
  }
  if (blocks.length === 0)
    throw personError(`target ${id}: ${path.basename(caFile)} holds no certificate that can be read`, {
      hint: 'a caFile is PEM text, with -----BEGIN CERTIFICATE-----',
    });
  // A private key beside them is no business of anybody here.
  return `${blocks.join('\n')}\n${extraAuthorities()}`;
}

function extraAuthorities(): string {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  try {
    return file === undefined || file === '' ? '' : readFileSync(file, 'utf8');
  } catch {
    // Node.js has said so itself.
    return '';
  }
}

function readBounded(file: string, most: number, what: string): string {
  try {
    const { size } = statSync(file);
    if (size > most) throw new Error(`it is larger than ${most / 1024} KiB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw personError(`${what} cannot be read: ${why}`, {
      hint: 'its path is relative to the targets file',
    });
  }
}

/** What makes a run less safe than it looks, a line each: said loudly, and on the report. */
export function accessWarnings(
  targets: readonly Target[],
  keys: Keys,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string[] {
  const open = targets.flatMap((target) =>
    keys.has(target.id) &&
    target.baseUrl !== null &&
    target.baseUrl.startsWith('http:') &&
    hostOf(target) !== 'loopback'
      ? [`the key of target ${target.id} is sent over plain http to ${new URL(target.baseUrl).host}`]
      : [],
  );
  const isUnchecked = env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
  const overTls = targets.filter((target) => target.baseUrl?.startsWith('https:') === true);
  return isUnchecked && overTls.length > 0
    ? [
        `NODE_TLS_REJECT_UNAUTHORIZED=0: no certificate is checked, so anybody on the way may read the prompts and keys of ${overTls.map(({ id }) => id).join(', ')} and answer in their place; name the authority in caFile instead`,
        ...open,
      ]
    : open;
}
