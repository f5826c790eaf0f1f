/** The one script of the page, put together. It holds no data: its hash in the policy is the same for every report. */
import { baseScript } from './script/base.ts';
import { cardsScript } from './script/cards.ts';
import { filtersScript } from './script/filters.ts';
import { keyboardScript } from './script/keyboard.ts';

export const pageScript = `(() => {
'use strict';
${baseScript}${cardsScript}${filtersScript}${keyboardScript}})();
`;
