/** Every word of the interface, in English, in one place. What a person reads on a page stands here, not in a template. */
import type { Basis, CellKind, Label } from '../types.ts';

/** Label -> the word people read. */
export const labelWords: Readonly<Record<Label | 'single', string>> = {
  better: 'better',
  worse: 'worse',
  equivalent: 'equivalent',
  inconclusive: 'undecided',
  'too-few': 'too few items',
  single: 'one target',
};

export const labelMeanings: Readonly<Record<Label, string>> = {
  better:
    'the 95 % interval of the difference lies above zero, p after Holm is below 0.05, and the difference is at least the margin',
  worse: 'the same, below zero',
  equivalent:
    'the 90 % interval lies wholly inside plus or minus the margin: a finding, not an absence of one',
  inconclusive:
    'neither: the items at hand cannot tell; the smallest difference they could have shown is printed beside it',
  'too-few': 'fewer than ten independent items: an estimate, no test',
};

interface KindWords {
  readonly word: string;
  readonly meaning: string;
}

/** Kinds in the order in which bars and tables show them: good news first, then the answer, the check, the outage. */
export const kindWords: Readonly<Record<CellKind, KindWords>> = {
  passed: { word: 'passed', meaning: 'every check with a threshold passed' },
  'scored-only': {
    word: 'scored, no threshold',
    meaning: 'scored by checks that have no threshold; neither passed nor failed',
  },
  'wrong-answer': { word: 'wrong answer', meaning: 'a complete answer that a check refused' },
  'wrong-language': {
    word: 'wrong language',
    meaning: 'answered in another language or script than asked for',
  },
  'invalid-json': {
    word: 'invalid JSON',
    meaning: 'JSON was asked for, and the answer is none or breaks its schema',
  },
  truncated: { word: 'truncated', meaning: 'cut at the token limit (finish reason “length”)' },
  refusal: { word: 'refusal', meaning: 'the model declined, or a filter did' },
  empty: { word: 'empty answer', meaning: 'complete by the server’s word, without any text' },
  'check-error': { word: 'check crashed', meaning: 'our check failed, not the model: no score' },
  'not-applicable': { word: 'not applicable', meaning: 'no check could apply to this answer: no score' },
  observed: { word: 'observed only', meaning: 'asked and shown, without a check on purpose' },
  'no-answer': {
    word: 'no answer',
    meaning: 'an outage: the endpoint failed, the model was not heard; never scored',
  },
  unasked: { word: 'never asked', meaning: 'planned, but the run ended before' },
};

interface OutcomeWords extends KindWords {
  /** The kind whose colour it has. */
  readonly color: CellKind;
}

interface BlockWords {
  readonly heading: string;
  readonly lead: string;
  readonly chart: string;
  readonly axis: string;
  /** In the order of bars and tables. */
  readonly outcomes: Readonly<Record<string, OutcomeWords>>;
  /** Lines below the counts: what they are, by name. */
  readonly footers: Readonly<Record<string, KindWords>>;
}

