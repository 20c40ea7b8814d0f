// npm run examples: builds the Parquet files of examples/ from the graded responses in examples/source.
import { runTypeScript } from './run-typescript.mjs';

process.exitCode = await runTypeScript('scripts/examples/main.ts', process.argv.slice(2));
