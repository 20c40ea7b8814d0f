/** `reward-studio`: the core from a terminal. Exit 0 done, 1 the data or the run is at fault, 2 the arguments are. */

import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { reportError, toStudioError } from '../core/errors.ts';
import { printError } from './output.ts';
import { addCheck } from './verbs/check.ts';
import { addCompare } from './verbs/compare.ts';
import { addConvert } from './verbs/convert.ts';
import { addDoctor } from './verbs/doctor.ts';
import { addEvaluate } from './verbs/evaluate.ts';
import { addEvaluations } from './verbs/evaluations.ts';
import { addExplain } from './verbs/explain.ts';
import { addGrade } from './verbs/grade.ts';
import { addGraders } from './verbs/graders.ts';
import { addImportRun } from './verbs/import-run.ts';
import { addInspect } from './verbs/inspect.ts';
import { addMcp } from './verbs/mcp.ts';
import { addRuns } from './verbs/runs.ts';
import { addTargets } from './verbs/targets.ts';
import { addTrain } from './verbs/train.ts';

/** The request is at fault, not the data: it asks for what does not exist, or not in this version. */
const ARGUMENT_ERRORS: ReadonlySet<string> = new Set(['usage', 'not-available']);

const program = new Command('reward-studio')
  .description('Train reward models and LLM judges from preference data, and grade text with them.')
  .version(packageJson.version)
  .exitOverride()
  .configureHelp({ sortSubcommands: false })
  .showHelpAfterError('(add --help for the arguments)');

for (const add of [
  addInspect,
  addCheck,
  addConvert,
  addImportRun,
  addTrain,
  addRuns,
  addEvaluate,
  addEvaluations,
  addExplain,
  addCompare,
  addGrade,
  addGraders,
  addTargets,
  addMcp,
  addDoctor,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    printError(error, process.argv.includes('--json'));
    process.exitCode = ARGUMENT_ERRORS.has(reportError(error).code) ? 2 : 1;
    if (!toStudioError(error) && process.env.REWARD_STUDIO_DEBUG === '1') console.error(error);
  }
}
