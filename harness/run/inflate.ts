/** Bodies that come compressed though we asked that they should not: opened as they come, under the same limits. */
import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzipSync,
  inflateSync,
} from 'node:zlib';
import { Body } from './wire.ts';

/** The body is not what its `content-encoding` says, or that encoding is not known here. */
class BadEncoding extends Error {
  readonly code = 'BAD_ENCODING';
}

/** A body for this `content-encoding`. `giveUp` ends the connection. */
export function bodyOf(encoding: string | undefined, giveUp: () => void): Body {
  if (encoding === undefined || isPlain(encoding)) return new Body(giveUp);
  const inflater = inflaterFor(encoding);
  return inflater === null ? new UnreadableBody(giveUp, encoding) : new InflatedBody(inflater, giveUp);
}

/** Nothing was compressed after all. */
export function isPlain(encoding: string): boolean {
  return /^\s*(identity)?\s*$/iu.test(encoding);
}

/** The start of a compressed body as far as it can be opened; empty when it cannot. */
export function inflateStart(bytes: Buffer, encoding: string): Buffer {
  // A cut body yields what it holds; a small one that grows without end yields nothing.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1024 * 1024 };
  try {
    switch (nameOf(encoding)) {
      case 'gzip':
        return gunzipSync(bytes, options);
      case 'deflate':
        return inflateSync(bytes, options);
      case 'br':
        return brotliDecompressSync(bytes, {
          finishFlush: constants.BROTLI_OPERATION_FLUSH,
          maxOutputLength: options.maxOutputLength,
        });
      default:
        return isPlain(encoding) ? bytes : Buffer.alloc(0);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

function nameOf(encoding: string): string {
  const name = encoding.trim().toLowerCase();
  return name === 'x-gzip' ? 'gzip' : name;
}

function inflaterFor(encoding: string): Transform | null {
  // With a flush in place of a proper end, a body that was cut gives what it has and is judged by that.
  switch (nameOf(encoding)) {
    case 'gzip':
      return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    case 'deflate':
      return createInflate({ finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}

class InflatedBody extends Body {
  private readonly inflater: Transform;
  private at = 0;
  private brokenBy: unknown = null;

  constructor(inflater: Transform, giveUp: () => void) {
    super(giveUp);
    this.inflater = inflater;
    inflater.on('data', (bytes: Buffer) => super.push(bytes, this.at));
    inflater.on('end', () => super.finish(this.brokenBy));
    inflater.on('error', (error) => {
      super.destroy();
      super.finish(new BadEncoding(error.message));
    });
  }

  override push(bytes: Buffer, at: number): void {
    this.at = at;
    this.inflater.write(bytes);
  }

  override finish(error: unknown): void {
    this.brokenBy = error;
    this.inflater.end();
  }

  override destroy(): void {
    super.destroy();
    this.inflater.destroy();
    // It says nothing any more; whoever still reads must hear that this was the end.
    super.finish(new Error('given up'));
  }
}

/** Its bytes are of no use to us. */
class UnreadableBody extends Body {
  private readonly hangUp: () => void;

  constructor(giveUp: () => void, encoding: string) {
    super(giveUp);
    this.hangUp = giveUp;
    super.finish(new BadEncoding(`the server compressed its answer as ${encoding}`));
  }

  override push(): void {}

  override finish(error: unknown): void {
    if (error instanceof BadEncoding) super.finish(error);
  }

  override destroy(): void {
    this.hangUp();
  }
}