/** What checks saw besides right and wrong: a block per kind of evidence. */
export const blockWords = {
  numbers: {
    heading: 'Numbers',
    lead: 'What the number check read. A wrong number and a number that cannot be read are different faults.',
    chart: 'What number checks read in the answers of each target',
    axis: '% of numbers asked for that were answered',
    outcomes: {
      correct: { word: 'correct', meaning: 'the number asked for', color: 'passed' },
      wrong: { word: 'wrong', meaning: 'another number', color: 'wrong-answer' },
      none: { word: 'no number', meaning: 'nothing to read in the answer', color: 'empty' },
      ambiguous: {
        word: 'ambiguous',
        meaning: 'several values, or separators that can be read in two ways',
        color: 'truncated',
      },
    },
    footers: {
      otherReading: {
        word: 'right by the other separators',
        meaning: 'of the wrong ones: 1.234 for 1,234 or the reverse; counted, never scored',
      },
    },
  },
  choices: {
    heading: 'Multiple choice',
    lead: 'Which option the choice check read, beside the share that guessing would get right.',
    chart: 'What choice checks read in the answers of each target',
    axis: '% of choices asked for that were answered',
    outcomes: {
      correct: { word: 'correct', meaning: 'the right option', color: 'passed' },
      wrong: { word: 'wrong', meaning: 'another option', color: 'wrong-answer' },
      invalid: { word: 'no such option', meaning: 'a label that was not offered', color: 'invalid-json' },
      none: { word: 'no choice', meaning: 'no option named', color: 'empty' },
      ambiguous: { word: 'ambiguous', meaning: 'more than one option named', color: 'truncated' },
    },
    footers: {
      chance: { word: 'by guessing', meaning: 'the mean of one in k over the answers with k options' },
    },
  },
  languages: {
    heading: 'Language of the answers',
    lead: 'Judged line by line. Each of these counts as one language: Indonesian and Malay; Bokmål and Nynorsk; Bosnian, Croatian and Serbian in Latin letters; the Arabic varieties; the Chinese varieties.',
    chart: 'In which language the answers of each target came',
    axis: '% of answers whose language was looked at',
    outcomes: {
      match: {
        word: 'as asked',
        meaning: 'every line that could be judged is in the language',
        color: 'passed',
      },
      mixed: { word: 'mixed', meaning: 'some lines are in another language', color: 'truncated' },
      other: { word: 'another language', meaning: 'no line is in the language', color: 'wrong-language' },
      unknown: {
        word: 'cannot tell',
        meaning: 'nothing could recognise the language: not applicable',
        color: 'not-applicable',
      },
      tooShort: { word: 'too short', meaning: 'too few letters to tell: not applicable', color: 'unasked' },
    },
    footers: {},
  },
  stages: {
    heading: 'JSON',
    lead: 'How the JSON of an answer could be read: the first of these that held. Which of them passes is for the suite to say; repaired JSON never does.',
    chart: 'How the JSON of the answers of each target could be read',
    axis: '% of answers that JSON was asked of',
    outcomes: {
      strict: { word: 'bare JSON', meaning: 'the whole answer parses', color: 'passed' },
      fenced: { word: 'in a code fence', meaning: 'exactly one fence, and it parses', color: 'scored-only' },
      embedded: {
        word: 'in prose',
        meaning: 'exactly one value, with text around it',
        color: 'observed',
      },
      ambiguous: {
        word: 'several values',
        meaning: 'no telling which one is meant',
        color: 'check-error',
      },
      truncated: {
        word: 'cut off',
        meaning: 'a bracket never closes, or the token limit was met',
        color: 'truncated',
      },
      repaired: {
        word: 'legible after repair',
        meaning: 'a diagnosis, never a pass',
        color: 'invalid-json',
      },
      invalid: { word: 'broken', meaning: 'beyond repair', color: 'wrong-answer' },
      none: { word: 'none', meaning: 'no JSON in the answer', color: 'empty' },
    },
    footers: {},
  },
} as const satisfies Readonly<Record<string, BlockWords>>;

/** How a leaf differs from its reference. */
export const differenceWords = {
  value: 'other value',
  type: 'other type',
  absent: 'absent',
  extra: 'not asked for',
} as const;

export const verdictWords = {
  scored: 'scored',
  notApplicable: 'not applicable',
  checkError: 'check crashed',
  noAnswer: 'no answer',
  unasked: 'never asked',
} as const;

export const headings = {
  verdict: 'Verdict',
  gates: 'Gates',
  since: 'Since the earlier run',
  standings: 'All targets',
  languages: 'Languages',
  across: 'Across languages and repeats',
  wrong: 'What went wrong',
  disagree: 'Where the targets disagree',
  seen: 'What the checks saw',
  speed: 'Speed and memory',
  scores: 'Scores by suite and metric',
  answers: 'Answers, side by side',
  about: 'Definitions and run facts',
} as const;

/** The same for the bar at the top, where all of them have to fit. */
export const shortHeadings: Readonly<Partial<Record<string, string>>> = {
  since: 'Changes',
  standings: 'Targets',
  across: 'Across',
  wrong: 'Outcomes',
  disagree: 'Disagreements',
  seen: 'Checks',
  speed: 'Speed',
  scores: 'Scores',
  answers: 'Answers',
  about: 'Facts',
};

/**
 * Words of the templates, which take them in when they are made: HTML of ours, with the templates' own names in
 * braces where a name stands inside a sentence.
 */
