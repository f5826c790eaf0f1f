/** What the checks saw: a block of counts per kind of evidence, then rates, rules and fields. */
import { pageWords as t } from '../../strings.ts';

const outcomeHeads = `{{#each outcomes}}<th scope="col" class="num">{{word}}</th>{{/each}}{{#each footers}}<th scope="col" class="num">{{word}}</th>{{/each}}<th scope="col" class="num">${t.readCount}</th><th scope="col" class="num">${t.missing}</th>`;
const outcomeCells = `{{#each counts}}<td class="num">{{#if this}}{{this}}{{else}}<span class="muted">0</span>{{/if}}</td>{{/each}}{{#each footers}}<td class="num">{{this}}</td>{{/each}}<td class="num">{{n}}</td><td class="num">{{missing}}</td>`;

const block = `<div class="block">
<h3 id="seen-{{id}}">{{heading}}</h3>
<p class="lead">{{lead}}</p>
<figure><div class="scroll plot-box" role="region" tabindex="0" aria-label="{{heading}}: ${t.chartBox}"><!--part:seen-{{id}}--></div></figure>
<div class="scroll" role="region" tabindex="0" aria-label="{{heading}}: ${t.outcomesTable}"><table class="kinds">
<caption class="sr">{{heading}}: ${t.outcomesTable}</caption>
<thead><tr><th scope="col">${t.outcome}</th>{{#each targets}}<th scope="col" class="num"><bdi>{{this}}</bdi></th>{{/each}}<th scope="col">${t.meaning}</th></tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><i class="dot k-{{color}}"></i>{{word}}</th>{{#each cells}}<td class="num">{{#if count}}{{count}}{{else}}<span class="muted">0</span>{{/if}} <span class="muted share">{{share}}</span></td>{{/each}}<td class="muted">{{meaning}}</td></tr>{{/each}}
{{#each footerLines}}<tr class="code-row"><th scope="row">{{word}}</th>{{#each cells}}<td class="num">{{this}}</td>{{/each}}<td class="muted">{{meaning}}</td></tr>{{/each}}
<tr class="sum"><th scope="row">${t.readCount}</th>{{#each totals}}<td class="num">{{n}}</td>{{/each}}<td></td></tr>
<tr class="code-row"><th scope="row">${t.missing}</th>{{#each totals}}<td class="num">{{missing}}</td>{{/each}}<td class="muted">${t.missingCount}</td></tr></tbody>
</table></div>
{{#if severalMetrics}}<details><summary>${t.byMetric}</summary><div class="scroll" role="region" tabindex="0" aria-label="{{heading}}: ${t.byMetric}"><table>
<caption class="sr">{{heading}}: ${t.byMetric}</caption>
<thead><tr><th scope="col">${t.metric}</th><th scope="col">${t.target}</th>${outcomeHeads}</tr></thead>
<tbody>{{#each byMetric}}<tr><th scope="row"><bdi dir="auto">{{name}}</bdi></th><td><bdi>{{target}}</bdi></td>${outcomeCells}</tr>{{/each}}</tbody>
</table></div></details>
{{/if}}<details><summary>${t.byLanguage}</summary><div class="scroll" role="region" tabindex="0" aria-label="{{heading}}: ${t.byLanguage}"><table>
<caption class="sr">{{heading}}: ${t.byLanguage}</caption>
<thead><tr><th scope="col">${t.language}</th><th scope="col">${t.target}</th>${outcomeHeads}</tr></thead>
<tbody>{{#each byLanguage}}<tr><th scope="row">{{> language language}}</th><td><bdi>{{target}}</bdi></td>${outcomeCells}</tr>{{/each}}</tbody>
</table></div></details>
{{#if after}}<!--part:after-{{id}}-->{{/if}}</div>`;

export const seenTemplate = `<section id="seen" class="card" aria-labelledby="seen-h">
<h2 id="seen-h">{{heading}}</h2>
<p class="lead">${t.seenLead}</p>
{{#each blocks}}${block}
{{/each}}</section>
`;

