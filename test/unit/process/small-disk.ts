/** A disk of a test's own, small enough to fill, gone when the test is. */

import { execaSync } from 'execa';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

export interface SmallDisk {
  readonly folder: string;
  makeReadOnly(): void;
}

/** Undefined where this system does not let us mount one. */
export function smallDisk(size: string): SmallDisk | undefined {
  const folder = temporaryFolder();
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const mounted = execaSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { reject: false });
  if (mounted.failed) return undefined;
  onTestFinished(() => {
    execaSync('umount', ['--lazy', folder], { reject: false });
  });
  return { folder, makeReadOnly: () => execaSync('mount', ['-o', 'remount,ro', folder]) };
}
