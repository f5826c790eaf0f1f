/**
 * Images that a suite's messages name: local files only, told by their first bytes and not by their ending. They
 * travel to the server as data URLs; the plan keeps their hash.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ImageRef } from '../types.ts';
import { FileFault, readBounded, resolveInside } from './files.ts';
import type { Spot } from './node.ts';
import type { ProblemList } from './problem-list.ts';

const maxImageBytes = 10 * 1024 * 1024;
const maxImages = 1_000;

const kinds: readonly (readonly [mediaType: string, start: RegExp])[] = [
  ['image/png', /^\u0089PNG\r\n\u001A\n/u],
  ['image/jpeg', /^\u00FF\u00D8\u00FF/u],
  ['image/gif', /^GIF8[79]a/u],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/u],
];

export interface ImageFiles {
  /** The image a suite names, or null with the problem said at `spot`. */
  readonly read: (written: string, spot: Spot, problems: ProblemList) => Omit<ImageRef, 'detail'> | null;
  /** Data URLs of all images read so far, by SHA-256. */
  readonly urls: ReadonlyMap<string, string>;
}

/** Images inside `root`, named relative to `base`. */
export function openImageFiles(root: string, base: string): ImageFiles {
  const known = new Map<string, Omit<ImageRef, 'detail'> | FileFault>();
  const urls = new Map<string, string>();
  const load = (file: string): Omit<ImageRef, 'detail'> | FileFault => {
    try {
      if (known.size >= maxImages) return new FileFault(`is one of more than ${maxImages} images`);
      const bytes = readBounded(file, maxImageBytes);
      const start = bytes.toString('latin1', 0, 16);
      const mediaType = kinds.find(([, pattern]) => pattern.test(start))?.[0];
      if (mediaType === undefined) return new FileFault('is no PNG, JPEG, GIF or WebP image');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      urls.set(sha256, `data:${mediaType};base64,${bytes.toString('base64')}`);
      return { sha256, mediaType, name: path.basename(file), bytes: bytes.length };
    } catch (error) {
      if (error instanceof FileFault) return error;
      throw error;
    }
  };
  return {
    urls,
    read: (written, spot, problems) => {
      const resolved = resolveInside(root, base, written);
      if ('refusal' in resolved) {
        problems.error(spot, resolved.refusal.message, resolved.refusal.hint);
        return null;
      }
      const image = known.get(resolved.file) ?? load(resolved.file);
      known.set(resolved.file, image);
      if (!(image instanceof FileFault)) return image;
      problems.error(spot, `the file ${JSON.stringify(written)} ${image.message}`);
      return null;
    },
  };
}
