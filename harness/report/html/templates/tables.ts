/** The tables: languages, what went wrong, speed and memory, scores. Readable without script and without a chart. */
import { loadWords as w, pageWords as t } from '../../strings.ts';
import { loadTemplate } from './load.ts';

const matrix = `<div class="scroll" role="region" tabindex="0" aria-label="${t.languagesTable}"><table class="matrix">
<thead><tr><th scope="col">${t.language}</th>{{#each heads}}<th scope="col"><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></th>{{/each}}{{#if compared}}<th scope="col">${t.whichToTake}{{#with direction}}<span class="sub">${t.direction}</span>{{/with}}</th>{{/if}}</tr></thead>
<tbody>{{#each rows}}<tr{{#unless language}} class="overall"{{/unless}}><th scope="row">{{#if language}}<a href="#{{query}}">{{> language language}}</a>{{else}}${t.allLanguages}<span class="sub">${t.meanOfMeans}</span>{{/if}}</th>{{#each cells}}<td class="heat s{{scoreStep}} p{{passStep}}"><span class="m m-score"><span class="k">${t.scoreKey}</span> {{> figure score}}{{#if scoreIfWrong}}<span class="sub">${t.ifWrong}&nbsp;{{scoreIfWrong}}</span>{{/if}}</span><span class="m m-pass"><span class="k">${t.passKey}</span> {{> figure pass}}{{#if passIfWrong}}<span class="sub">${t.ifWrong}&nbsp;{{passIfWrong}}</span>{{/if}}</span>{{#if unscored}}<span class="sub">${t.withoutScore} {{unscored}}</span>{{/if}}{{#if worst}}<span class="sub">{{worst}}</span>{{/if}}{{#if undeclared}}<span class="sub">${t.undeclaredMark}</span>{{/if}}</td>{{/each}}{{#if ../compared}}<td class="take">{{#each verdicts}}<div><span class="chip {{tone}}">{{phrase}}</span> {{> figure difference}}{{#if detectable}}<span class="n">${t.couldHaveSeen}&nbsp;{{detectable}}</span>{{/if}}</div>{{/each}}</td>{{/if}}</tr>{{/each}}</tbody>
</table></div>`;

export const languagesTemplate = `<section id="languages" class="card" aria-labelledby="languages-h">
<h2 id="languages-h">{{heading}}</h2>
<p class="lead">${t.languagesLead}</p>
<input type="radio" class="pick" name="measure" id="by-score" checked><label for="by-score" class="pick-label">${t.byScore}</label><input type="radio" class="pick" name="measure" id="by-pass"><label for="by-pass" class="pick-label">${t.byPassRate}</label>
<div class="matrices">
<p class="scale" aria-hidden="true"><span>0&nbsp;%</span>{{#each steps}}<i class="swatch h{{this}}"></i>{{/each}}<span>100&nbsp;%</span></p>
{{#with all}}${matrix}{{/with}}
{{#if undeclared}}<p class="small muted">† {{undeclared}}</p>{{/if}}
{{#each suites}}<details><summary>${t.onlySuite} <bdi dir="auto">{{suite}}</bdi></summary>${matrix}</details>
{{/each}}</div>
</section>
`;

export const wrongTemplate = `<section id="wrong" class="card" aria-labelledby="wrong-h">
<h2 id="wrong-h">{{heading}}</h2>
<p class="lead">${t.wrongLead}</p>
<figure><div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:kinds--></div></figure>
<div class="scroll" role="region" tabindex="0" aria-label="${t.outcomesTable}"><table class="kinds">
<thead><tr><th scope="col">${t.outcome}</th>{{#each targets}}<th scope="col" class="num"><bdi>{{this}}</bdi></th>{{/each}}<th scope="col">${t.meaning}</th></tr></thead>
<tbody>{{#each lines}}<tr><th scope="row"><i class="dot k-{{kind}}"></i>{{word}}</th>{{#each cells}}<td class="num">{{#if count}}<a href="#{{query}}">{{count}}</a>{{else}}<span class="muted">0</span>{{/if}} <span class="muted share">{{share}}</span></td>{{/each}}<td class="muted">{{meaning}}</td></tr>{{#each codes}}<tr class="code-row"><th scope="row"><code>{{code}}</code></th>{{#each counts}}<td class="num">{{this}}</td>{{/each}}<td class="muted">${t.failureCode}</td></tr>{{/each}}{{/each}}
<tr class="sum"><th scope="row">${t.planned}</th>{{#each totals}}<td class="num">{{this}}</td>{{/each}}<td></td></tr></tbody>
</table></div>
<details><summary>${t.byLanguage}</summary><div class="scroll" role="region" tabindex="0" aria-label="${t.outcomesByLanguage}"><table>
<thead><tr><th scope="col">${t.language}</th><th scope="col">${t.target}</th>{{#each lines}}<th scope="col" class="num">{{word}}</th>{{/each}}</tr></thead>
<tbody>{{#each byLanguage}}<tr><th scope="row">{{> language language}}</th><td><bdi>{{target}}</bdi></td>{{#each counts}}<td class="num">{{#if this}}{{this}}{{else}}<span class="muted">0</span>{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div></details>
</section>
`;

