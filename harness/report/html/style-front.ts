/** Style of what stands near the verdict: gates, the comparison with an earlier run, the front of quality and cost. */
export const front = `
.top nav { gap: 0.9rem; } .top .wrap { gap: 1.1rem; }
.gate-outcome { margin-block: 0.25rem 0.75rem; }
.gates { list-style: none; padding: 0; display: grid; gap: 0.75rem; }
.gate { border-inline-start: 4px solid var(--line); padding-inline-start: 0.9rem; }
.gate > p:first-child { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
.gate code { overflow-wrap: anywhere; }
.gate.gate-pass { border-color: var(--good); } .gate.gate-fail { border-color: var(--bad); } .gate.gate-inconclusive { border-color: var(--warn-line); }
.chip.gate-pass { --tone: var(--good); } .chip.gate-fail { --tone: var(--bad); } .chip.gate-inconclusive { --tone: var(--l-inconclusive); }
td.gate-pass { color: var(--good); } td.gate-fail { color: var(--bad); }
.changes td { min-width: 14rem; } .changes .excerpt { font-size: 0.85rem; color: var(--ink); unicode-bidi: plaintext; max-width: 28rem; }
.standings thead th, .who thead th, #since thead th { white-space: normal; }
.standings th .sub { font-weight: 400; max-width: 9rem; }
.standings td:nth-child(2) { min-width: 7.5rem; } .standings tbody th { white-space: nowrap; }
.standings td { padding-inline: 0.5rem; }
`;
