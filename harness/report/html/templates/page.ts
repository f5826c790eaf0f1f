/** The frame of the page. The policy comes first, before anything it has to hold back. */
import { pageWords as t } from '../../strings.ts';

export const pageTemplate = `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{{title}}</title>
<style><!--part:style--></style>
</head>
<body>
<a class="skip" href="#main">${t.skip}</a>
<header class="top">
<div class="wrap">
<p class="brand">visavis</p>
<nav aria-label="${t.sections}">{{#each sections}}<a href="#{{id}}">{{name}}</a>{{/each}}</nav>
</div>
</header>
<main id="main" class="wrap">
<!--part:banners-->
<!--part:verdict-->
<!--part:gates-->
<!--part:since-->
<!--part:standings-->
<!--part:languages-->
<!--part:across-->
<!--part:wrong-->
<!--part:disagree-->
<!--part:seen-->
<!--part:speed-->
<!--part:scores-->
<!--part:answers-->
</main>
<footer class="wrap">
<!--part:about-->
</footer>
<!--data-->
<script><!--part:script--></script>
</body>
</html>
`;

export const bannersTemplate = `{{#if demo}}<div class="banner demo" role="note"><p class="banner-head">{{demoWord}}</p><p><bdi dir="auto">{{demo}}</bdi></p></div>
{{/if}}{{#if incomplete}}<div class="banner gap-banner" role="note"><p class="banner-head">{{incompleteWord}}</p><p>{{incomplete}}</p></div>
{{/if}}{{#if notes}}<details class="notes"><summary>{{notesWord}} ({{notes.length}})</summary><ul>{{#each notes}}<li class="{{level}}"><code>{{code}}</code> <bdi dir="auto">{{text}}</bdi></li>{{/each}}</ul></details>
{{/if}}`;
