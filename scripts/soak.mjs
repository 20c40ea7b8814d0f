// npm run soak [-- COUNT [FIRST_SEED]]: what the tests try a few times, tried hundreds of times.
import { buildAll } from './build.mjs';
import { bundleTypeScript, runTypeScript, TEST_PROGRAMS } from './run-typescript.mjs';
import { connectionsCut } from './soak-connections.mjs';
import { propertiesWithOtherExamples } from './soak-properties.mjs';

await buildAll({ ifStale: true, log: () => {} });
await Promise.all(TEST_PROGRAMS.map(bundleTypeScript));
const [count = '200', first = '1'] = process.argv.slice(2);
const killed = await runTypeScript('test/soak/main.ts', [count, first]);
const cut = await connectionsCut(Number(first));
process.exitCode = killed || cut || (await propertiesWithOtherExamples(Number(count), Number(first)));