export const pageWords = {
  differencesTable: 'Differences as a table',
  language: 'Language',
  scope: 'Scope',
  difference: 'Difference',
  interval: '95&nbsp;% interval',
  n: 'n',
  missing: 'missing',
  independent: 'independent',
  p: 'p',
  pHolm: 'p (Holm)',
  test: 'test',
  onlyOther: 'only other',
  onlyBaseline: 'only baseline',
  ifWrong: 'if missing were wrong',
  couldHaveSeen: 'could have seen',
  label: 'label',
  allLanguages: 'All languages',
  take: 'Take',
  isBaseline: '(baseline)',
  extent:
    '{{languageCount}} languages, {{itemCount}} tests in {{suiteCount}} suites, {{answered}} of {{planned}} cells answered. Run <bdi>{{run}}</bdi>.',
  against: '{{other}} against {{baseline}}',
  pairHeading: '<bdi>{{other}}</bdi> against <bdi>{{baseline}}</bdi>, language by language',
  chartBox: 'Chart, scrolls sideways',
  forestCaption:
    'Score of <bdi>{{other}}</bdi> minus <bdi>{{baseline}}</bdi> on the same items, in points, with 95&nbsp;% intervals. Filled: decided. Hollow: undecided or too few. Shaded: within ±{{margin}} points.',
  chartNumbers: 'The numbers behind this chart',
  furtherScopes: 'By suite and by metric',
  languagesTable: 'Languages by targets',
  whichToTake: 'Which to take',
  direction: '{{#if other}}<bdi>{{other}}</bdi>{{else}}each{{/if}} minus <bdi>{{baseline}}</bdi>, in points',
  meanOfMeans: 'mean of the language means',
  scoreKey: 'score',
  passKey: 'pass',
  undeclaredMark: '† undeclared',
  withoutScore: 'without a score:',
  languagesLead:
    'Score and pass rate of every target in every language, with 95&nbsp;% interval, n, and what is missing. A language opens its answers below.',
  byScore: 'Score',
  byPassRate: 'Pass rate',
  onlySuite: 'Only',
  wrongLead:
    'Every planned cell ends in exactly one of these. An outage, a crashed check and a wrong answer are different things: only answers are scored.',
  outcomesTable: 'Outcomes by target',
  outcome: 'Outcome',
  meaning: 'Meaning',
  failureCode: 'failure code',
  planned: 'planned',
  byLanguage: 'By language',
  outcomesByLanguage: 'Outcomes by language',
  disagreeLead:
    'Questions that one target passed and the other did not, and what the wrong one did instead. A count opens its answers below. n counts pairs with a pass or a failure on both sides; missing ones lack it (no answer, a crashed check, no threshold).',
  disagreeTable: 'right and wrong, by language',
  onlyRight: 'Only <bdi>{{other}}</bdi> right',
  onlyBaselineRight: 'Only <bdi>{{baseline}}</bdi> right',
  bothRight: 'both right',
  bothWrong: 'both wrong',
  seenLead:
    'Evidence from the checks’ details, beside the scores. Negated checks are not in it; what has no answer is missing, not wrong.',
  readCount: 'read',
  missingCount: 'no answer, or a check that crashed: in none of the counts',
  byMetric: 'By suite and metric',
  passTable: 'Line and word pass rates, and drift',
  passCaption:
    'Line pass rate: answers with every judged line in the language asked for. Word pass rate: of those, answers without a foreign word; only for languages not written in Latin letters. Then what came instead: answers with such lines.',
  linePass: 'lines',
  wordPass: 'words',
  drift: 'drift',
  noDrift: 'none',
  passByLanguage: 'Pass rates and drift by language',
  violationsTable: 'Rules of schemas that answers broke',
  violationsCaption:
    'Rules of schemas that answers broke, {{listed}} of {{distinct}}. An answer counts once per rule; * is any index.',
  pointer: 'Pointer',
  keyword: 'Keyword',
  wholeValue: '(the whole value)',
  fieldsTable: 'Fields of JSON answers',
  fieldsCaption:
    'Fields of JSON answers: mean match with the reference over the answers whose JSON was compared, and how the others differ; {{listed}} of {{distinct}} fields. * is any index.',
  field: 'Field',
  verdictsTable: 'Verdicts by metric',
  verdictsHeading: 'What was scored, and what was not',
  verdictsCaption:
    'Verdicts of every check by metric. Only scored ones are in a mean; the weight of what does not apply goes to the other checks, and a crash or a missing answer leaves the cell without a score.',
  check: 'Check',
  signaturesHeading: 'Definitions behind the scores',
  signaturesTable: 'Signatures by metric',
  signaturesCaption:
    'A signature names the exact definition of a score: check, parameters, libraries, the ICU version where it cuts words, and who computed it. Numbers with different signatures are never subtracted.',
  signature: 'Signature',
  languagesColumn: 'Languages',
  all: 'all',
  target: 'Target',
  timesTable: 'Times by target',
  ttft: 'TTFT',
  totalTime: 'Total time',
  charsPerSecond: 'Characters/s',
  tokensOut: 'Tokens out',
  tokensPerSecond: 'Tokens/s *',
  tokensPerChar: 'Tokens per character',
  tpot: 'TPOT',
  retried: 'retried',
  memory: 'Memory',
  machine: 'The machine that asked, before and after each phase',
  machineLead: 'Before → after. Only what the system tells.',
  remark: 'Remark',
  scoresTable: 'Scores',
  suite: 'Suite',
  metric: 'Metric',
  allSuites: 'all suites',
  cellScore: 'cell score',
  corpus: 'Corpus chrF and BLEU',
  corpusTable: 'Corpus figures',
  corpusCaption:
    'Counts of all answers added up, then computed: no mean of sentences. Compare models within one language only.',
  definition: 'Definition',
  scoresLead: 'Means of the language means, with 95&nbsp;% intervals.',
  filters: 'Filters',
  ofTarget: 'of target',
  order: 'Order',
  rightIs: 'Passed by',
  wrongIs: 'Failed by',
  asPlanned: 'As planned',
  apartFirst: 'Largest disagreement first',
  showAs: 'Answers shown',
  asAnswered: 'As they came',
  againstReference: 'Against the reference',
  againstFirst: 'Against the first target',
  search: 'Search prompts, answers, tests',
  exactSearch: 'Accents and vowel signs count',
  goTo: 'Go to number',
  showEarlier: 'Show earlier',
  showHidden: 'Show hidden characters',
  clearFilters: 'Clear filters',
  keys: '<kbd>j</kbd> <kbd>k</kbd> next and previous question, <kbd>h</kbd> <kbd>l</kbd> its answers, <kbd>p</kbd> prompt, <kbd>r</kbd> request and record, <kbd>c</kbd> copy as curl, <kbd>d</kbd> differences, <kbd>g</kbd> <kbd>G</kbd> first and last, <kbd>/</kbd> search. Words in the search may stand anywhere; “quoted” ones stand together.',
  showMore: 'Show more',
  numbersMean: 'What the numbers mean',
  labelsHeading: 'Labels (margin ±{{margin}} points)',
  namesHeading: 'Our names and those of other tools',
  namesTable: 'Names in other tools',
  run: 'Run',
  targets: 'Targets',
  suites: 'Suites',
  hosting:
    'This file loads nothing and sends nothing. Its policy stands in a meta element, which cannot set frame-ancestors or sandbox: who hosts it should send those as headers.',
  skip: 'Skip to the verdict',
  sections: 'Sections',
} as const;

