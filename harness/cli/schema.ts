/** `visavis schema`: the editor schema of suites, made from the checks there are. */
import { checks } from '../score/checks/index.ts';
import { editorSchema } from '../suite/editor-schema.ts';
import { exitCode } from '../errors.ts';

export async function runSchema(): Promise<number> {
  process.stdout.write(`${JSON.stringify(editorSchema(checks), null, 2)}\n`);
  return exitCode.done;
}
