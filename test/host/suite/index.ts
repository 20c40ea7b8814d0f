/** Runs in the extension host: every *.test file beside this bundle, with mocha; the results go to a file. */

import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const output = process.env.REWARD_STUDIO_HOST_RESULTS;
  const mocha = new Mocha({ timeout: 60_000, reporter: 'json', reporterOptions: { output } });
  for (const file of readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
