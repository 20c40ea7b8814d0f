// npm run soak [-- COUNT]: what the tests try a few times, tried hundreds of times.
import { buildAll } from './build.mjs';
import { runTypeScript } from './run-typescript.mjs';

await buildAll({ ifStale: true, log: () => {} });
process.exitCode = await runTypeScript('test/soak/main.ts', process.argv.slice(2));
