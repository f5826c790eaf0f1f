/** The one script of the page, put together. It holds no data: its hash in the policy is the same for every report. */
import { baseScript } from './script/base.ts';
import { cardsScript } from './script/cards.ts';
import { columnsScript } from './script/columns.ts';
import { compareScript } from './script/compare.ts';
import { diffScript } from './script/diff.ts';
import { filtersScript } from './script/filters.ts';
import { foldScript } from './script/fold.ts';
import { keyboardScript } from './script/keyboard.ts';
import { listScript } from './script/list.ts';
import { rawScript } from './script/raw.ts';
import { requestScript } from './script/request.ts';
import { searchScript } from './script/search.ts';
import { startScript } from './script/start.ts';
import { unpackScript } from './script/unpack.ts';

/** In the order in which each needs the ones before it. */
const parts = [
  columnsScript,
  foldScript,
  searchScript,
  diffScript,
  compareScript,
  requestScript,
  rawScript,
  cardsScript,
  filtersScript,
  listScript,
  keyboardScript,
  startScript,
];

export const pageScript = `(async () => {
'use strict';
${baseScript}${unpackScript}
if (typeof DecompressionStream !== 'function') {
  byId('cannot-unpack').hidden = false;
  return;
}
const data = await unpack('index');
${parts.join('')}})();
`;
