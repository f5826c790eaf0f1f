/** Who is better, in words, then per pair as a forest plot with its numbers behind it. */
import { pageWords as t } from '../../strings.ts';

const differenceTable = `<div class="scroll" role="region" tabindex="0" aria-label="${t.differencesTable}"><table>
<thead><tr><th scope="col">${t.language}</th>{{#if scoped}}<th scope="col">${t.scope}</th>{{/if}}<th scope="col" class="num">${t.difference}</th><th scope="col" class="num">${t.interval}</th><th scope="col" class="num">${t.n}</th><th scope="col" class="num">${t.missing}</th><th scope="col" class="num">${t.independent}</th><th scope="col" class="num">${t.p}</th><th scope="col" class="num">${t.pHolm}</th><th scope="col">${t.test}</th><th scope="col" class="num">${t.onlyOther}</th><th scope="col" class="num">${t.onlyBaseline}</th><th scope="col" class="num">${t.couldHaveSeen}</th><th scope="col">${t.label}</th></tr></thead>
<tbody>{{#each rows}}<tr><th scope="row">{{#if language}}{{> language language}}{{else}}${t.allLanguages}{{/if}}</th>{{#if ../scoped}}<td><bdi dir="auto">{{scope}}</bdi></td>{{/if}}<td class="num"><b>{{difference}}</b></td><td class="num">{{interval}}</td><td class="num">{{n}}</td><td class="num">{{missing}}</td><td class="num">{{clusters}}</td><td class="num">{{p}}</td><td class="num">{{pHolm}}</td><td>{{test}}</td><td class="num">{{onlyOther}}</td><td class="num">{{onlyBaseline}}</td><td class="num">{{detectable}}</td><td><b>{{word}}</b></td></tr>{{/each}}</tbody>
</table></div>`;

export const verdictTemplate = `<section id="verdict" class="hero" aria-labelledby="verdict-h">
<h1 id="verdict-h"><span class="sr">{{heading}}: </span><span class="chip big {{tone}}">{{#if winner}}${t.take} <bdi>{{winner}}</bdi>{{else}}{{word}}{{/if}}</span></h1>
<div class="sentences">{{#each sentences}}<p><bdi dir="auto">{{this}}</bdi></p>{{/each}}</div>
<p class="facts">{{#each targets}}<span class="key"><i class="dot {{tone}}"></i><b><bdi>{{id}}</bdi></b> <bdi class="muted">{{model}}</bdi>{{#if baseline}} <span class="muted">${t.isBaseline}</span>{{/if}}</span>{{/each}}</p>
<p class="facts muted">${t.extent}</p>
</section>
{{#each pairs}}<section class="card pair" aria-label="${t.against}">
<h2>${t.pairHeading}</h2>
<dl class="groups">{{#each groups}}<div><dt><span class="chip {{tone}}">{{word}}</span></dt><dd>{{#each languages}}<a class="lang" href="#{{query}}"><bdi>{{english}}</bdi></a>{{/each}}</dd></div>{{/each}}</dl>
<figure><div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:forest-{{index}}--></div>
<figcaption>${t.forestCaption}</figcaption></figure>
<details><summary>${t.chartNumbers}</summary>{{#with primary}}${differenceTable}{{/with}}</details>
{{#if further}}<details><summary>${t.furtherScopes} ({{furtherCount}})</summary>{{#with furtherTable}}${differenceTable}{{/with}}</details>{{/if}}
</section>
{{/each}}`;
