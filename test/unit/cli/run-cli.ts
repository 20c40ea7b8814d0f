/** Runs the bundled command line as a user does. */

import path from 'node:path';
import { execa } from 'execa';
import { root } from '../../../scripts/main.mjs';

export const EXAMPLES = path.join(root, 'examples');
export const CLI = path.join(root, 'dist', 'cli.mjs');

export interface CliResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCli(folder: string, args: readonly string[]): Promise<CliResult> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [CLI, ...args], { cwd: folder, reject: false });
  return { exitCode, stdout, stderr };
}

/** The JSON that a verb printed; fails with its errors where there is none. */
export async function runCliJson<T>(folder: string, args: readonly string[]): Promise<T> {
  const { stdout, stderr } = await runCli(folder, [...args, '--json']);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`no JSON from ${args.join(' ')}: ${stdout}${stderr}`);
  }
}
