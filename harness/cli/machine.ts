/** The machine before and after a start of a run, for the record. Never while streams are open. */
import { readGpus } from '../probe/gpu/nvidia-state.ts';
import { systemFiles } from '../probe/linux/files.ts';
import { readMachine } from '../probe/linux/machine.ts';
import { publicEnvironment, showTools } from '../probe/tool.ts';
import type { MachineState, Target } from '../types.ts';

/** The devices' own tool is asked only where the targets file names it: each start of it wakes the driver. */
export async function lookAtMachine(targets: readonly Target[]): Promise<MachineState> {
  const usesGpu = targets.some(({ memory }) => memory.some(({ probe }) => probe === 'nvidia-smi'));
  const state = readMachine(systemFiles, Date.now());
  if (!usesGpu) return state;
  showTools(publicEnvironment(targets.flatMap(({ apiKeyEnv }) => apiKeyEnv ?? [])));
  return { ...state, gpus: await readGpus() };
}
