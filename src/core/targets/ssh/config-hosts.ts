/** The hosts that a person's SSH configuration names: what is offered where one is asked for. */

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CONFIG_VARIABLE } from './ssh-client.ts';

/** In their order; patterns are no hosts. Files that the configuration includes are not read. */
export async function hostsOfConfig(file = configFile()): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const hosts = text.split('\n').flatMap((line) => {
    const words = /^\s*Host(?:\s*=\s*|\s+)(.*)$/i.exec(line)?.[1];
    return words === undefined ? [] : words.trim().split(/\s+/);
  });
  return [...new Set(hosts.filter((host) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(host)))];
}

const configFile = (): string => process.env[CONFIG_VARIABLE] ?? path.join(os.homedir(), '.ssh', 'config');
