/**
 * The only way to the disk for what a suite names. A path is relative, ends inside the root after every link was
 * followed, and leads to an ordinary file of bounded size; anything else is a problem and is not opened.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { nearest } from './suggest.ts';

export interface Refusal {
  readonly message: string;
  readonly hint: string | null;
}
export type Resolved = { readonly file: string } | { readonly refusal: Refusal };

/** Blanks and dots at the end of a name are nothing to Windows. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|:|$)/iu;

/** Whether `file` is `folder` or lies in it. Both real paths. */
export function liesIn(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return (
    relative === '' ||
    (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
  );
}

/** Turns a path written in a suite into a real path inside `root`. `base` is the folder it is relative to. */
export function resolveInside(root: string, base: string, written: string): Resolved {
  const refuse = (
    message: string,
    hint: string | null = 'name a file by a relative path, as in ./data.json',
  ): Resolved => ({ refusal: { message, hint } });
  const shown = JSON.stringify(written.slice(0, 200));
  if (written === '' || written.includes('\0')) return refuse(`${shown} is not a path`);
  if (written.includes('\\')) return refuse(`the path ${shown} has a backslash`, 'separate folders with /');
  if (/^[\p{L}][\p{L}\p{N}+.-]*:/u.test(written))
    return refuse(`${shown} is a URL or a drive, not a relative path`);
  if (path.isAbsolute(written) || path.win32.isAbsolute(written) || written.startsWith('~'))
    return refuse(`the path ${shown} is not relative`);
  if (written.split('/').some((part) => devices.test(part)))
    return refuse(`the path ${shown} names a device`);
  const wanted = path.resolve(base, written);
  let realRoot: string;
  let file: string;
  try {
    realRoot = realpathSync(root);
    // Outside is refused before the disk is asked: the answer would tell which files exist.
    if (!liesIn(path.resolve(realpathSync(base), written), realRoot))
      return refuse(`the path ${shown} leads out of ${shortName(root)}`);
    file = realpathSync(wanted);
  } catch {
    return refuse(`there is no file ${shown}`, suggestFile(root, wanted, written));
  }
  if (!liesIn(file, realRoot))
    return refuse(`the path ${shown} leads out of ${shortName(root)} through a link`);
  return { file };
}

const shortName = (folder: string): string => `${path.basename(path.resolve(folder))}/`;

/** Names of a folder are told only where the folder itself lies inside: a link may lead to another. */
function suggestFile(root: string, wanted: string, written: string): string | null {
  try {
    if (!liesIn(realpathSync(path.dirname(wanted)), realpathSync(root))) return null;
    const name = nearest(path.basename(wanted), readdirSync(path.dirname(wanted)));
    if (name === null) return null;
    const folder = written.slice(0, written.length - path.posix.basename(written).length);
    return `did you mean "${folder}${name}"?`;
  } catch {
    return null;
  }
}

/** Opens a regular file that is not itself a link; the caller closes it. Throws a `FileFault`. */
export function openRegular(file: string, maxBytes: number): { fd: number; size: number } {
  let fd: number;
  try {
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new FileFault(`cannot be opened (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  const stat = fstatSync(fd);
  const fault = !stat.isFile()
    ? 'is not an ordinary file'
    : stat.size > maxBytes
      ? `is larger than ${sizeText(maxBytes)}`
      : null;
  if (fault !== null) {
    closeSync(fd);
    throw new FileFault(fault);
  }
  return { fd, size: stat.size };
}

/** Why a file cannot be read, worded to follow its name. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

/** The bytes of a regular file, at most `maxBytes`. Throws a `FileFault`. */
export function readBounded(file: string, maxBytes: number): Buffer {
  const { fd, size } = openRegular(file, maxBytes);
  try {
    const bytes = Buffer.alloc(size);
    let have = 0;
    while (have < size) {
      const got = readSync(fd, bytes, have, size - have, have);
      if (got === 0) break;
      have += got;
    }
    return bytes.subarray(0, have);
  } finally {
    closeSync(fd);
  }
}

/** UTF-8 to text, without a byte order mark; throws a `FileFault` for bytes that are not UTF-8. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileFault('is not UTF-8');
  }
}

const sizeText = (bytes: number): string =>
  bytes >= 1024 * 1024 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`;
