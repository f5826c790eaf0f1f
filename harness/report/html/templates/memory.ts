/** Memory: a table per basis, a chart per basis, what could not be measured and why, what the servers counted. */
import { memoryWords as w, pageWords as t } from '../../strings.ts';

const table = `<h4 class="part">{{title}}</h4>
<p class="small muted">{{meaning}}</p>
<div class="scroll" role="region" tabindex="0" aria-label="{{title}}"><table class="memory">
<thead><tr><th scope="col">${t.target}</th>{{#each columns}}<th scope="col" class="num">{{name}}<span class="sub">{{basis}}</span></th>{{/each}}</tr></thead>
<tbody>{{#each rows}}<tr><th scope="row"><i class="dot {{tone}}"></i><bdi>{{target}}</bdi></th>{{#each cells}}<td class="num">{{#if known}}<b>{{text}}</b><span class="counts">n&nbsp;{{n}}</span>{{else}}<span class="muted">{{text}}</span>{{/if}}</td>{{/each}}</tr>{{/each}}</tbody>
</table></div>`;

export const memoryTemplate = `<h3>${t.memory}</h3>
<p class="lead">${w.lead}</p>
{{#each tables}}${table}
{{/each}}{{#each charts}}<figure><h4 class="part">{{title}}</h4><div class="scroll plot-box" role="region" tabindex="0" aria-label="${t.chartBox}"><!--part:{{id}}--></div>
<p class="small muted">{{#each heads}}<span class="key"><i class="dot {{tone}}"></i><bdi>{{target}}</bdi></span>{{/each}}{{#if hasMarks}}${w.chartKey}{{/if}}</p></figure>
{{/each}}{{#if gaps}}<h4 class="part">${w.gaps}</h4>
<ul class="gaps">{{#each gaps}}<li><bdi>{{target}}</bdi>, <bdi>{{probe}}</bdi>: <bdi dir="auto">{{why}}</bdi></li>{{/each}}</ul>
{{/if}}{{#if servers}}<h4 class="part">${w.servers}</h4>
<p class="small muted">${w.serversMeaning}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${w.servers}"><table>
<thead><tr><th scope="col">${t.target}</th><th scope="col">${w.phase}</th><th scope="col">${w.server}</th><th scope="col" class="num">${w.promptTokens}</th><th scope="col" class="num">${w.generatedTokens}</th><th scope="col" class="num">${w.usageTokens}</th><th scope="col" class="num">${w.mismatch}</th><th scope="col" class="num">${w.waiting}</th><th scope="col">${t.ttft}</th><th scope="col">${t.tpot}</th><th scope="col">${t.remark}</th></tr></thead>
<tbody>{{#each servers}}<tr><th scope="row"><bdi>{{target}}</bdi></th><td>{{phase}}</td><td><bdi>{{server}}</bdi></td><td class="num">{{promptTokens}}</td><td class="num">{{generationTokens}}</td><td class="num">{{usageTokens}}</td><td class="num">{{mismatch}}</td><td class="num">{{waiting}}</td><td>{{ttft}}</td><td>{{tpot}}</td><td>{{flags}}</td></tr>{{/each}}</tbody>
</table></div>
{{/if}}{{#if named}}<details><summary>${w.named}</summary><div class="scroll" role="region" tabindex="0" aria-label="${w.named}"><table>
<thead><tr><th scope="col">${t.target}</th><th scope="col">${w.phase}</th><th scope="col">${t.metric}</th><th scope="col" class="num">${w.first}</th><th scope="col" class="num">${w.last}</th><th scope="col" class="num">${w.highest}</th></tr></thead>
<tbody>{{#each named}}<tr><th scope="row"><bdi>{{target}}</bdi></th><td>{{phase}}</td><td><code>{{name}}</code></td><td class="num">{{first}}</td><td class="num">{{last}}</td><td class="num">{{peak}}</td></tr>{{/each}}</tbody>
</table></div></details>
{{/if}}`;
