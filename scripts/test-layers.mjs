// The layers of `npm test`, in order. A layer runs without the others: what it needs, it names.
import fs from 'node:fs/promises';
import path from 'node:path';
import { runHostTests } from '../test/host/run-host-tests.mjs';
import { ensurePython } from './environments/python.mjs';
import { ensurePythonPackages } from './environments/python-packages.mjs';
import { localTool } from './local-tool.mjs';
import { root } from './main.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, output?: string }} Outcome `output` is shown on failure
 * @typedef {{ name: string, title: string, needs: string[], run: () => Promise<Outcome> }} Layer
 * @type {Layer[]}
 */
export const LAYERS = [
  {
    name: 'lint',
    title: 'format and lint rules',
    needs: [],
    run: () => commands(['biome', 'ci', '--colors=off', '.']),
  },
  {
    name: 'types',
    title: 'types of the extension and of its pages',
    needs: [],
    run: () => commands(['tsc', '--noEmit'], ['tsc', '--noEmit', '-p', 'webview']),
  },
  { name: 'unit', title: 'unit tests', needs: [], run: () => vitest('test') },
  {
    name: 'python',
    title: 'the Python twin, standard library only',
    needs: ['python'],
    run: () => pythonTests(ensurePython()),
  },
  {
    name: 'python-packages',
    title: 'the Python twin with pyarrow and datasets',
    needs: ['python-packages'],
    run: () => pythonTests(ensurePythonPackages()),
  },
  {
    name: 'python-trl',
    title: 'training with TRL on the CPU',
    needs: ['python-trl'],
    run: () => pythonTestFiles(ensurePythonPackages('python-trl'), 'python/tests_trl'),
  },
  {
    name: 'openjudge',
    title: 'exported graders inside the OpenJudge library and as scripts; judges that `transformers serve` serves',
    needs: ['python-trl', 'python-openjudge', 'transformers-serve'],
    run: () => vitest('openjudge'),
  },
  {
    name: 'ssh',
    title: 'runs on another machine, over a real sshd',
    needs: ['python', 'python-trl', 'sshd'],
    run: () => vitest('ssh'),
  },
  { name: 'build', title: 'bundles', needs: [], run: () => commands(['node', 'scripts/build.mjs', '--production']) },
  { name: 'package', title: 'contents of the .vsix', needs: ['package'], run: () => vitest('package') },
  {
    name: 'host',
    title: 'the package inside an extension host',
    needs: ['package', 'code-server', 'chromium'],
    run: async () => mochaOutcome(JSON.parse(await fs.readFile(await runHostTests({ log: () => {} }), 'utf8'))),
  },
  {
    name: 'e2e',
    title: 'the package in a workbench, as a person uses it',
    needs: ['package', 'code-server', 'chromium'],
    run: () => vitestTwice('e2e'),
  },
];

/** Counts as one test, however many commands it takes. */
async function commands(...lines) {
  const outputs = [];
  for (const [file, ...args] of lines) {
    const result = await localTool(file, args);
    if (result.failed) outputs.push(result.all || result.shortMessage);
  }
  return { passed: outputs.length ? 0 : 1, failed: outputs.length ? 1 : 0, skipped: 0, output: outputs.join('\n') };
}

/** @returns {Promise<Outcome & { files: { name: string, status: string, assertionResults: { status: string }[] }[] }>} */
async function vitest(mode, files = []) {
  const file = path.join(root, 'artifacts', `${mode === 'test' ? 'unit' : mode}-results.json`);
  await fs.rm(file, { force: true });
  const args = ['run', '--mode', mode, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...files];
  const { failed, all, shortMessage } = await localTool('vitest', args);
  const results = await fs.readFile(file, 'utf8').then(JSON.parse, () => undefined);
  if (!results) return { passed: 0, failed: 1, skipped: 0, output: all || shortMessage, files: [] };
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests, testResults } = results;
  // A file that cannot be loaded, or a hook that throws, fails without a failed test; so does a layer without tests.
  const brokenAround = failed && numFailedTests === 0 ? 1 : 0;
  return {
    passed,
    failed: numFailedTests + brokenAround,
    skipped: numPendingTests + numTodoTests,
    output: all,
    files: testResults,
  };
}

/**
 * A workbench driven faster than a person drives it loses a click or a key now and then, to a focus that comes back late.
 * What fails is run once more in a new workbench, told, and its first output kept; what fails twice has failed.
 */
async function vitestTwice(mode) {
  const first = await vitest(mode);
  const failedFiles = first.files.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (failedFiles.length === 0) return first;
  const kept = path.join(root, 'artifacts', `${mode}-first-try.log`);
  await fs.writeFile(kept, first.output ?? '');
  for (const file of failedFiles) console.log(`  failed, runs once more: ${path.relative(root, file)}`);
  console.log(`  what failed is told in ${path.relative(root, kept)}`);
  const again = await vitest(mode, failedFiles);
  const passedAtOnce = first.files
    .filter(({ status }) => status !== 'failed')
    .flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'passed'));
  return { ...again, passed: passedAtOnce.length + again.passed };
}

/** unittest tells how many tests ran, and on its last line what came of them. */
async function pythonTests(environment, folder = 'python/tests', files = 'test*.py') {
  const { executable } = await environment;
  const discover = ['-m', 'unittest', 'discover', '-s', folder, '-t', 'python', '-p', files];
  const { failed, all } = await localTool(executable, discover);
  const number = (pattern) => Number(pattern.exec(all)?.[1] ?? 0);
  const ran = number(/^Ran (\d+) tests?/m);
  const skipped = number(/skipped=(\d+)/);
  const broken = number(/failures=(\d+)/) + number(/errors=(\d+)/);
  const failures = failed || ran === 0 ? Math.max(1, broken) : 0;
  return { passed: Math.max(0, ran - skipped - failures), failed: failures, skipped, output: all };
}

/** Two files at a time: their trainers take one core each. */
async function pythonTestFiles(environment, folder) {
  const names = await fs.readdir(path.join(root, folder));
  const files = names.filter((name) => /^test_.*\.py$/.test(name)).sort();
  const waiting = files.values();
  const outcomes = [];
  const run = async () => {
    for (const file of waiting) outcomes.push(await pythonTests(environment, folder, file));
  };
  await Promise.all([run(), run()]);
  const sum = (count) => outcomes.reduce((total, outcome) => total + outcome[count], 0);
  const output = outcomes.filter(({ failed }) => failed > 0).map((outcome) => outcome.output);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), output: output.join('\n') };
}

function mochaOutcome({ stats, failures }) {
  const output = failures.map(({ fullTitle, err }) => `${fullTitle}\n${err.stack ?? err.message}`).join('\n\n');
  const none = stats.passes + stats.failures === 0;
  return {
    passed: stats.passes,
    failed: none ? 1 : stats.failures,
    skipped: stats.pending,
    output: none ? 'no test was found' : output,
  };
}
