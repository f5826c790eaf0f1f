/** A judge: a thread that runs checks and says where it is, so that it can be ended and replaced. Knows no file and no secret. */
import { parentPort, workerData } from 'node:worker_threads';
import { checks } from '../../score/checks/index.ts';
import { judgeOf } from '../../score/score.ts';
import type { CheckSpec, JsonObject, Verdict } from '../../types.ts';
import { version } from '../version.ts';
import type { Advice, Job, PackedTask, Question, Report } from './job.ts';
import { setPosition, type Phase } from './watch.ts';

/** Results are sent after so many ms at the latest: as much is judged again where a thread is lost. */
const reportAfterMs = 20;
/** UTF-16 units of parsed texts that are kept. */
const maxKept = 8_000_000;

const port = parentPort;
if (port === null) throw new Error('a judge is started by the hall, as a thread');
const position = workerData as SharedArrayBuffer;
const isAt = (step: number, phase: Phase): void => setPosition(position, step, phase);
const report = (message: Report): void => port.postMessage(message);

const tools = { catalogue: checks, impl: `visavis-${version}` };
const specOf = parsedOnce<CheckSpec>();
const requestOf = parsedOnce<JsonObject>();
const prepared = new WeakMap<CheckSpec, WeakSet<JsonObject>>();

port.on('message', (job: Job) => {
  if (job.kind === 'judge') void judge(job.tasks);
  else report({ kind: 'advice', advice: advise(job.question) });
});
report({ kind: 'ready' });

async function judge(tasks: readonly PackedTask[]): Promise<void> {
  let verdicts: Verdict[] = [];
  let reported = performance.now();
  let step = 0;
  for (const { answer, request, checks: specs } of tasks) {
    const asked = requestOf(request);
    const judgeBy = judgeOf({ ...answer, request: asked }, tools);
    for (const text of specs) {
      isAt(step, 'preparing');
      const spec = specOf(text);
      prepare(spec, answer.language, asked);
      isAt(step, 'judging');
      verdicts.push(await judgeBy(spec));
      step += 1;
      if (performance.now() - reported < reportAfterMs) continue;
      report({ kind: 'verdicts', verdicts });
      verdicts = [];
      reported = performance.now();
    }
  }
  if (verdicts.length > 0) report({ kind: 'verdicts', verdicts });
}

/** A schema that takes seconds to compile has a time of its own for that, not the first answer's. */
function prepare(spec: CheckSpec, language: string, request: JsonObject): void {
  const known = prepared.get(spec) ?? new WeakSet<JsonObject>();
  if (known.has(request)) return;
  prepared.set(spec, known.add(request));
  const { type, params } = spec;
  const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
  if (check?.isCostly?.(params, null) === true) check.problem?.(params, language);
  if (check?.isCostly?.(params, request) === true) check.requestProblem?.(params, request);
}

function advise({ type, params, beside }: Question): Advice {
  isAt(0, 'preparing');
  const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
  if ('request' in beside)
    return { problem: check?.requestProblem?.(params, beside.request) ?? null, warnings: [] };
  const problem = check?.problem?.(params, beside.language) ?? null;
  return { problem, warnings: problem === null ? (check?.warnings?.(params, beside.language) ?? []) : [] };
}

/** Equal texts become one object, so that what is made of it (a compiled schema) is made once. */
function parsedOnce<T extends object>(): (text: string) => T {
  const known = new Map<string, T>();
  let kept = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const parsed = JSON.parse(text) as T;
    if (kept + text.length > maxKept) {
      known.clear();
      kept = 0;
    }
    kept += text.length;
    known.set(text, parsed);
    return parsed;
  };
}