/** Words of the speed phase. */
export const loadWords = {
  heading: 'Under load',
  lead: 'Fixed work where the server can be held to it, every prompt new to it, the targets in turns. Nothing here is scored. Figures struck through are the client’s own doing and support no verdict.',
  objectives: 'Good:',
  levelsTable: 'Levels of the speed phase',
  load: 'Load',
  inFlight: 'in flight',
  from: 'from',
  fromOne: 'from one client',
  clients: 'clients',
  clocks: 'clocks within',
  uncertain: 'blocks without a rate: the clocks of the clients agree too little for their length',
  perSecond: 'arrivals/s',
  requestsPerSecond: 'Requests/s',
  goodput: 'Good/s',
  failed: 'Failed / planned',
  workHead: 'Work',
  windowHead: 'Rates over',
  tokens: 'tokens',
  work: { fixed: 'fixed', 'natural-length': 'natural length', mixed: 'not all fixed' },
  window: { steady: 'full loop', whole: 'whole blocks' },
  throughputCaption:
    'Throughput against requests in flight, as a multiple of each target’s own at its lowest level. Dotted: what of it was good. Hollow: the client was at its limit.',
  tokensNote: 'In the target’s own tokens: read it within a target only.',
  totalNote: 'In an open loop from the planned start, waiting included.',
  floorsHead: 'What this client adds by itself',
  floorsLead:
    'The same client against a server of known pace, just before: differences smaller than this cannot be told.',
  atOnce: 'At once',
  added: 'Added to TTFT, p50 / p99',
  gap: 'Error of a gap, p99',
  busy: 'Event loop busy',
  late: 'Event loop late, p99',
  curvesCaption:
    'Share of answers that were there within a time: time to first token, then total time; answers at the first attempt.',
  untimed: 'not timed: this client was blocked or the machine slept',
  moreTimes: 'More times, and bytes per second',
  firstEvent: 'First event',
  toAnswer: 'To the answer',
  chunkGap: 'Between chunks',
  queued: 'Queued here',
  bytesPerSecond: 'Bytes/s',
  ratiosHead: 'Times side by side, on the same questions',
} as const;

