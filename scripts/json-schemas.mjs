// The JSON Schemas for `contributes.jsonValidation`: written out of the parsers' own schemas.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ESM } from './bundles.mjs';
import { root } from './main.mjs';

const SCHEMAS = {
  'run-file.json': { module: 'src/core/runs/run-file-schema.ts', make: 'runFileJsonSchema' },
  'graders.json': { module: 'src/core/graders/registry/registry-json-schema.ts', make: 'registryJsonSchema' },
  'targets.json': { module: 'src/core/targets/remote/targets-file.ts', make: 'targetsJsonSchema' },
};

/** @returns name of the file -> its text */
export async function jsonSchemaTexts() {
  const made = Object.entries(SCHEMAS).map(async ([name, schema]) => [name, await textOf(name, schema)]);
  return Object.fromEntries(await Promise.all(made));
}

async function textOf(name, { module, make }) {
  const outfile = path.join(root, 'dist-test', `${name}.${process.pid}.mjs`);
  try {
    await build({
      ...ESM,
      absWorkingDir: root,
      entryPoints: [module],
      outfile,
      bundle: true,
      logLevel: 'warning',
    });
    const found = await import(`${pathToFileURL(outfile)}?${Date.now()}`);
    return `${JSON.stringify(found[make](), null, 2)}\n`;
  } finally {
    fs.rmSync(outfile, { force: true });
  }
}
