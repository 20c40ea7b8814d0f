/** The graders of the working directory, with keys from the environment. */

import type { Grader } from '../core/graders/grader.ts';
import { type Keys, openRegistered } from '../core/graders/registry/open-registered.ts';
import { RegistryFile } from '../core/graders/registry/registry.ts';
import { type PythonOption, runtimeWithPython } from './arguments.ts';

export const openRegistry = (): RegistryFile => new RegistryFile(process.cwd());

export const keyVariable = (name: string): string => `REWARD_STUDIO_KEY_${name.toUpperCase().replaceAll('-', '_')}`;

export const environmentKeys: Keys = {
  get: async (name) => process.env[keyVariable(name)]?.trim() || undefined,
  howToSet: (name) => `Set the environment variable ${keyVariable(name)}.`,
};

/** What was started is ended by `dispose`. @throws StudioError 'invalid-grader' where there is none of that name */
export async function openNamedGrader(name: string, options: PythonOption): Promise<Grader> {
  const registry = openRegistry();
  const entry = await registry.find(name);
  const runtime = await runtimeWithPython(options);
  return openRegistered(entry, { runtime, serve: {}, folder: registry.folder, keys: environmentKeys });
}
