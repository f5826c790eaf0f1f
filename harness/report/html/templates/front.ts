/** What stands near the verdict: gates, and what changed since an earlier run. */
import { gateWords as g, pageWords as t, sinceWords as s } from '../../strings.ts';

const claimTable = `<div class="scroll" role="region" tabindex="0" aria-label="${g.claimsTable}"><table>
<thead><tr><th scope="col">${t.target}</th><th scope="col">${t.language}</th><th scope="col" class="num">${g.found}</th><th scope="col" class="num">${g.counted}</th><th scope="col" class="num">${g.interval}</th><th scope="col" class="num">${t.n}</th><th scope="col" class="num">${t.missing}</th><th scope="col">${g.state}</th></tr></thead>
<tbody>{{#each claims}}<tr><th scope="row"><bdi>{{target}}</bdi>{{#if against}} − <bdi>{{against}}</bdi>{{/if}}</th><td>{{#if language}}{{> language language}}{{else}}${t.allLanguages}{{/if}}</td><td class="num">{{found}}</td><td class="num">{{counted}}</td><td class="num">{{interval}}</td><td class="num">{{n}}</td><td class="num">{{missing}}</td><td class="gate-{{state}}"><b>{{word}}</b></td></tr>{{/each}}</tbody>
</table></div>`;

export const gatesTemplate = `<section id="gates" class="card" aria-labelledby="gates-h">
<h2 id="gates-h">{{heading}}</h2>
<p class="gate-outcome"><b>{{outcome}}</b> <span class="muted">${g.lead}</span></p>
<ul class="gates">{{#each lines}}<li class="gate gate-{{state}}"><p><span class="chip gate-{{state}}">{{word}}</span> <code dir="ltr">{{expression}}</code> <span class="small muted"><bdi dir="auto">{{from}}</bdi></span></p>
<p><bdi dir="auto">{{sentence}}</bdi></p>
{{#if several}}<details><summary>${g.claims} ({{claims.length}})</summary>${claimTable}</details>{{/if}}</li>{{/each}}</ul>
</section>
`;

const differenceTable = `<div class="scroll" role="region" tabindex="0" aria-label="${s.table}"><table>
<thead><tr><th scope="col">${t.target}</th>{{#if languages}}<th scope="col">${t.language}</th>{{/if}}<th scope="col">${s.difference}</th><th scope="col">${t.label}</th>{{#each heads}}<th scope="col" class="num">{{this}}</th>{{/each}}</tr></thead>
<tbody>{{#each rows}}<tr><th scope="row"><bdi>{{target}}</bdi></th>{{#if ../languages}}<td>{{> language language}}</td>{{/if}}<td>{{> figure difference}}</td><td><b>{{word}}</b></td>{{#each counts}}<td class="num">{{this}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div>`;

export const sinceTemplate = `<section id="since" class="card" aria-labelledby="since-h">
<h2 id="since-h">{{heading}}</h2>
<p class="lead">${s.lead}</p>
<ul class="said">{{#each sentences}}<li><bdi dir="auto">{{this}}</bdi></li>{{/each}}</ul>
{{#if remarks}}<ul class="said small muted">{{#each remarks}}<li><bdi dir="auto">{{this}}</bdi></li>{{/each}}</ul>{{/if}}
{{#with overall}}${differenceTable}{{/with}}
<details><summary>${t.byLanguage}</summary>{{#with byLanguage}}${differenceTable}{{/with}}</details>
{{#if changes}}<details open><summary>${s.changed}</summary><div class="scroll" role="region" tabindex="0" aria-label="${s.changesTable}"><table class="changes">
<thead><tr><th scope="col">${s.change}</th><th scope="col">${s.question}</th><th scope="col">${s.before}</th><th scope="col">${s.after}</th></tr></thead>
<tbody>{{#each changes}}<tr><th scope="row">{{word}}</th><td><bdi dir="auto">{{place}}</bdi><span class="sub">{{> language language}}, <bdi>{{target}}</bdi></span></td>{{#with before}}<td>{{kind}}, {{score}}<span class="sub excerpt"><bdi dir="auto">{{excerpt}}</bdi></span></td>{{/with}}{{#with after}}<td>{{kind}}, {{score}}<span class="sub excerpt"><bdi dir="auto">{{excerpt}}</bdi></span></td>{{/with}}</tr>{{/each}}</tbody>
</table></div></details>{{/if}}
</section>
`;
