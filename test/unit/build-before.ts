/** Tests of processes start our own bundles: they are built first, where the sources are newer. */

import { buildAll } from '../../scripts/build.mjs';

export const setup = (): Promise<void> => buildAll({ ifStale: true, log: () => {} });
