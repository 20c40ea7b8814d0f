import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** Whether a module is the program that was started, rather than imported. */
export const isMain = (meta) =>
  Boolean(process.argv[1]) && fs.realpathSync(process.argv[1]) === fileURLToPath(meta.url);

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