/** Words of what happened beside the asking. */
export const eventWords = {
  heading: 'What happened on the way',
  lead: 'Why the run took long, or lacks what it lacks. Times from the start of the run.',
  run: 'the run',
  inAll: 'in all',
  more: 'more, in summary.json counted',
  when: 'After',
  what: 'What',
  names: {
    'breaker-open': 'did not answer and was waited for',
    'breaker-closed': 'answered again',
    'cool-down': 'asked for patience',
    sleep: 'this client was held up, or its machine slept',
    'server-restarted': 'its server was started anew',
    'load-ended': 'the load was not held to its end',
  },
} as const;

/** Words of all targets beside each other. */
export const standingWords = {
  lead: 'Quality, speed and memory as they stand, best score first. A place with a range says that the tests do not tell which comes first.',
  plotTitle: 'Score against speed of every target, with 95 % intervals',
  area: 'area',
  areaIs: 'Area:',
  qualityAxis: 'score, %',
  speedAxis: 'characters per second',
  filled:
    'Filled: on the front. Hollow: another target is at least as good in everything shown here, by the figures as they stand.',
  noMemory: 'Memory is not drawn: no figure of one basis is known of all targets.',
  memoryOf: {
    'gpu.peak': 'graphics memory at its peak',
    'gpu.afterLoad': 'graphics memory after load',
    'host.afterLoad': 'memory of the host after load',
    'estimate.total': 'the server’s own estimate',
  },
  table: 'All targets: quality, speed, memory',
  place: 'Place',
  against: 'By pairs, after Holm',
  score: 'Score',
  ifWrong: 'If missing were wrong',
  pass: 'Pass rate',
  worst: 'Worst language, by pass rate',
  front: 'Front',
  onFront: 'on the front',
  behind: 'behind',
  unknown: 'n/a',
  betterThan: 'better than',
  worseThan: 'worse than',
  undecidedWith: 'undecided with',
  pairsHeading: 'Every pair',
  pairsLead: 'Corrected over all pairs, and so stricter than each against the baseline.',
  pairsTable: 'Differences of every pair',
  factsTable: 'Licences and declared languages',
  license: 'Licence',
  declared: 'Declared languages',
  model: 'Model',
  served: 'As served',
  ofContext: 'tokens of context',
  asOf: 'At the time of this run, {{date}}.',
} as const;

/** Words of languages beside each other, and of repeats. */
export const acrossWords = {
  gapsHeading: 'Against the base language',
  gapsLead:
    'Pass rate in a language minus that in the base language of the suite, on the same items put to the same target, in points. Passes that rest on unlike definitions, or on a threshold of a lexical metric, are missing here.',
  gapsTable: 'Gaps to the base language',
  base: 'Base',
  several: 'several',
  consistencyHeading: 'The same item in all its languages',
  consistencyLead:
    'Share of the items whose outcome is the same in every language: a target that knows the answer knows it in all of them.',
  consistencyTable: 'Consistency over languages',
  consistent: 'Consistent',
  all: 'passed in all',
  none: 'in none',
  some: 'in some',
  bySuite: 'By suite',
  repeatsHeading: 'Repeats of the same question',
  repeatsLead:
    'Chance that at least one of k answers passes, and the share of items whose repeats all agree.',
  repeatsTable: 'Repeats',
  stable: 'Stable',
  corpusHeading: 'Corpus figures, differences from the baseline',
  corpusLead:
    'On the answers both gave, in points; approximate randomisation, corrected by Benjamini and Hochberg. Exploration: nothing here is a verdict.',
  corpusTable: 'Differences of corpus figures',
  q: 'q',
} as const;

/** Words of gates. */
export const gateWords = {
  states: { pass: 'held', fail: 'not held', inconclusive: 'undecided' },
  lead: 'What this run had to bear out. What was not answered counts against a gate; one that cannot be told is not passed.',
  claims: 'Claims',
  claimsTable: 'Claims of a gate',
  found: 'Of what was answered',
  counted: 'With what is missing against it',
  interval: 'Interval looked at',
  state: 'State',
} as const;

/** Words of the comparison with an earlier run. */
export const sinceWords = {
  lead: 'Against run <bdi>{{earlier}}</bdi> of {{createdAt}}, on the same questions put to the same targets, both scored by the checks of this run. {{extent}}',
  table: 'Differences from the earlier run',
  difference: 'Now minus then, points',
  changes: {
    worse: 'worse',
    lost: 'no answer now',
    better: 'better',
    back: 'answered again',
    incomparable: 'scored once only',
    reworded: 'other words',
    same: 'the same',
  },
  added: 'new',
  gone: 'gone',
  changed: 'Cells that changed, {{listed}} of {{distinct}}',
  changesTable: 'Cells that changed',
  change: 'Change',
  question: 'Question',
  before: 'Then',
  after: 'Now',
  repeat: 'repeat',
  noScore: 'no score',
} as const;

