// npm run wasm: every `src/**/*.wat` into a module beside it that holds its bytes, so that neither the bundles nor the tests
// need anything to read it. A test compares them.
import fs from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import wabt from 'wabt';
import { isMain, root } from './main.mjs';

/** The text of the module for a `.wat` file. */
export async function moduleOf(wat) {
  const { parseWat } = await wabt();
  const parsed = parseWat(wat, fs.readFileSync(wat, 'utf8'), { simd: true, bulk_memory: true });
  try {
    const { buffer } = parsed.toBinary({});
    const lines = Buffer.from(buffer)
      .toString('base64')
      .match(/.{1,116}/g);
    return [
      `/** Made of ${path.basename(wat)} by \`npm run wasm\`. */`,
      'export const WASM =',
      ...lines.map((line, index) => `  '${line}'${index === lines.length - 1 ? ';' : ' +'}`),
      '',
    ].join('\n');
  } finally {
    parsed.destroy();
  }
}

export const watFiles = () => globSync('src/**/*.wat', { cwd: root, absolute: true });
export const moduleFileOf = (wat) => wat.replace(/\.wat$/, '-wasm.ts');

if (isMain(import.meta)) for (const wat of watFiles()) fs.writeFileSync(moduleFileOf(wat), await moduleOf(wat));
