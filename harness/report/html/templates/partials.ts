/** Pieces used by several sections. Attributes are quoted, always; untrusted runs stand in <bdi>. */
import { pageWords as t } from '../../strings.ts';

export const partials = {
  language: `<bdi lang="en">{{english}}</bdi>{{#if own}} <bdi class="own" lang="{{tag}}">{{own}}</bdi>{{/if}}`,

  counted: `<span class="n">n&nbsp;{{n}}</span> <span class="n{{#if missing}} gap{{/if}}">${t.missing}&nbsp;{{missing}}</span>`,

  figure: `<b class="num">{{value}}</b>{{#if interval}} <span class="ci">{{interval}}</span>{{/if}} <span class="counts">{{> counted}}</span>`,

  quantiles: `<td class="num"><b>{{p50}}</b><span class="counts">{{> counted}}</span></td><td class="num">{{p90}}</td><td class="num">{{p95}}</td>`,
} as const;