const speedTable = `<div class="scroll" role="region" tabindex="0" aria-label="${t.timesTable}"><table class="times">
<thead><tr>{{#if languages}}<th scope="col" rowspan="2">${t.language}</th>{{/if}}<th scope="col" rowspan="2">${t.target}</th><th scope="colgroup" colspan="3">${t.ttft}</th><th scope="colgroup" colspan="3">${t.totalTime}</th><th scope="col" rowspan="2">${t.charsPerSecond}</th><th scope="col" rowspan="2">${t.tokensOut}</th><th scope="col" rowspan="2">${t.tokensPerSecond}</th><th scope="col" rowspan="2">${t.tokensPerChar}</th><th scope="colgroup" colspan="3">${t.tpot}</th><th scope="col" rowspan="2" class="num">${t.retried}</th></tr>
<tr>{{#each groups}}<th scope="col" class="num">p50</th><th scope="col" class="num">p90</th><th scope="col" class="num">p95</th>{{/each}}</tr></thead>
<tbody>{{#each rows}}<tr>{{#if ../languages}}<th scope="row">{{> language language}}</th><td><bdi>{{target}}</bdi></td>{{else}}<th scope="row"><bdi>{{target}}</bdi></th>{{/if}}{{> quantiles ttft}}{{> quantiles e2e}}<td>{{> figure chars}}</td><td>{{> figure tokensOut}}</td><td>{{> figure tokens}}</td><td>{{> figure tokensPerChar}}</td>{{> quantiles tpot}}<td class="num">{{retried}}</td></tr>{{/each}}</tbody>
</table></div>`;

const moreTimes = `<div class="scroll" role="region" tabindex="0" aria-label="${w.moreTimes}"><table class="times">
<thead><tr><th scope="col" rowspan="2">${t.language}</th><th scope="col" rowspan="2">${t.target}</th><th scope="colgroup" colspan="3">${w.firstEvent}</th><th scope="colgroup" colspan="3">${w.toAnswer}</th><th scope="colgroup" colspan="3">${w.chunkGap}</th><th scope="colgroup" colspan="3">${w.queued}</th><th scope="col" rowspan="2">${w.bytesPerSecond}</th></tr>
<tr>{{#each moreGroups}}<th scope="col" class="num">p50</th><th scope="col" class="num">p90</th><th scope="col" class="num">p95</th>{{/each}}</tr></thead>
<tbody>{{#each moreTimes}}<tr><th scope="row">{{#if language}}{{> language language}}{{else}}${t.allLanguages}{{/if}}</th><td><bdi>{{target}}</bdi></td>{{> quantiles ttfe}}{{> quantiles tta}}{{> quantiles icl}}{{> quantiles queue}}<td>{{> figure bytes}}</td></tr>{{/each}}</tbody>
</table></div>`;

export const speedTemplate = `<section id="speed" class="card" aria-labelledby="speed-h">
<h2 id="speed-h">{{heading}}</h2>
{{#with overall}}${speedTable}{{/with}}
<p class="small muted">* {{caveat}}</p>
{{#if chart}}<figure><div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:speed--></div>
<figcaption>{{#each heads}}<span class="key"><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></span>{{/each}}</figcaption></figure>
{{/if}}<details><summary>${t.byLanguage}</summary>{{#with byLanguage}}${speedTable}{{/with}}</details>
<details><summary>${w.moreTimes}</summary>${moreTimes}</details>
{{#if ratios}}<h3>${w.ratiosHead}</h3>
<ul class="said">{{#each ratios}}<li><bdi dir="auto">{{sentence}}</bdi></li>{{/each}}</ul>
{{#if ratiosByLanguage}}<details><summary>${t.byLanguage}</summary><ul class="said small">{{#each ratiosByLanguage}}<li>{{> language language}}: <bdi dir="auto">{{sentence}}</bdi></li>{{/each}}</ul></details>{{/if}}{{/if}}
{{#if totalCurve}}<figure>{{#if ttftCurve}}<div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:curve-ttft--></div>{{/if}}
<div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:curve-total--></div>
<figcaption>{{#each heads}}<span class="key"><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></span>{{/each}} ${w.curvesCaption}</figcaption></figure>{{/if}}
${loadTemplate}
<!--part:memory-->
</section>
`;

const scoreTable = `<div class="scroll" role="region" tabindex="0" aria-label="${t.scoresTable}"><table>
<thead><tr><th scope="col">${t.suite}</th><th scope="col">${t.metric}</th>{{#if languages}}<th scope="col">${t.language}</th>{{/if}}{{#each targets}}<th scope="col"><bdi>{{this}}</bdi></th>{{/each}}</tr></thead>
<tbody>{{#each rows}}<tr><th scope="row">{{#if suite}}<bdi dir="auto">{{suite}}</bdi>{{else}}${t.allSuites}{{/if}}</th><td>{{#if metric}}<bdi dir="auto">{{metric}}</bdi>{{else}}<b>${t.cellScore}</b>{{/if}}</td>{{#if ../languages}}<td>{{> language language}}</td>{{/if}}{{#each figures}}<td>{{> figure}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div>`;

export const scoresTemplate = `<section id="scores" class="card" aria-labelledby="scores-h">
<h2 id="scores-h">{{heading}}</h2>
<p class="lead">${t.scoresLead}</p>
{{#with overall}}${scoreTable}{{/with}}
<details><summary>${t.byLanguage}</summary>{{#with byLanguage}}${scoreTable}{{/with}}</details>
{{#if corpus}}<h3>${t.corpus}</h3>
<p class="lead">${t.corpusCaption}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${t.corpusTable}"><table>
<thead><tr><th scope="col">${t.language}</th><th scope="col">${t.suite}</th><th scope="col">${t.metric}</th>{{#each overall.targets}}<th scope="col"><bdi>{{this}}</bdi></th>{{/each}}<th scope="col">${t.definition}</th></tr></thead>
<tbody>{{#each corpus}}<tr><th scope="row">{{> language language}}</th><td><bdi dir="auto">{{suite}}</bdi></td><td><bdi dir="auto">{{metric}}</bdi></td>{{#each figures}}<td>{{> figure}}</td>{{/each}}<td class="muted"><code>{{signature}}</code></td></tr>{{/each}}</tbody>
</table></div>
{{/if}}<!--part:verdicts--></section>
`;
