/** Where one target was right and the other wrong: a table per pair, each count a way into the answers. */
import { pageWords as t } from '../../strings.ts';

const side = (name: string) =>
  `<td>{{#with ${name}}}{{#if count}}<a href="#{{query}}"><b>{{count}}</b></a> <span class="instead">{{#each kinds}}<a class="small" href="#{{query}}"><i class="dot k-{{kind}}"></i>{{word}} {{count}}</a>{{/each}}</span>{{else}}<span class="muted">0</span>{{/if}}{{/with}}</td>`;

export const disagreeTemplate = `<section id="disagree" class="card" aria-labelledby="disagree-h">
<h2 id="disagree-h">{{heading}}</h2>
<p class="lead">${t.disagreeLead}</p>
{{#each pairs}}<div class="scroll" role="region" tabindex="0" aria-label="${t.against}: ${t.disagreeTable}"><table class="disagree">
<caption class="sr">${t.against}: ${t.disagreeTable}</caption>
<thead><tr><th scope="col">${t.language}</th><th scope="col">${t.onlyRight}</th><th scope="col">${t.onlyBaselineRight}</th><th scope="col" class="num">${t.bothRight}</th><th scope="col" class="num">${t.bothWrong}</th><th scope="col" class="num">${t.n}</th><th scope="col" class="num">${t.missing}</th></tr></thead>
<tbody>{{#each lines}}<tr{{#unless language}} class="overall"{{/unless}}><th scope="row">{{#if language}}{{> language language}}{{else}}${t.allLanguages}{{/if}}</th>${side('onlyOther')}${side('onlyBaseline')}<td class="num">{{both}}</td><td class="num">{{neither}}</td><td class="num">{{n}}</td><td class="num">{{missing}}</td></tr>{{/each}}</tbody>
</table></div>
{{/each}}</section>
`;
