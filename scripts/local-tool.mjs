import { execa } from 'execa';
import { root } from './main.mjs';

/** Runs a tool of the project's own dependencies in the checkout; how it ended is told, never thrown. */
export const localTool = (file, args, env = {}) =>
  execa(file, args, {
    cwd: root,
    preferLocal: true,
    localDir: root,
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { NO_COLOR: '1', ...env },
  });
