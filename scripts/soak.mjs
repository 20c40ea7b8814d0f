// npm run soak [-- COUNT]: what the tests try a few times, tried hundreds of times.
import { buildProduct } from './build.mjs';
import { runTypeScript } from './run-typescript.mjs';

await buildProduct({ ifStale: true, log: () => {} });
process.exitCode = await runTypeScript('test/soak/main.ts', process.argv.slice(2));
