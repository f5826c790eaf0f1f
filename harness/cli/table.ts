/** The one table at the end of a run: languages down, targets across. */
import Table from 'cli-table3';
import type { Comparison, ScoreRow, Stat, Summary } from '../types.ts';
import { memoryLines } from './memory-lines.ts';
import { safeText, type Paint } from './terminal.ts';

const words: Readonly<Record<Comparison['label'], string>> = {
  better: 'better',
  worse: 'worse',
  equivalent: 'equivalent',
  inconclusive: 'undecided',
  'too-few': 'too few items',
};

/** Rows without a head. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const table = new Table({ style: { head: [], border: [], compact: true }, chars: plain });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** The table as text, without a line feed at its end. */
export function resultTable(summary: Summary, paint: Paint): string {
  const targets = summary.targets.map((target) => target.id);
  const others = targets.filter((id) => id !== summary.baseline);
  const table = new Table({
    head: [
      '',
      ...targets.map(safeText),
      ...others.map((id) => `${safeText(id)} - ${safeText(summary.baseline)}`),
    ],
    style: { head: [], border: [], compact: true },
    chars: plain,
  });
  const scores = new Map(
    summary.scores
      .filter((row) => row.suite === null && row.metric === null)
      .map((row) => [`${row.target} ${row.language ?? ''}`, row]),
  );
  const differences = new Map(
    summary.comparisons
      .filter((row) => row.suite === null && row.metric === null)
      .map((row) => [`${row.other} ${row.language ?? ''}`, row]),
  );
  const line = (label: string, language: string): string[] => [
    label,
    ...targets.map((id) => scoreText(scores.get(`${id} ${language}`))),
    ...others.map((id) => differenceText(differences.get(`${id} ${language}`), paint)),
  ];
  for (const language of summary.languages) table.push(line(safeText(language), language));
  table.push(line('all', ''));
  const speed = (pick: (row: Summary['speed'][number]) => string): string[] =>
    targets.map((id) => {
      const row = summary.speed.find((one) => one.target === id && one.language === null);
      return row === undefined ? 'n/a' : pick(row);
    });
  const blank = others.map(() => '');
  const errors = targets.map((id) => {
    const facts = summary.targets.find((one) => one.id === id);
    const lost = (facts?.failed ?? 0) + (facts?.unasked ?? 0);
    return lost === 0 ? '0' : paint('yellow', String(lost));
  });
  table.push(['no answer', ...errors, ...blank]);
  table.push(['TTFT p50, ms', ...speed((row) => whole(row.ttftMs.p50)), ...blank]);
  table.push(['total p50, ms', ...speed((row) => whole(row.e2eMs.p50)), ...blank]);
  table.push(['chars/s', ...speed((row) => whole(row.charsPerSecond.value)), ...blank]);
  for (const line of memoryLines(summary, targets)) table.push([...line, ...blank]);
  return table.toString();
}

function scoreText(row: ScoreRow | undefined): string {
  if (row === undefined || row.score.value === null) return 'n/a';
  const missing = row.score.missing === 0 ? '' : `, ${row.score.missing} missing`;
  return `${percent(row.score.value)}${interval(row.score)} (n ${row.score.n}${missing})`;
}

function differenceText(row: Comparison | undefined, paint: Paint): string {
  if (row === undefined || row.difference.value === null) return 'n/a';
  const sign = row.difference.value > 0 ? '+' : '';
  const word = words[row.label];
  const shown =
    row.label === 'better' ? paint('green', word) : row.label === 'worse' ? paint('red', word) : word;
  return `${sign}${(row.difference.value * 100).toFixed(1)}${interval(row.difference)} ${shown}`;
}

function interval(stat: Stat): string {
  return stat.low === null || stat.high === null
    ? ''
    : ` [${(stat.low * 100).toFixed(0)}, ${(stat.high * 100).toFixed(0)}]`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)}%`;
}

function whole(value: number | null): string {
  return value === null ? 'n/a' : String(Math.round(value));
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
