/** What every number means, and the facts of the run. */
import { eventWords as e, pageWords as t } from '../../strings.ts';

export const aboutTemplate = `<section id="about" class="card" aria-labelledby="about-h">
<h2 id="about-h">{{heading}}</h2>
<details><summary>${t.numbersMean}</summary>
<dl class="defs">{{#each definitions}}<dt>{{term}}</dt><dd>{{text}}</dd>{{/each}}</dl>
<h3>${t.labelsHeading}</h3>
<dl class="defs">{{#each labels}}<dt>{{word}}</dt><dd>{{meaning}}</dd>{{/each}}</dl>
<h3>${t.namesHeading}</h3>
<div class="scroll" role="region" tabindex="0" aria-label="${t.namesTable}"><table><thead><tr><th scope="col">visavis</th><th scope="col">vllm bench serve</th><th scope="col">guidellm</th><th scope="col">aiperf</th></tr></thead>
<tbody>{{#each otherNames}}<tr>{{#each this}}<td>{{this}}</td>{{/each}}</tr>{{/each}}</tbody></table></div>
<!--part:signatures--></details>
<h3>${t.run}</h3>
<dl class="pairs">{{#each run}}<dt>{{term}}</dt><dd><bdi dir="auto">{{text}}</bdi></dd>{{/each}}</dl>
{{#if machine}}<h3>${t.machine}</h3>
<p class="small muted">${t.machineLead}</p>
{{#each machine}}<div class="fact-card"><h4>{{title}}</h4><dl class="pairs">{{#each facts}}<dt>{{term}}</dt><dd><bdi dir="auto">{{text}}</bdi></dd>{{/each}}</dl></div>{{/each}}{{/if}}
{{#with events}}<h3>${e.heading}</h3>
<p class="small muted">${e.lead}</p>
<dl class="pairs">{{#each counts}}<dt><bdi>{{target}}</bdi></dt><dd>{{text}}</dd>{{/each}}</dl>
<div class="scroll" role="region" tabindex="0" aria-label="${e.heading}"><table><thead><tr><th scope="col" class="num">${e.when}</th><th scope="col">${t.target}</th><th scope="col">${e.what}</th></tr></thead>
<tbody>{{#each lines}}<tr><td class="num">{{at}}</td><td><bdi>{{target}}</bdi></td><td><bdi dir="auto">{{text}}</bdi></td></tr>{{/each}}</tbody></table></div>
{{#if more}}<p class="small muted">{{more}}</p>{{/if}}{{/with}}<h3>${t.targets}</h3>
{{#each targets}}<div class="fact-card"><h4><i class="dot {{tone}}"></i><bdi>{{id}}</bdi></h4><dl class="pairs">{{#each facts}}<dt>{{term}}</dt><dd><bdi dir="auto">{{text}}</bdi></dd>{{/each}}</dl></div>{{/each}}
<p class="small muted">{{legal}}</p>
<h3>${t.suites}</h3>
{{#each suites}}<div class="fact-card"><h4><bdi dir="auto">{{name}}</bdi></h4><dl class="pairs">{{#each facts}}<dt>{{term}}</dt><dd><bdi dir="auto">{{text}}</bdi></dd>{{/each}}</dl></div>{{/each}}
<p class="small muted">${t.hosting}</p>
</section>
`;
