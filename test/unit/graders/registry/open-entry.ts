import type { Grader } from '../../../../src/core/graders/grader.ts';
import { openRegistered, type RegistryHost } from '../../../../src/core/graders/registry/open-registered.ts';
import { completeEntry, type GraderInput } from '../../../../src/core/graders/registry/registry.ts';

/** A grader as it is written, with defaults; waits are over at once. */
export function openEntry(entry: GraderInput, host: Partial<RegistryHost> = {}): Promise<Grader> {
  return openRegistered(completeEntry(entry), {
    runtime: { nodePath: process.execPath, workersFolder: '', version: '0' },
    serve: {},
    folder: undefined,
    keys: { get: async () => undefined, howToSet: (name) => `Set ${name}.` },
    pacing: { wait: async () => {} },
    ...host,
  });
}
