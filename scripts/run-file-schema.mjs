// The JSON Schema of run files, for `contributes.jsonValidation`: written out of the parser's own schemas.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ESM } from './bundles.mjs';
import { root } from './main.mjs';

export async function runFileSchemaText() {
  const outfile = path.join(root, 'dist-test', `run-file-schema.${process.pid}.mjs`);
  try {
    await build({
      ...ESM,
      absWorkingDir: root,
      entryPoints: ['src/core/runs/run-file-schema.ts'],
      outfile,
      bundle: true,
      logLevel: 'warning',
    });
    const { runFileJsonSchema } = await import(`${pathToFileURL(outfile)}?${Date.now()}`);
    return `${JSON.stringify(runFileJsonSchema(), null, 2)}\n`;
  } finally {
    fs.rmSync(outfile, { force: true });
  }
}
