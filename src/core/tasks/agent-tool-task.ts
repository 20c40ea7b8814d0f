/** A tool for agents, asked by a language model of the editor: in a process of its own, which reads what the tool needs. */

import { RunGraders } from '../agent-tools/run-graders.ts';
import { AGENT_TOOLS } from '../agent-tools/tools.ts';
import { StudioError } from '../errors.ts';
import { RunStore } from '../runs/store.ts';
import type { Runtime } from '../runtime.ts';

export interface AgentToolTask {
  readonly kind: 'agent-tool';
  /** Its name in `AGENT_TOOLS`. */
  readonly tool: string;
  /** What the model gave, unchecked. */
  readonly input: unknown;
  /** Absolute path of the workspace's folder. */
  readonly folder: string;
  readonly runtime: Runtime;
}

export async function answerAgent(
  { tool: name, input, folder, runtime }: AgentToolTask,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const tool = AGENT_TOOLS.find((each) => each.name === name);
  if (!tool) throw new StudioError('usage', `There is no tool ${name}.`);
  const store = new RunStore(folder);
  // A transformer is served only where a person has asked for it: not by an agent.
  const graders = new RunGraders(store, { runtime: () => runtime });
  try {
    return await tool.run(input, { folder, store, grader: (reference) => graders.of(reference) }, signal);
  } finally {
    graders.dispose();
  }
}
