/** Tests of processes start our own bundles: they are built first, where the sources are newer. */

import { buildAll } from '../../scripts/build.mjs';
import { bundleTypeScript, TEST_PROGRAMS } from '../../scripts/run-typescript.mjs';

export async function setup(): Promise<void> {
  await buildAll({ ifStale: true, log: () => {} });
  await Promise.all(TEST_PROGRAMS.map(bundleTypeScript));
}
