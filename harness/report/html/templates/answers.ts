/** The browser of cells: its controls stand here, its cards are made by the script from the data. */
import { pageWords as t } from '../../strings.ts';

export const answersTemplate = `<section id="answers" aria-labelledby="answers-h">
<h2 id="answers-h">{{heading}}</h2>
<noscript><p class="banner gap-banner">{{noscript}}</p></noscript>
<p class="banner gap-banner" id="cannot-unpack" hidden>{{cannotUnpack}}</p>
<form id="filters" class="card controls" aria-label="${t.filters}" hidden>
<div class="field"><label for="f-lang">${t.language}</label><select id="f-lang"></select></div>
<div class="field"><label for="f-suite">${t.suite}</label><select id="f-suite"></select></div>
<div class="field"><label for="f-right">${t.rightIs}</label><select id="f-right"></select></div>
<div class="field"><label for="f-wrong">${t.wrongIs}</label><select id="f-wrong"></select></div>
<div class="field"><label for="f-status">${t.outcome}</label><select id="f-status"></select></div>
<div class="field"><label for="f-target">${t.ofTarget}</label><select id="f-target"></select></div>
<div class="field"><label for="f-order">${t.order}</label><select id="f-order"><option value="">${t.apartFirst}</option><option value="plan">${t.asPlanned}</option></select></div>
<div class="field"><label for="f-diff">${t.showAs}</label><select id="f-diff"><option value="">${t.asAnswered}</option><option value="reference">${t.againstReference}</option><option value="answers">${t.againstFirst}</option></select></div>
<div class="field wide"><label for="f-text">${t.search}</label><input id="f-text" type="search" autocomplete="off" spellcheck="false" dir="auto"></div>
<div class="field switch"><input id="f-exact" type="checkbox"><label for="f-exact">${t.exactSearch}</label></div>
<div class="field switch"><input id="f-hidden" type="checkbox"><label for="f-hidden">${t.showHidden}</label></div>
<div class="field narrow"><label for="f-at">${t.goTo}</label><input id="f-at" type="number" min="1" step="1" inputmode="numeric"></div>
<div class="field"><button type="button" id="f-clear">${t.clearFilters}</button></div>
<p class="keys muted">${t.keys}</p>
</form>
<p id="count" class="muted" role="status" aria-live="polite"></p>
<p class="more-line controls"><button type="button" id="earlier" hidden>${t.showEarlier}</button></p>
<div id="above" aria-hidden="true" hidden></div>
<div id="cards"></div>
<p class="more-line controls"><button type="button" id="more" hidden>${t.showMore}</button></p>
</section>
`;
