/** "Set Up Python Environment": which Python trains, what each one here has, and an environment of its own where none fits. */

import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, StudioError } from '../../core/errors.ts';
import { describeExamined, describeLack, type Examined } from '../../core/python/describe-report.ts';
import { askDoctor, type DoctorReport, describeDoctor, describeLacks, isNewEnough } from '../../core/python/doctor.ts';
import { environmentOf } from '../../core/python/interpreters.ts';
import { findUv, type InstallOptions, installPackages, makeEnvironment } from '../../core/python/make-environment.ts';
import { isOwnEnvironment } from '../../core/python/own-environment.ts';
import type { Reports } from '../reports.ts';
import { abortSignalOf, requireTrust, type Studio } from '../studio.ts';
import { pickStep } from '../training/pick-steps.ts';
import { type Answer, baseOf, ENGINE, interpreterItems } from './interpreter-items.ts';
import type { PythonChoice } from './python-choice.ts';

const TITLE = 'Set Up Python Environment';

/** The interpreter that was chosen; undefined when the person leaves. */
export async function setUpPython(studio: Studio, python: PythonChoice, reports: Reports): Promise<string | undefined> {
  requireTrust('Python is started only in trusted workspaces.');
  const controller = new AbortController();
  try {
    const examining = examineAll(python, controller.signal);
    const answer = await pickStep<Answer>({
      title: TITLE,
      placeholder: 'The Python that trains with PyTorch (TRL), and serves what it has trained',
      step: 1,
      totalSteps: 1,
      items: examining.then(interpreterItems),
    });
    if (answer === undefined || answer === 'back') return undefined;
    const examined = await examining;
    if (answer.value === 'report') {
      await reports.show(
        'Python on this machine',
        examined.flatMap((each) => [...describeExamined(each), '']),
      );
      return undefined;
    }
    const interpreter = await interpreterOf(studio, python, answer.value, examined);
    if (interpreter === undefined) return undefined;
    await use(studio, python, interpreter);
    return interpreter;
  } finally {
    controller.abort();
  }
}

async function interpreterOf(
  studio: Studio,
  python: PythonChoice,
  answer: Exclude<Answer, 'report'>,
  examined: readonly Examined[],
): Promise<string | undefined> {
  if (answer === 'make') return make(studio, python, examined);
  const chosen = answer === 'choose' ? await chooseFile(python) : answer;
  if (!chosen?.report) return undefined;
  if (describeLacks(chosen.report, ENGINE) === undefined) return chosen.interpreter.executable;
  return complete(studio, python, { ...chosen, report: chosen.report }, examined);
}

async function examineAll(python: PythonChoice, signal: AbortSignal): Promise<Examined[]> {
  const examined: Examined[] = [];
  // One after the other: each starts a Python, which loads what it can.
  for (const interpreter of await python.find()) {
    if (signal.aborted) break;
    try {
      const report = await askDoctor(interpreter.executable, python.runtime.packageFolder, {
        // What is made goes there.
        diskPath: python.ownFolder,
        signal,
      });
      examined.push({ interpreter, report });
    } catch (error) {
      examined.push({ interpreter, refusal: describeError(error) });
    }
  }
  return examined;
}

/** An environment of somebody else's is changed only when the person says so. */
async function complete(
  studio: Studio,
  python: PythonChoice,
  chosen: Examined & { readonly report: DoctorReport },
  examined: readonly Examined[],
): Promise<string | undefined> {
  const { interpreter, report } = chosen;
  const { environment, executable } = interpreter;
  const canHold = environment !== undefined && isNewEnough(report.python.version);
  if (!canHold || !(await isOwnEnvironment(environment, python.ownFolder))) {
    const install = 'Install Them There';
    const makeOwn = 'Make a New Environment';
    const lacks = report.engines[ENGINE]?.missing.map((lack) => `• ${describeLack(lack)}`) ?? [];
    const answer = await vscode.window.showWarningMessage(
      `${executable} cannot train yet. It lacks:`,
      {
        modal: true,
        detail: [
          ...lacks,
          '',
          canHold
            ? `They can be installed into ${environment}, where other versions of these packages are then replaced; or an environment of its own is made, and this one stays as it is.`
            : 'This Python stays as it is: an environment of its own can be made.',
        ].join('\n'),
      },
      ...(canHold ? [makeOwn, install] : [makeOwn]),
    );
    if (answer === undefined) return undefined;
    if (answer === makeOwn) return make(studio, python, [chosen, ...examined]);
  }
  await withProgress(studio, python, `Installing packages into ${path.basename(environment!)}`, (options) =>
    installPackages(options, executable, environment!),
  );
  return executable;
}

/** @throws StudioError 'not-available' where no Python here can make one */
async function make(studio: Studio, python: PythonChoice, examined: readonly Examined[]): Promise<string> {
  const base = baseOf(examined);
  if (!base) throw new StudioError('not-available', 'No Python here can make an environment.');
  const { ownFolder } = python;
  return withProgress(studio, python, 'Making a Python environment', (options) =>
    makeEnvironment({
      ...options,
      base: base.interpreter.executable,
      version: base.report.python.version,
      ownFolder,
    }),
  );
}

function withProgress<T>(
  studio: Studio,
  python: PythonChoice,
  title: string,
  work: (options: InstallOptions) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) =>
    work({
      requirements: path.join(python.runtime.packageFolder, 'requirements', `${ENGINE}.txt`),
      wheels: python.wheels,
      uv: await findUv(process.env, os.homedir()),
      signal: abortSignalOf(token),
      onStep: (message) => progress.report({ message }),
      onLine: (line) => studio.log.info(line),
    }),
  );
}

/** @throws StudioError where it is no Python that is new enough */
async function chooseFile(python: PythonChoice): Promise<Examined | undefined> {
  const [chosen] = (await vscode.window.showOpenDialog({ title: TITLE, openLabel: 'Use This Python' })) ?? [];
  if (!chosen) return undefined;
  const executable = chosen.fsPath;
  return {
    interpreter: { executable, source: 'setting', environment: await environmentOf(executable) },
    report: await askDoctor(executable, python.runtime.packageFolder),
  };
}

/** @throws StudioError where it still cannot train */
async function use(studio: Studio, python: PythonChoice, interpreter: string): Promise<void> {
  const report = await askDoctor(interpreter, python.runtime.packageFolder);
  const lacks = describeLacks(report, ENGINE);
  if (lacks !== undefined) {
    throw new StudioError('not-available', `This Python still lacks ${lacks}.`, {
      where: { file: interpreter },
      hint: 'Choose it in the list to install them.',
    });
  }
  await python.choose(interpreter);
  studio.log.info(`Python for training: ${interpreter}: ${describeDoctor(report)}`);
  void tellReady(studio, report);
}

async function tellReady(studio: Studio, report: DoctorReport): Promise<void> {
  const showLog = 'Show Log';
  const said = `Python is ready to train: ${describeDoctor(report)}.`;
  if ((await vscode.window.showInformationMessage(said, showLog)) === showLog) studio.log.show();
}
