// npm run demo: the main job end to end on the example data, with the commands anyone can repeat.
import path from 'node:path';
import { execa } from 'execa';
import { root, seconds } from './main.mjs';

const TRAIN = 'examples/bradley-terry/train.parquet';
const TEST = 'examples/bradley-terry/test.parquet';
const PROMPT = 'I was charged twice this month. Can you fix it?';
const GOOD =
  'I can see why that is worrying. Open Billing > Invoices and compare the two dates: a pending charge disappears within 3 days, ' +
  'a second paid invoice is a real duplicate. If it is the second kind, reply with both invoice numbers and we refund one within 5 days.';
const POOR =
  'Thank you for reaching out to us! We value your business and take billing very seriously. ' +
  'Please note that charges can happen for many different reasons. Have a wonderful day!';

const began = performance.now();
console.log('Reward Studio demo: from a Parquet file of preferences to a graded text.\n');

step('1. Check the data');
await cli(['check', TRAIN, '--method', 'bt']);

step('2. Train a Bradley-Terry model with the embedded engine');
const run = JSON.parse(await cli(['train', TRAIN, '--method', 'bt', '--name', 'demo', '--json'], { quiet: true }));
console.log(`run ${run.id}: ${run.status}`);
console.log(`trained on ${run.train_rows} pairs, stopped early by ${run.validation_rows} held-out ones`);

step('3. Evaluate it on rows it has not seen, beside the trivial baselines');
await cli(['evaluate', run.model, TEST]);

step('4. Grade two texts');
console.log(`prompt:     ${PROMPT}\nresponse 1: ${GOOD}\nresponse 2: ${POOR}\n`);
await cli(['grade', run.id, '--prompt', PROMPT, '--response', GOOD, '--response', POOR], { shown: false });

console.log(`
Done in ${seconds(began)}.
  model   ${path.relative(root, run.model)}
  run     ${path.relative(root, run.folder)}
  data    ${TRAIN}, ${TEST} (readable source: examples/source)

Next: npm run vscode
  opens VS Code on the examples with the extension loaded. Open a .parquet file, run
  "Reward Studio: Train Reward Model" from the palette, then hover a response in examples/replies.jsonl.`);

/** Runs one verb of the command line, shows the command and what it prints, and returns it. */
async function cli(args, { quiet = false, shown = true } = {}) {
  if (shown) console.log(`$ npm run -s cli -- ${args.join(' ')}`);
  const { stdout } = await execa(process.execPath, [path.join(root, 'dist', 'cli.mjs'), ...args], {
    cwd: root,
    stderr: 'inherit',
  });
  if (!quiet) console.log(stdout);
  return stdout;
}

function step(title) {
  console.log(`\n${title}`);
}