const driftTable = `<table class="drift">
<caption class="sr">{{#if languages}}${t.passByLanguage}{{else}}${t.passTable}{{/if}}</caption>
<thead><tr><th scope="col">${t.metric}</th>{{#if languages}}<th scope="col">${t.language}</th>{{/if}}{{#each targets}}<th scope="col"><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></th>{{/each}}</tr></thead>
<tbody>{{#each rows}}<tr><th scope="row"><bdi dir="auto">{{name}}</bdi></th>{{#if ../languages}}<td>{{> language language}}</td>{{/if}}{{#each cells}}<td>{{#if this}}<span class="m"><span class="k">${t.linePass}</span> {{> figure lines}}</span>{{#if words}}<span class="m"><span class="k">${t.wordPass}</span> {{> figure words}}</span>{{/if}}<span class="m"><span class="k">${t.drift}</span> {{#if drift}}{{drift}}{{else}}<span class="muted">${t.noDrift}</span>{{/if}}</span>{{else}}<span class="muted">–</span>{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table>`;

export const driftTemplate = `<p class="note">${t.passCaption}</p>
{{#with overall}}<div class="scroll" role="region" tabindex="0" aria-label="${t.passTable}">${driftTable}</div>{{/with}}
<details><summary>${t.passByLanguage}</summary>{{#with byLanguage}}<div class="scroll" role="region" tabindex="0" aria-label="${t.passByLanguage}">${driftTable}</div>{{/with}}</details>
`;

export const fieldsTemplate = `{{#if fields.lines}}{{#with fields}}<p class="note">${t.fieldsCaption}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${t.fieldsTable}"><table class="fields">
<caption class="sr">${t.fieldsTable}</caption>
<thead><tr><th scope="col">${t.field}</th>{{#each ../targets}}<th scope="col"><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></th>{{/each}}</tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><code><bdi>{{pointer}}</bdi></code><span class="sub"><bdi dir="auto">{{suite}}</bdi>{{#if kind}}, {{kind}}{{/if}}</span></th>{{#each cells}}<td{{#if this}} class="shade h{{step}}"{{/if}}>{{#if this}}{{> figure match}}{{#if differences}}<span class="sub">{{differences}}</span>{{/if}}{{else}}–{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div>
{{/with}}{{/if}}{{#if violations.lines}}{{#with violations}}<p class="note">${t.violationsCaption}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${t.violationsTable}"><table>
<caption class="sr">${t.violationsTable}</caption>
<thead><tr><th scope="col">${t.pointer}</th><th scope="col">${t.keyword}</th>{{#each ../targets}}<th scope="col" class="num"><bdi>{{id}}</bdi></th>{{/each}}</tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><code><bdi>{{pointer}}</bdi></code><span class="sub"><bdi dir="auto">{{suite}}</bdi></span></th><td><code>{{keyword}}</code></td>{{#each counts}}<td class="num">{{#if this}}{{this}}{{else}}<span class="muted">0</span>{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div>
{{/with}}{{/if}}`;

export const verdictsTemplate = `<details><summary>${t.verdictsHeading}</summary><p class="note">${t.verdictsCaption}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${t.verdictsTable}"><table>
<caption class="sr">${t.verdictsTable}</caption>
<thead><tr><th scope="col">${t.metric}</th><th scope="col">${t.check}</th><th scope="col">${t.target}</th>{{#each words}}<th scope="col" class="num">{{this}}</th>{{/each}}</tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><bdi dir="auto">{{suite}}</bdi> › <bdi dir="auto">{{metric}}</bdi></th><td><code>{{check}}</code></td><td><bdi>{{target}}</bdi></td>{{#each counts}}<td class="num">{{#if this}}{{this}}{{else}}<span class="muted">0</span>{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div></details>
`;

export const signaturesTemplate = `<h3>${t.signaturesHeading}</h3>
<p class="note">${t.signaturesCaption}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${t.signaturesTable}"><table class="signatures">
<caption class="sr">${t.signaturesTable}</caption>
<thead><tr><th scope="col">${t.metric}</th><th scope="col">${t.check}</th><th scope="col">${t.signature}</th><th scope="col">${t.languagesColumn}</th><th scope="col" class="num">${t.n}</th></tr></thead>
<tbody>{{#each this}}<tr><th scope="row"><bdi dir="auto">{{suite}}</bdi> › <bdi dir="auto">{{metric}}</bdi></th><td><code>{{check}}</code></td><td><code><bdi>{{signature}}</bdi></code></td><td>{{languages}}</td><td class="num">{{scored}}</td></tr>{{/each}}</tbody>
</table></div>
`;
