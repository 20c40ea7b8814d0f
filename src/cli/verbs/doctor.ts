import path from 'node:path';
import type { Command } from 'commander';
import { describeError, reportError } from '../../core/errors.ts';
import { describeExamined } from '../../core/python/describe-report.ts';
import { askDoctor, type DoctorReport } from '../../core/python/doctor.ts';
import type { Interpreter } from '../../core/python/interpreters.ts';
import { interpretersHere, interruptSignal, type PythonOption, withPythonOption } from '../arguments.ts';
import { printJson, printLines } from '../output.ts';

interface DoctorOptions extends PythonOption {
  readonly json?: boolean;
}

type Examined = { readonly interpreter: Interpreter } & (
  | { readonly report: DoctorReport }
  | { readonly error: unknown }
);

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('the Python interpreters that are found here, and what each has for the engine trl')
    .option('--json', 'print as JSON');
  withPythonOption(command).action(doctor);
}

/** With `--python` that one alone; exit 1 where none is ready. */
async function doctor({ python, json }: DoctorOptions): Promise<void> {
  const signal = interruptSignal();
  const found = await interpretersHere(python);
  const examined: Examined[] = [];
  for (const interpreter of python === undefined ? found : found.slice(0, 1)) {
    examined.push(await examine(interpreter, signal));
  }
  if (!examined.some((each) => 'report' in each && each.report.engines.trl?.ready)) process.exitCode = 1;
  if (json) printJson({ interpreters: examined.map(asJson) });
  else printLines(examined.length === 0 ? ['No Python was found here.'] : examined.flatMap(linesOf));
}

async function examine(interpreter: Interpreter, signal: AbortSignal): Promise<Examined> {
  try {
    const packageFolder = path.join(import.meta.dirname, 'python');
    return { interpreter, report: await askDoctor(interpreter.executable, packageFolder, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    return { interpreter, error };
  }
}

const asJson = ({ interpreter, ...found }: Examined) => ({
  ...interpreter,
  ...('report' in found ? found : { error: reportError(found.error) }),
});

function linesOf({ interpreter, ...found }: Examined): string[] {
  return describeExamined(
    'report' in found ? { interpreter, ...found } : { interpreter, refusal: describeError(found.error) },
  );
}
