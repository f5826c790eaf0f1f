/** All targets beside each other; then languages, repeats and corpus figures beside each other. */
import { acrossWords as a, pageWords as t, standingWords as s } from '../../strings.ts';

const pairTable = `<div class="scroll" role="region" tabindex="0" aria-label="${s.pairsTable}"><table>
<thead><tr><th scope="col">${t.target}</th><th scope="col">${t.difference}</th><th scope="col" class="num">${t.pHolm}</th><th scope="col">${t.label}</th></tr></thead>
<tbody>{{#each pairs}}<tr><th scope="row"><bdi>{{other}}</bdi> − <bdi>{{baseline}}</bdi></th><td>{{> figure difference}}</td><td class="num">{{p}}</td><td><bdi>{{phrase}}</bdi></td></tr>{{/each}}</tbody>
</table></div>`;

export const standingsTemplate = `<section id="standings" class="card" aria-labelledby="standings-h">
<h2 id="standings-h">{{heading}}</h2>
<p class="lead">${s.lead}</p>
{{#if chart}}<figure><div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:standings--></div>
<figcaption>${s.filled} {{#if hasMemory}}${s.areaIs} {{memory}}.{{else}}{{memory}}{{/if}}</figcaption></figure>
{{/if}}<div class="scroll" role="region" tabindex="0" aria-label="${s.table}"><table class="standings">
<thead><tr><th scope="col">${t.target}</th><th scope="col">${s.place}</th><th scope="col">${s.score}</th><th scope="col">${s.ifWrong}</th><th scope="col">${s.pass}</th><th scope="col">${s.worst}</th><th scope="col">${t.charsPerSecond}</th>{{#if hasMemory}}<th scope="col">${t.memory}<span class="sub">{{memory}}</span></th>{{/if}}<th scope="col">${s.front}</th></tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><i class="dot {{tone}}"></i><bdi>{{target}}</bdi></th><td>{{place}}<span class="sub"><bdi>{{against}}</bdi></span></td><td>{{> figure score}}</td><td>{{> figure worstCase}}</td><td>{{> figure pass}}</td><td>{{worst}}</td><td>{{> figure speed}}</td>{{#if ../hasMemory}}<td class="num">{{memory}}</td>{{/if}}<td><bdi>{{front}}</bdi></td></tr>{{/each}}</tbody>
</table></div>
{{#if pairs}}<h3>${s.pairsHeading}</h3>
<p class="lead">${s.pairsLead}</p>
${pairTable}
{{/if}}<div class="scroll" role="region" tabindex="0" aria-label="${s.factsTable}"><table class="who">
<thead><tr><th scope="col">${t.target}</th><th scope="col">${s.model}</th><th scope="col">${s.served}</th><th scope="col">${s.license}</th><th scope="col">${s.declared}</th></tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><bdi>{{target}}</bdi></th><td><bdi dir="auto">{{model}}</bdi></td><td><bdi dir="auto">{{served}}</bdi></td><td><bdi dir="auto">{{license}}</bdi></td><td><bdi dir="auto">{{languages}}</bdi></td></tr>{{/each}}</tbody>
</table></div>
<p class="small muted">{{legal}} ${s.asOf}</p>
</section>
`;

const consistencyTable = `<div class="scroll" role="region" tabindex="0" aria-label="${a.consistencyTable}"><table>
<thead><tr><th scope="col">${t.target}</th>{{#if suites}}<th scope="col">${t.suite}</th>{{/if}}<th scope="col">${a.consistent}</th><th scope="col" class="num">${a.all}</th><th scope="col" class="num">${a.none}</th><th scope="col" class="num">${a.some}</th></tr></thead>
<tbody>{{#each rows}}<tr><th scope="row"><bdi>{{target}}</bdi></th>{{#if ../suites}}<td><bdi dir="auto">{{suite}}</bdi></td>{{/if}}<td>{{> figure consistent}}</td><td class="num">{{all}}</td><td class="num">{{none}}</td><td class="num">{{some}}</td></tr>{{/each}}</tbody>
</table></div>`;

const repeatTable = `<div class="scroll" role="region" tabindex="0" aria-label="${a.repeatsTable}"><table>
<thead><tr><th scope="col">${t.target}</th>{{#if languages}}<th scope="col">${t.language}</th>{{/if}}{{#each ks}}<th scope="col">pass@{{this}}</th>{{/each}}<th scope="col">${a.stable}</th></tr></thead>
<tbody>{{#each rows}}<tr><th scope="row"><bdi>{{target}}</bdi></th>{{#if ../languages}}<td>{{> language language}}</td>{{/if}}{{#each passAtK}}<td>{{> figure}}</td>{{/each}}<td>{{> figure stable}}</td></tr>{{/each}}</tbody>
</table></div>`;

export const acrossTemplate = `<section id="across" class="card" aria-labelledby="across-h">
<h2 id="across-h">{{heading}}</h2>
{{#if consistency}}<h3>${a.consistencyHeading}</h3>
<p class="lead">${a.consistencyLead}</p>
{{#with consistencyTable}}${consistencyTable}{{/with}}
{{#if bySuite}}<details><summary>${a.bySuite}</summary>{{#with suiteTable}}${consistencyTable}{{/with}}</details>{{/if}}
{{/if}}{{#if repeats}}<h3>${a.repeatsHeading}</h3>
<p class="lead">${a.repeatsLead}</p>
{{#with repeatTable}}${repeatTable}{{/with}}
<details><summary>${t.byLanguage}</summary>{{#with repeatLanguageTable}}${repeatTable}{{/with}}</details>
{{/if}}{{#if gaps}}<h3>${a.gapsHeading}</h3>
<p class="lead">${a.gapsLead}</p>
<details><summary>${a.gapsTable}</summary><div class="scroll" role="region" tabindex="0" aria-label="${a.gapsTable}"><table>
<thead><tr><th scope="col">${t.language}</th><th scope="col">${a.base}</th>{{#each targets}}<th scope="col"><bdi>{{this}}</bdi></th>{{/each}}</tr></thead>
<tbody>{{#each gaps}}<tr><th scope="row">{{> language language}}</th><td>{{#if base}}{{base}}{{else}}${a.several}{{/if}}</td>{{#each figures}}<td>{{#if this}}{{> figure}}{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div></details>
{{/if}}{{#if corpus}}<h3>${a.corpusHeading}</h3>
<p class="lead">${a.corpusLead}</p>
<details><summary>${a.corpusTable}</summary><div class="scroll" role="region" tabindex="0" aria-label="${a.corpusTable}"><table>
<thead><tr><th scope="col">${t.language}</th><th scope="col">${t.suite}</th><th scope="col">${t.metric}</th><th scope="col">${t.target}</th><th scope="col">${t.difference}</th><th scope="col" class="num">${t.independent}</th><th scope="col" class="num">${t.p}</th><th scope="col" class="num">${a.q}</th></tr></thead>
<tbody>{{#each corpus}}<tr><th scope="row">{{> language language}}</th><td><bdi dir="auto">{{suite}}</bdi></td><td><bdi dir="auto">{{metric}}</bdi></td><td><bdi>{{pair.other}}</bdi> − <bdi>{{pair.baseline}}</bdi></td><td>{{> figure difference}}</td><td class="num">{{clusters}}</td><td class="num">{{p}}</td><td class="num">{{q}}</td></tr>{{/each}}</tbody>
</table></div></details>
{{/if}}</section>
`;
