/** What the speed phase measured: levels, comparisons, the floor of the client. */
import { loadWords as w, pageWords as t } from '../../strings.ts';

const levels = `<div class="scroll" role="region" tabindex="0" aria-label="${w.levelsTable}"><table class="times">
<caption class="sr">${w.levelsTable}</caption>
<thead><tr>{{#if named}}<th scope="col" rowspan="2">${t.suite}</th>{{/if}}<th scope="col" rowspan="2">${w.load}</th><th scope="col" rowspan="2">${t.target}</th><th scope="colgroup" colspan="3">${t.ttft}</th><th scope="colgroup" colspan="3">${t.totalTime} ‡</th><th scope="colgroup" colspan="3">${t.tpot}</th><th scope="col" rowspan="2">${t.tokensPerSecond}</th><th scope="col" rowspan="2">${w.requestsPerSecond}</th>{{#if good}}<th scope="col" rowspan="2">${w.goodput}</th>{{/if}}<th scope="col" rowspan="2" class="num">${w.failed}</th><th scope="col" rowspan="2">${w.workHead}</th><th scope="col" rowspan="2">${w.windowHead}</th></tr>
<tr>{{#each groups}}<th scope="col" class="num">p50</th><th scope="col" class="num">p90</th><th scope="col" class="num">p95</th>{{/each}}</tr></thead>
<tbody>{{#each levels}}<tr{{#if doubt}} class="doubted"{{/if}}>{{#if ../named}}<td><bdi dir="auto">{{series}}</bdi></td>{{/if}}<th scope="row" class="load">{{load}}</th><td class="load-target"><bdi>{{target}}</bdi>{{#if doubt}}<span class="sub">{{doubt}}</span>{{/if}}</td>{{> quantiles ttft}}{{> quantiles total}}{{> quantiles tpot}}<td>{{> figure tokens}}</td><td>{{> figure requests}}</td>{{#if ../good}}<td>{{#each goodput}}{{> figure this}}{{/each}}</td>{{/if}}<td class="num">{{failed}}&nbsp;/&nbsp;{{planned}}</td><td>{{work}}</td><td>{{window}}</td></tr>{{/each}}</tbody>
</table></div>`;

const floors = `<details><summary>${w.floorsHead}</summary><p class="small muted">${w.floorsLead}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${w.floorsHead}"><table>
<thead><tr><th scope="col" class="num">${w.atOnce}</th><th scope="col" class="num">${t.n}</th><th scope="col" class="num">${w.added}</th><th scope="col" class="num">${w.gap}</th><th scope="col" class="num">${w.busy}</th><th scope="col" class="num">${w.late}</th><th scope="col">${t.remark}</th></tr></thead>
<tbody>{{#each floors}}<tr><th scope="row" class="num">{{concurrency}}</th><td class="num">{{n}}</td><td class="num">{{added}}</td><td class="num">{{gap}}</td><td class="num">{{busy}}</td><td class="num">{{late}}</td><td class="muted">{{doubt}}</td></tr>{{/each}}</tbody>
</table></div></details>`;

export const loadTemplate = `{{#with load}}<h3>${w.heading}</h3>
<p class="lead">${w.lead}</p>
{{#each objectives}}<p class="small">${w.objectives} {{this}}</p>{{/each}}
{{#if throughput}}<figure><div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:throughput--></div>
<figcaption>{{#each ../heads}}<span class="key"><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></span>{{/each}} ${w.throughputCaption}</figcaption></figure>{{/if}}
{{#if ratios}}<ul class="said">{{#each ratios}}<li><bdi dir="auto">{{sentence}}</bdi></li>{{/each}}</ul>{{/if}}
${levels}
<p class="small muted">* ${w.tokensNote} ‡ ${w.totalNote}</p>
{{#if floors}}${floors}{{/if}}{{/with}}`;