/** Words of the browser of cells; they travel to the page inside the data. */
export const cardWords = {
  prompt: 'Prompt and checks',
  reasoning: 'Reasoning',
  refusal: 'Refusal',
  toolCalls: 'Tool calls',
  partial: 'Received before it broke',
  evidence: 'evidence',
  expected: 'What is checked',
  nothing: 'No text.',
  neverAsked: 'Planned, never asked.',
  pass: 'pass',
  fail: 'fail',
  scored: 'scored',
  notApplicable: 'not applicable',
  checkError: 'check crashed',
  noAnswer: 'no answer',
  score: 'score',
  noScore: 'no score',
  attempts: 'attempts',
  finish: 'finish',
  tokens: 'tokens out',
  ttft: 'TTFT',
  e2e: 'total',
  showAll: 'Show the whole answer',
  showLess: 'Show less',
  repeat: 'repeat',
  variant: 'variant',
  apart: 'targets disagree',
  none: 'No card matches these filters.',
  showing: '{found} of {all} questions.',
  searching: 'Searching, {share} % of the answers read.',
  allLanguages: 'All languages',
  allSuites: 'All suites',
  statusAll: 'Any outcome',
  statusApart: 'Targets disagree',
  statusPassed: 'Some target passed',
  statusFailed: 'Some target failed',
  statusSilent: 'No answer from some target',
  byKind: 'One outcome is',
  http: 'HTTP',
  anyTarget: 'any',
  link: 'Link to this question',
  reference: 'Reference',
  metadata: 'Metadata',
  same: 'The same, word for word.',
  diffReference: 'Struck out: only in the reference. Underlined: only in the answer.',
  diffAnswers: 'Struck out: only in the first target’s answer. Underlined: only in this one.',
  tooFar: 'Too different to compare word by word.',
  raw: 'Request and record',
  copyCurl: 'Copy as curl',
  copied: 'Copied',
  notCopied: 'The browser does not let this page copy',
  clockCaption: 'Clock, from the request written',
  clock: {
    tCall: 'handed to the HTTP client',
    t0: 'request written',
    tHdr: 'response head',
    tEvt1: 'first event',
    tOut1: 'first output',
    tAns1: 'first text of the answer',
    tLast: 'last output',
    tDone: 'end of the body',
  },
  recordCaption: 'Record',
  record: {
    promptTokens: 'prompt tokens',
    completionTokens: 'completion tokens',
    reasoningTokens: 'reasoning tokens',
    cachedTokens: 'from the prompt cache',
    chunks: 'output events',
    reads: 'socket reads with output',
    bytes: 'bytes',
    concurrency: 'in flight at most',
    block: 'block',
    model: 'model by the server’s word',
    key: 'Key in the run folder begins',
  },
} as const;

export interface Definition {
  readonly term: string;
  readonly text: string;
}

