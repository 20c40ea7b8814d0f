// npm run bench: accuracy on real data beside the baselines, and time of whole processes. Never part of a test.
import { buildAll } from './build.mjs';
import { runTypeScript } from './run-typescript.mjs';

await buildAll({ production: true, log: () => {} });
process.exitCode = await runTypeScript('test/bench/main.ts', process.argv.slice(2));
