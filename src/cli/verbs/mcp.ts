/** `mcp`: the tools for agents over the Model Context Protocol, on standard input and output. */

import path from 'node:path';
import type { Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import { RunGraders } from '../../core/agent-tools/run-graders.ts';
import { RunStore } from '../../core/runs/store.ts';
import { type PythonOption, runtimeWithPython, withPythonOption } from '../arguments.ts';

interface McpOptions extends PythonOption {
  readonly folder: string;
  readonly serve?: boolean;
}

export function addMcp(program: Command): void {
  const command = program
    .command('mcp')
    .description(
      'serve the tools for agents over the Model Context Protocol (standard input and output); they only read',
    )
    .option('--folder <path>', 'the workspace: runs and data of no other folder are shown', '.')
    .option('--serve', 'also grade with transformers, which are served by Python on this machine');
  withPythonOption(command).action(serveTools);
}

async function serveTools(options: McpOptions): Promise<void> {
  const folder = path.resolve(options.folder);
  const store = new RunStore(folder);
  const runtime = await runtimeWithPython(options);
  const graders = new RunGraders(store, { runtime: () => runtime, serve: options.serve ? {} : undefined });
  // Loaded for this verb alone: the protocol's library is larger than all the others.
  const { answerMcp } = await import('../answer-mcp.ts');
  try {
    await answerMcp({ folder, store, grader: (reference) => graders.of(reference) }, packageJson.version);
  } finally {
    graders.dispose();
  }
}