/** What every number of the page is, and what it excludes. */
export const definitions: readonly Definition[] = [
  {
    term: 'Score',
    text: 'Weighted mean of a cell’s scored checks, 0 to 100 %. Of a language: the mean over its items, repeats averaged first. Over all languages: the mean of the language means, so that every language counts the same.',
  },
  {
    term: 'Pass rate',
    text: 'Share of cells whose every check with a threshold passed. Cells without such a check do not count.',
  },
  {
    term: 'n and missing',
    text: 'n is the number of observations behind a figure; missing is how many were planned and gave none. The plan is the denominator: an outage or a crashed check is missing, never zero.',
  },
  {
    term: 'If missing were wrong',
    text: 'The same figure with every lost answer (unanswered, never asked, crashed check) counted as wrong, so that nobody gains by not answering. A lead that does not outlive this names no winner.',
  },
  {
    term: 'Interval',
    text: '95 %. wilson: Wilson score interval for one pass rate. t: Student’s t over items. cr1-t: cluster-robust (CR1) standard error with t over independent items. bca: bias-corrected and accelerated bootstrap over independent items, 10,000 seeded draws, where at least 20 of them are too skewed for t. tango: Tango’s score interval for a paired difference of two pass rates. None at n of 1 or less.',
  },
  {
    term: 'Difference',
    text: 'Other target minus baseline, in percentage points, on the items that both answered. In a language n counts pairs of answers; over all languages, independent items.',
  },
  {
    term: 'p (Holm)',
    text: 'p value of the paired test named beside it, after Holm’s correction over all claims of its kind: the languages of all pairs of targets, or their overall differences. mcnemar-exact: exact McNemar test. sign-flip: sign-flip permutation test, exact or with 10,000 seeded draws.',
  },
  {
    term: 'Could have seen',
    text: 'The smallest difference that this many items would show with 80 % power at the 5 % level.',
  },
  {
    term: 'Worst language and spread',
    text: 'The language with the lowest pass rate, and how far it lies below the highest. Never by score: a score may hold a metric without a threshold, such as chrF, which compares models within a language and not languages with each other.',
  },
  {
    term: 'Corpus chrF and BLEU',
    text: '0 to 100, as sacrebleu prints them, from the n-gram counts of all answers together. n counts answers. The interval is the middle 95 % of a bootstrap over independent items, 10,000 seeded draws for up to 100 of them and down to 1,000 for more. Figures with different definitions, and figures of different languages, cannot be compared.',
  },
  {
    term: 'TTFT',
    text: 'Time to first token: from the request written to the socket until the first text, reasoning, refusal or tool call. Connecting is not in it.',
  },
  {
    term: 'Total time (E2E)',
    text: 'From the request written to the socket until the last event with output or a finish reason. Answers that needed another attempt are left out and counted as retried.',
  },
  {
    term: 'First event, to the answer, between chunks, queued',
    text: 'From the request written to the socket until the first event whatever it held (TTFE), and until the first text of the answer itself, after any reasoning (TTA). Between chunks: of each answer the median gap between two reads with output (inter-chunk latency), never the time of a token. Queued here: from the moment a request could go until it was on the socket.',
  },
  {
    term: 'TPOT',
    text: 'Time per output token after the first: (total time − TTFT) / (tokens − 1), tokens by the server’s count.',
  },
  {
    term: 'Characters per second',
    text: 'Code points of the NFC answer per second of total time, mean over answers. Comparable between models, since it does not depend on a tokenizer.',
  },
  {
    term: 'Tokens per second',
    text: 'Completion tokens by the server’s count per second of total time. Each model counts in its own tokens: read it within a column only.',
  },
  {
    term: 'Percentiles',
    text: 'Linear interpolation. p90 needs 20 answers, p95 40, p99 200; below that n/a.',
  },
  {
    term: 'Memory',
    text: 'PSS divides shared pages among their users; RSS counts them in every process, so a sum over processes is an upper bound (≤). A control group is counted without its page cache. Figures of different bases are not comparable and share no column and no chart. The peak is the kernel’s high-water mark.',
  },
  {
    term: 'Gates',
    text: 'What the run had to bear out. A gate is held, not held, or undecided, and only the first is passed. What is missing counts against it: as 0 under a floor, as 1 under a ceiling, as endless in a time. “by ci” decides on the whole interval, of what was answered and with the gaps against it; the claims of one gate share its 5 % by Holm. Without it the value alone decides, and the sentence says when its interval reaches over the limit.',
  },
  {
    term: 'Place and front',
    text: 'A place is what the comparisons of all pairs bear out after Holm: 1 to 3 says that any of the three may come first. On the front is a target unless another one is at least as good in score, characters per second and memory, and better in one of them, as the figures stand: intervals are not asked.',
  },
  {
    term: 'Since the earlier run',
    text: 'Cells with the same key in both runs: the same rendered prompt, request, model and target. Both sides are scored by the checks of this run. What is new or gone is counted and not compared.',
  },
  {
    term: 'Only one right',
    text: 'Questions, repeats counted one by one, that one target passed and the other did not. n counts those that both passed or failed; missing are those where one of them has neither. Counts without an interval: what they prove, the difference and its label say.',
  },
  {
    term: 'Targets disagree',
    text: 'On one question, one target passed and another did not, or their scores differ by 10 points or more.',
  },
];

/** Our names beside those of other tools, since equal names hide different clocks. */
export const otherNames: readonly (readonly string[])[] = [
  ['TTFT', 'TTFT: the role chunk counts, connecting is included', 'TTFT', 'TTFT'],
  [
    'Total time (E2E)',
    'E2EL',
    'request latency, to the close of the stream',
    'request latency, to the last content',
  ],
  [
    'TPOT',
    'TPOT, from its TTFT',
    'ITL = (last − first) / (n − 1); its TPOT contains TTFT',
    'ITL, one per request; n from a tokenizer at the client',
  ],
  ['Characters per second', 'none', 'characters/s', 'none'],
];

