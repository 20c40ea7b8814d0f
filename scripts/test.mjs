// npm test [-- LAYER...]: every layer of tests that this machine can be made ready for. REQUIRE_ALL=1: a skipped layer fails.
import fs from 'node:fs/promises';
import path from 'node:path';
import { ensureEnvironment } from './environments/index.mjs';
import { root, seconds } from './main.mjs';
import { LAYERS } from './test-layers.mjs';

const FAILED_OUTPUT_LINES = 400;

const layers = choose(process.argv.slice(2));
await fs.mkdir(path.join(root, 'artifacts'), { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
for (const layer of layers) {
  const outcome = await runLayer(layer);
  for (const count of Object.keys(total)) total[count] += outcome[count];
}
console.log(`\n${inWords(total)}`);
// Whatever a broken layer left open must not keep the process alive.
process.exit(total.failed > 0 ? 1 : 0);

function choose(names) {
  const unknown = names.filter((name) => !LAYERS.some((layer) => layer.name === name));
  if (unknown.length > 0) {
    console.error(`There is no layer ${unknown.join(', ')}; there are: ${LAYERS.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  return names.length > 0 ? LAYERS.filter(({ name }) => names.includes(name)) : LAYERS;
}

async function runLayer({ name, title, needs, run }) {
  console.log(`\n${name}: ${title}`);
  const since = performance.now();
  try {
    const missing = await firstMissing(needs);
    if (missing) return skipped(name, missing);
    const running = performance.now();
    const outcome = await run();
    if (outcome.failed > 0) console.log(indent(lastLines(outcome.output ?? '')));
    console.log(`${name}: ${inWords(outcome)} (${seconds(running)})`);
    return outcome;
  } catch (error) {
    console.log(indent(error.all ?? error.stack ?? String(error)));
    console.log(`${name}: failed before it could count its tests (${seconds(since)})`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function firstMissing(needs) {
  for (const environment of needs) {
    const missing = await ensureEnvironment(environment, (line) => console.log(`  ${line}`));
    if (missing) return missing;
  }
  return undefined;
}

function skipped(name, missing) {
  const required = process.env.REQUIRE_ALL === '1';
  console.log(`${name}: skipped: ${missing}${required ? ' (a failure, because REQUIRE_ALL=1)' : ''}`);
  return { passed: 0, failed: required ? 1 : 0, skipped: required ? 0 : 1 };
}

function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function lastLines(text) {
  const lines = text.trimEnd().split('\n');
  const left = lines.length - FAILED_OUTPUT_LINES;
  return left > 0 ? [`(${left} lines left out)`, ...lines.slice(left)].join('\n') : lines.join('\n');
}

function indent(text) {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
