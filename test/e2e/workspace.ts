/** What a workbench opens, and what the installed package contributes to it. */

import fs from 'node:fs/promises';
import path from 'node:path';
import type { WorkbenchOptions } from './workbench.ts';

interface Manifest {
  readonly contributes?: {
    readonly viewsContainers?: { readonly activitybar?: readonly { readonly title: string }[] };
  };
}

/** @returns the folder, a copy below `home` */
export async function copyWorkspace(home: string, { workspace, files = {} }: WorkbenchOptions): Promise<string> {
  const folder = path.join(home, 'workspaces', workspace ? path.basename(workspace) : 'workspace');
  await fs.mkdir(folder, { recursive: true });
  if (workspace) await fs.cp(workspace, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await fs.writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** The titles of the view containers that the installed package contributes. */
export async function contributedViewContainers(home: string): Promise<string[]> {
  const extensions = path.join(home, 'extensions');
  const titles: string[] = [];
  for (const entry of await fs.readdir(extensions, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const manifest = JSON.parse(
      await fs.readFile(path.join(extensions, entry.name, 'package.json'), 'utf8'),
    ) as Manifest;
    titles.push(...(manifest.contributes?.viewsContainers?.activitybar ?? []).map((container) => container.title));
  }
  return titles;
}