export const texts = {
  demo: 'Demonstration',
  demoFallback:
    'The answers in this report were authored to demonstrate the harness. They say nothing about any model.',
  incomplete: 'Incomplete',
  notes: 'Notes',
  noscript:
    'Browsing the answers needs JavaScript. The same rows are in rows.csv, beside this file. Every table above works without it.',
  cannotUnpack:
    'This browser cannot unpack the answers inside this file: it lacks DecompressionStream, which browsers have had since 2023. The same rows are in rows.csv, beside this file. Every table above works without it.',
  tokenCaveat:
    'Tokens per second are not comparable between models with different tokenizers: the same sentence can be twice as many tokens in one as in another, most of all outside the Latin script. Compare characters per second and total time.',
  legal: 'As stated by the operator of this run. Not legal advice.',
  notStated: 'not stated',
  matrixKey:
    'Score and pass rate with their 95 % intervals. Differences of scores in points with theirs, where n counts pairs of answers in a language and independent items over all languages; “could see” is the smallest difference that this many items would show with 80 % power.',
  undeclared: 'outside the languages that the maker declares',
} as const;

/** Bases as headers of columns name them. */
export const basisNames: Readonly<Record<Basis, string>> = {
  pss: 'PSS',
  rss: 'RSS',
  cgroup: 'control group',
  'gpu-process': 'by process',
  'gpu-delta': 'by difference',
  'api-ps': 'estimate',
  metrics: 'metrics',
  log: 'log',
};

/** Titles of the charts over the run, by what the lines mean. */
export const chartTitles: Readonly<Partial<Record<Basis, string>>> = {
  rss: 'Resident memory over the run (RSS)',
  cgroup: 'Memory of the container over the run (control group)',
  'gpu-process': 'Graphics memory over the run (by process)',
  'gpu-delta': 'Graphics memory over the run (by difference)',
};

/** Words of the tables and charts of memory. */
export const memoryWords = {
  none: 'n/a',
  lead: 'Every figure under its basis, with the readings behind it (n). Bases differ in what they count: compare within a table.',
  bases: {
    pss: 'Memory of all processes of the server, read at quiet points: shared pages are divided among those who map them (PSS). The peak is the resident set’s, added up over processes where it says ≤.',
    rss: 'Resident memory of the server’s processes: pages that several of them share count in each, so a sum is an upper bound (≤).',
    cgroup:
      'Anonymous, shared and mapped file memory of the container, without the page cache. The peak is the container’s, with it.',
    'gpu-process': 'Graphics memory that the vendor’s tool counts for the server’s own processes.',
    'gpu-delta': 'Graphics memory in use on the devices, less what was in use before the server started.',
    'api-ps': 'What the server says of the loaded model: estimates made while loading, not measurements.',
  },
  host: 'Memory of the host',
  gpu: 'Memory of graphics devices',
  cache: 'Weights and key-value cache',
  cacheMeaning:
    'Servers that reserve their cache at the start hold what they were told to: capacity and use tell more than the memory taken.',
  estimate: 'The server’s own estimate',
  idle: 'Idle',
  after: 'After load',
  anonShmem: 'Anonymous and shared',
  file: 'Mapped files',
  swap: 'Swapped out',
  peak: 'Peak',
  withCache: 'with page cache',
  devices: 'Devices hold',
  total: 'total',
  weights: 'Weights',
  capacityTokens: 'Cache, tokens',
  capacityBytes: 'Cache, size',
  declared: 'tokens × declared bytes',
  used: 'Most of it in use',
  held: 'Most tokens held',
  preemptions: 'Preemptions',
  whole: 'Model',
  onGpu: 'of it on devices',
  onHost: 'of it on the host',
  context: 'Context, tokens',
  gaps: 'Not measured',
  noProbe: 'no memory probe is set for this target',
  loaded: 'under load',
  seconds: 'seconds of the run',
  chartKey: 'Rings: quiet points, before and after the load.',
  servers: 'What the servers counted',
  serversMeaning:
    'By difference of their own counters over the phase, beside the answers recorded here. Times are the server’s, with those seen here behind them: the gap is the network and this client.',
  phase: 'Phase',
  server: 'Server',
  promptTokens: 'Prompt tokens',
  generatedTokens: 'Generated tokens',
  usageTokens: 'Recorded here',
  mismatch: 'Difference',
  waiting: 'Most waiting',
  mean: 'mean',
  here: 'here',
  named: 'Metrics asked for by name',
  first: 'First',
  last: 'Last',
  highest: 'Highest',
} as const;
