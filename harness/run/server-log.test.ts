import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepLog } from './server-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is in the log after the pieces came on one stream. */
async function logged(pieces: readonly (string | Buffer)[]): Promise<string> {
  const file = path.join(folder, 'a.log');
  const stream = new PassThrough();
  keepLog([stream], openSync(file, 'w'), (text) => text.replaceAll('geheim-κλειδί', '[secret]'));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  stream.resume();
  await new Promise((resolve) => stream.once('close', resolve));
  return readFileSync(file, 'utf8');
}

it.each([
  [['tải mô hình\n', 'โหลด\r', '載入'], 'tải mô hình\nโหลด\r載入'],
  [['a gehe', 'im-κλει', 'δί b\n'], 'a [secret] b\n'],
  [Array.from(Buffer.from('x geheim-κλειδί\n')).map((byte) => Buffer.from([byte])), 'x [secret]\n'],
  [['geheim-κλειδί'], '[secret]'],
])('cleans whole lines, however they come: %j', async (pieces, wanted) => {
  expect(await logged(pieces)).toBe(wanted);
});

it('cuts a line that does not end, and goes on with the next', async () => {
  const text = await logged(['x'.repeat(70_000), 'y'.repeat(70_000), 'z\nnext geheim-κλειδί\n']);
  expect(text).toBe(`${'x'.repeat(65_536)} [cut]\nnext [secret]\n`);
});
