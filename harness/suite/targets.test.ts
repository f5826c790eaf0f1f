/** Whom to ask, as operators write it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../errors.ts';
import { loadTargets, parseTargetFlag } from './targets.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'visavis-targets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function load(yaml: string) {
  const file = path.join(folder, 'targets.yaml');
  writeFileSync(file, yaml);
  const { targets, problems } = await loadTargets(file);
  return { targets, lines: problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, '')) };
}

const full = `targets:
  - id: qwen
    baseUrl: http://127.0.0.1:8000/v1/
    model: Qwen/Qwen2.5-7B-Instruct
    apiKeyEnv: QWEN_API_KEY
    concurrency: 8
    params: { top_p: 1 }
    timeouts: { idleMs: 5000 }
    retry: { attempts: 2, maxRetryAfterMs: 0, maxOutageMs: 1000 }
    limits: { headerBytes: 2048, eventBytes: 4096, events: 10, bodyBytes: 8192 }
    strictFinish: true
    caFile: ../ca.pem
    allowLinkLocal: true
    languages: [en, zh, ar]
    license: { name: Apache-2.0, url: "https://www.apache.org/licenses/LICENSE-2.0" }
    kvBytesPerToken: 57344
    logFile: ../logs/qwen.log
    memory:
      - { probe: process, port: 8000 }
      - { probe: nvidia-smi }
      - { probe: ollama }
      - { probe: prometheus, url: "http://127.0.0.1:8000/metrics?model=q", metrics: ["vllm:num_requests_swapped"] }
  - { id: กข-2, replay: ./x.cassette.jsonl, model: m }
baseline: กข-2
maxErrorRate: 0.05
`;

describe('a targets file', () => {
  it('says how a server is started, and how many at a time', async () => {
    const { targets, lines } = await load(`targets:
  - id: qwen
    baseUrl: http://127.0.0.1:8000/v1
    model: m
    launch: { command: [vllm, serve, Qwen/Qwen2.5-7B-Instruct, --port, 8000], ready: "http://127.0.0.1:8000/health", env: [HF_TOKEN] }
order: by-target
`);
    expect(lines).toEqual([]);
    expect(targets).toMatchObject({
      order: 'by-target',
      targets: [
        {
          launch: {
            command: ['vllm', 'serve', 'Qwen/Qwen2.5-7B-Instruct', '--port', '8000'],
            timeoutMs: 600_000,
            env: ['HF_TOKEN'],
          },
        },
      ],
    });
    expect((await load(`${full}order: by-traget\n`)).lines).toEqual([
      'targets.yaml:26:8 order: expected interleaved or by-target, got "by-traget" - did you mean "by-target"?',
    ]);
  });

  it('is read with its defaults', async () => {
    const { targets, lines } = await load(full);
    expect(lines).toEqual([]);
    expect(targets).toMatchObject({
      baseline: 'กข-2',
      maxErrorRate: 0.05,
      targets: [
        {
          id: 'qwen',
          baseUrl: 'http://127.0.0.1:8000/v1',
          apiKeyEnv: 'QWEN_API_KEY',
          concurrency: 8,
          attempts: 2,
          maxRetryAfterMs: 0,
          maxOutageMs: 1000,
          // One figure bounds a body, streamed or not.
          limits: { headerBytes: 2048, eventBytes: 4096, events: 10, bodyBytes: 8192, objectBytes: 8192 },
          strictFinish: true,
          caFile: path.join(path.dirname(folder), 'ca.pem'),
          apiKeyFile: null,
          allowLinkLocal: true,
          timeouts: { idleMs: 5000, connectMs: 10_000 },
          license: { name: 'Apache-2.0', notes: null },
          kvBytesPerToken: 57_344,
          memory: [
            { probe: 'process', port: 8000, pid: null, container: null },
            { probe: 'nvidia-smi' },
            { probe: 'ollama', url: null },
            {
              probe: 'prometheus',
              url: 'http://127.0.0.1:8000/metrics?model=q',
              metrics: ['vllm:num_requests_swapped'],
            },
            { probe: 'log', file: path.join(folder, '..', 'logs', 'qwen.log') },
          ],
        },
        {
          id: 'กข-2',
          memory: [],
          kvBytesPerToken: null,
          baseUrl: null,
          replay: path.join(folder, 'x.cassette.jsonl'),
          concurrency: 4,
        },
      ],
    });
  });

  it.each([
    ['baseURL: x', 'targets.yaml:3:5 unknown key "baseURL" - did you mean "baseUrl"?'],
    ['baseUrl: 127.0.0.1:8000', '"127.0.0.1:8000" is not a URL'],
    ['baseUrl: localhost', 'is not a URL'],
    ['baseUrl: "http://user:hunter2hunter2@host/v1"', 'holds no user name and no password'],
    ['baseUrl: "http://host/v1?key=1"', 'no query'],
    ['baseUrl: "http://host/v1/chat/completions"', 'ends before /chat/completions - http://host/v1'],
    ['apiKeyEnv: sk-abcdef0123456789', 'write the NAME of the variable'],
    ['apiKeyEnv: hf_AbCdEfGhIjKlMnOp', 'write the NAME of the variable'],
    ['baseUrl: "http://user:pa/hunter2@h 1/v1"', 'is not a URL'],
    ['apiKeyFile: sk-abcdef0123456789', 'apiKeyFile holds something that looks like a key'],
    ['apiKeyFile: 7', 'apiKeyFile: expected text, got 7'],
    ['caFile: []', 'caFile: expected text'],
    ['allowLinkLocal: 1', 'allowLinkLocal: expected true or false, got 1'],
    ['strictFinish: "yes"', 'strictFinish: expected true or false'],
    ['limits: { bytes: 3 }', 'unknown key "bytes"'],
    ['limits: { headerBytes: 100 }', 'headerBytes: expected a whole number from 1024 to 16777216, got 100'],
    ['limits: { eventBytes: 1e12 }', 'eventBytes: expected a whole number from 1024 to 67108864'],
    ['limits: { events: 0 }', 'events: expected a whole number from 1 to 10000000, got 0'],
    ['limits: { bodyBytes: 2000.5 }', 'bodyBytes: expected a whole number'],
    [
      'limits: { eventBytes: 4096, bodyBytes: 2048 }',
      'limits: eventBytes (4096) is more than bodyBytes (2048) - an event is a part of a body',
    ],
    ['retry: { attempts: 0 }', 'attempts: expected a whole number from 1 to 100, got 0'],
    ['retry: { maxRetryAfterMs: -1 }', 'maxRetryAfterMs: expected a number from 0 to 86400000, got -1'],
    ['retry: { maxOutage: 3 }', 'unknown key "maxOutage" - did you mean "maxOutageMs"?'],
    ['concurrency: 0', 'concurrency: expected a whole number from 1 to 1024, got 0'],
    ['timeouts: { idle: 3 }', 'unknown key "idle" - did you mean "idleMs"?'],
    ['launch: { command: [vllm] }', 'launch without "ready"'],
    ['launch: { ready: "http://127.0.0.1:1/health" }', 'launch without a command'],
    ['launch: { command: vllm serve }', 'command: expected a list, got "vllm serve"'],
    ['launch: { command: [vllm], ready: "file:///etc/passwd" }', 'is no http address'],
    ['launch: { command: [vllm], shell: true }', 'unknown key "shell"'],
    ['params: { stream: false }', '"stream" cannot be set in params'],
    ['id: "a b"', 'is not a plain name'],
    ['languages: [jp]', 'did you mean "ja"?'],
    ['replay: ./x.jsonl', 'both "baseUrl" and "replay"'],
    ['memory: process', 'memory: expected a list, got "process"'],
    ['memory: [process]', 'targets.yaml:3:14 a probe: expected a mapping, got "process"'],
    ['memory: [{ port: 8000 }]', 'a probe without a name - as in { probe: process }'],
    [
      'memory: [{ probe: nvidia }]',
      'targets.yaml:3:23 unknown probe "nvidia" - known: process, nvidia-smi, amd-smi, ollama, prometheus',
    ],
    ['memory: [{ probe: proces }]', 'unknown probe "proces" - did you mean "process"?'],
    ['memory: [{ probe: log }]', 'unknown probe "log"'],
    ['memory: [{ probe: constructor }]', 'unknown probe "constructor"'],
    ['memory: [{ probe: process, por: 8000 }]', 'targets.yaml:3:32 unknown key "por" - did you mean "port"?'],
    ['memory: [{ probe: nvidia-smi, port: 8000 }]', 'unknown key "port"'],
    ['memory: [{ probe: process, port: 80000 }]', 'port: expected a whole number from 1 to 65535, got 80000'],
    ['memory: [{ probe: process, port: "8000" }]', 'port: expected a whole number'],
    ['memory: [{ probe: process, pid: 0 }]', 'pid: expected a whole number'],
    ['memory: [{ probe: process, port: 8000, pid: 7 }]', 'both "port" and "pid" - keep one of them'],
    ['memory: [{ probe: process, container: "--rm" }]', '"--rm" is no name of a container'],
    ['memory: [{ probe: process }, { probe: process, pid: 7 }]', 'a second probe "process"'],
    ['memory: [{ probe: prometheus, url: "ftp://h/metrics" }]', 'a url begins with http:// or https://'],
    ['memory: [{ probe: prometheus, url: "http://u:hunter2@h/m" }]', 'no user name and no password'],
    [
      'memory: [{ probe: prometheus, url: nonsense }]',
      'url is not a URL - as in http://127.0.0.1:8000/metrics',
    ],
    ['memory: [{ probe: prometheus, metrics: ["a b"] }]', '"a b" is no name of a metric'],
    ['kvBytesPerToken: 0', 'kvBytesPerToken: expected a whole number from 1'],
    ['logFile: 7', 'logFile: expected text, got 7'],
  ])('is refused for %s', async (line, wanted) => {
    const key = line.split(':')[0] ?? '';
    const rest = ['id: a', 'baseUrl: "http://127.0.0.1:8000/v1"', 'model: m'].filter(
      (other) => !other.startsWith(`${key}:`),
    );
    const { targets, lines } = await load(
      `targets:\n  - ${[rest[0] ?? '', line, ...rest.slice(1)].join('\n    ')}\n`,
    );
    expect(targets).toBeNull();
    expect(lines.join('\n')).toContain(wanted);
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines.join('\n')).not.toContain('abcdef0123456789');
    expect(lines.join('\n')).not.toContain('AbCdEf');
  });

  it.each([
    ['targets: []', 'targets is empty'],
    ['baseline: a', 'no "targets"'],
    [
      'targets: [{ id: a, baseUrl: "http://h/v1", model: m }, { id: a, baseUrl: "http://h/v1", model: m }]',
      'a second target "a"',
    ],
    [
      'targets: [{ id: qwen, baseUrl: "http://h/v1", model: m }]\nbaseline: qwn',
      'the baseline "qwn" is no target - did you mean "qwen"?',
    ],
    [
      'targets: [{ id: a, baseUrl: "http://h/v1", model: m }]\nmaxErrorRate: 2',
      'maxErrorRate: expected a number from 0 to 1',
    ],
    ['targets: [{ baseUrl: "http://h/v1", model: m }]', 'a target without an id'],
    ['targets: [{ id: a, model: m }]', 'a target without "baseUrl"'],
    [
      'targets: [{ id: a, replay: x.jsonl, model: m, memory: [{ probe: process }] }]',
      'an embedded endpoint is measured without being told to - remove it',
    ],
    ['targets: [{ id: a, baseUrl: "http://h/v1" }]', 'a target without "model"'],
  ])('is refused: %s', async (yaml, wanted) => {
    const { targets, lines } = await load(yaml);
    expect(targets).toBeNull();
    expect(lines.join('\n')).toContain(wanted);
  });
});

describe('the key of a target', () => {
  const one = (lines: string): string =>
    `targets:\n  - { id: a, baseUrl: "http://127.0.0.1:1/v1", model: m, ${lines} }\n`;

  it('may lie in a file beside the targets file', async () => {
    const { targets } = await load(one('apiKeyFile: ./keys/a.key'));
    expect(targets?.targets[0]).toMatchObject({
      apiKeyEnv: null,
      apiKeyFile: path.join(folder, 'keys', 'a.key'),
    });
  });

  it('lies in one place', async () => {
    const { targets, lines } = await load(one('apiKeyEnv: A_KEY, apiKeyFile: ./a.key'));
    expect(targets).toBeNull();
    expect(lines.join()).toContain('both "apiKeyEnv" and "apiKeyFile" - keep one of them');
  });
});

describe('a key that is written out', () => {
  const key = 'sk-proj-Zx9Yw8Vu7Ts6Rq5Po4';
  const one = (more: string): string =>
    `targets:\n  - { id: a, baseUrl: "http://h/v1", model: m, ${more} }\n`;
  it.each([
    ['in params', one(`params: { user: ${key} }`), key],
    ['as a name', one(`params: { ${key}: 1 }`), key],
    ['in a command', one(`launch: { command: [serve, --api-key=${key}], ready: "http://h/" }`), '--api-key'],
    ['as a license', one(`license: { name: ${key} }`), key],
    ['as a header', one('params: { x: "Bearer abcdefghijklmnop" }'), '"Bearer'],
    ['of another maker', one('params: { x: AKIAIOSFODNN7EXAMPLE }'), 'AKIA'],
  ])('%s is refused where it stands, and not repeated', async (_, yaml, written) => {
    const column = yaml.split('\n')[1]?.indexOf(written) ?? 0;
    const { targets, lines } = await load(yaml);
    expect(targets).toBeNull();
    expect(lines.join('\n')).toContain(
      `:2:${column + 1} this looks like a key - name the variable that holds it, in apiKeyEnv or launch.env, and make a new key`,
    );
    expect(lines.join()).not.toMatch(/Zx9Yw|AKIAIOSF|abcdefghijkl/u);
  });

  it.each([
    'sk-learn/model',
    'Qwen/Qwen2.5-7B-Instruct-GPTQ-Int4',
    'pk-unigram',
    'hf_model',
    'นางแบบ-7B-sk-thai',
  ])('and %s is none', async (model) => {
    const { lines } = await load(`targets:\n  - { id: a, baseUrl: "http://h/v1", model: "${model}" }\n`);
    expect(lines).toEqual([]);
  });
});

describe('--target', () => {
  it('names id, address and model', () => {
    expect(parseTargetFlag('qwen=http://127.0.0.1:8000/v1#Qwen/Qwen2.5-7B-Instruct')).toMatchObject({
      id: 'qwen',
      baseUrl: 'http://127.0.0.1:8000/v1',
      model: 'Qwen/Qwen2.5-7B-Instruct',
    });
    expect(parseTargetFlag('a=http://[::1]:8000/v1#m#q4=x')).toMatchObject({
      baseUrl: 'http://[::1]:8000/v1',
      model: 'm#q4=x',
    });
  });

  it.each([
    ['http://h/v1#m', /an id and = are missing/u],
    ['a=http://h/v1', /the model is missing after the URL/u],
    ['a=#m', /the URL or the model is missing/u],
    ['a=h:1/v1#m', /begins with http/u],
    ['a b=http://h/v1#m', /not a plain name/u],
    ['a=http://u:secretsecret@h/v1#m', /no user name/u],
  ])('refuses %s', (text, wanted) => {
    expect(() => parseTargetFlag(text)).toThrow(wanted);
    expect(() => parseTargetFlag(text)).not.toThrow(/secretsecret/u);
  });
});
