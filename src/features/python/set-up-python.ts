/** "Set Up Python Environment": which Python trains, what each one here has, and an environment of its own where none fits. */

import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { describeError, StudioError } from '../../core/errors.ts';
import {
  askDoctor,
  type DoctorReport,
  describeDoctor,
  describeLacks,
  isNewEnough,
  OLDEST_PYTHON,
} from '../../core/python/doctor.ts';
import type { Interpreter } from '../../core/python/interpreters.ts';
import { findUv, installPackages, isOwnEnvironment, makeEnvironment } from '../../core/python/make-environment.ts';
import { formatBytes } from '../../core/sizes.ts';
import { abortSignalOf, requireTrust, type Studio } from '../studio.ts';
import { pickStep, type StepItem } from '../training/pick-steps.ts';
import type { PythonChoice } from './python-choice.ts';

const TITLE = 'Set Up Python Environment';
const ENGINE = 'trl';

interface Examined {
  readonly interpreter: Interpreter;
  readonly report?: DoctorReport;
  /** Why it cannot be used at all. */
  readonly refusal?: string;
}

type Answer = 'make' | 'choose' | Examined;

/** The interpreter that was chosen; undefined when the person leaves. */
export async function setUpPython(studio: Studio, python: PythonChoice): Promise<string | undefined> {
  requireTrust('Python is started only in trusted workspaces.');
  const controller = new AbortController();
  try {
    const examined = examineAll(python, controller.signal);
    const answer = await pickStep<Answer>({
      title: TITLE,
      placeholder: 'The Python that trains with PyTorch (TRL), and serves what it has trained',
      step: 1,
      totalSteps: 1,
      items: examined.then(itemsOf),
    });
    if (answer === undefined || answer === 'back') return undefined;
    const interpreter = await interpreterOf(studio, python, answer.value, await examined);
    if (interpreter === undefined) return undefined;
    await use(studio, python, interpreter);
    return interpreter;
  } finally {
    controller.abort();
  }
}

async function interpreterOf(studio: Studio, python: PythonChoice, answer: Answer, examined: readonly Examined[]) {
  if (answer === 'make') return make(studio, python, examined);
  if (answer === 'choose') return chooseFile();
  if (describeLacks(answer.report!, ENGINE) === undefined) return answer.interpreter.executable;
  return complete(studio, python, answer, examined);
}

async function examineAll(python: PythonChoice, signal: AbortSignal): Promise<Examined[]> {
  const found = await python.find();
  const examined: Examined[] = [];
  // One after the other: each starts a Python, which loads what it can.
  for (const interpreter of found) {
    if (signal.aborted) break;
    try {
      const { packageFolder } = python.runtime;
      examined.push({ interpreter, report: await askDoctor(interpreter.executable, packageFolder, { signal }) });
    } catch (error) {
      examined.push({ interpreter, refusal: describeError(error) });
    }
  }
  return examined;
}

function itemsOf(examined: readonly Examined[]): StepItem<Answer>[] {
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const ready = examined.filter(({ report }) => report && describeLacks(report, ENGINE) === undefined);
  const others = examined.filter((each) => !ready.includes(each));
  const base = baseOf(examined);
  const oldest = OLDEST_PYTHON.join('.');
  return [
    ...(ready.length > 0 ? [separator('ready to train'), ...ready.map(itemOf)] : []),
    separator('make one'),
    base
      ? {
          label: 'Make a New Environment',
          iconPath: new vscode.ThemeIcon('add'),
          description: `with Python ${base.report.python.version}; fetches about 2 GB, 6 GB with CUDA`,
          detail: `The packages that this version is tested with, in a folder of its own; ${formatBytes(base.report.disk.free_bytes)} free here.`,
          value: 'make' as const,
        }
      : {
          label: 'No environment can be made',
          iconPath: new vscode.ThemeIcon('circle-slash'),
          detail: `Install Python ${oldest} or newer first, or choose one that was not found.`,
        },
    {
      label: 'Choose an Interpreter…',
      iconPath: new vscode.ThemeIcon('folder-opened'),
      description: `a file: Python ${oldest} or newer`,
      value: 'choose' as const,
    },
    ...(others.length > 0 ? [separator('found here'), ...others.map(itemOf)] : []),
  ];
}

function itemOf(examined: Examined): StepItem<Answer> {
  const { interpreter, report, refusal } = examined;
  const lacks = report && describeLacks(report, ENGINE);
  return {
    label: interpreter.executable,
    description: interpreter.source,
    iconPath: new vscode.ThemeIcon(refusal ? 'circle-slash' : lacks ? 'circle-outline' : 'pass'),
    detail: refusal ?? [describeDoctor(report!), lacks && `lacks ${lacks}`].filter(Boolean).join(' · '),
    alwaysShow: true,
    ...(refusal === undefined ? { value: examined } : {}),
  };
}

/** Any that can make an environment: the first one found. */
const baseOf = (examined: readonly Examined[]) =>
  examined.find((each): each is Examined & { report: DoctorReport } =>
    Boolean(each.report && isNewEnough(each.report.python.version)),
  );

/** An environment of somebody else's is changed only when the person says so. */
async function complete(studio: Studio, python: PythonChoice, chosen: Examined, examined: readonly Examined[]) {
  const { interpreter, report } = chosen;
  const { environment, executable } = interpreter;
  const lacks = describeLacks(report!, ENGINE)!;
  const own = environment !== undefined && (await isOwnEnvironment(environment));
  const install = 'Install Them There';
  const makeOwn = 'Make a New Environment';
  if (!own) {
    const answer = await vscode.window.showWarningMessage(
      `This Python lacks ${lacks}.`,
      {
        modal: true,
        detail: environment
          ? `They can be installed into ${environment}, where other versions of these packages are then replaced; or an environment of its own is made, and this one stays as it is.`
          : 'It belongs to the system, which stays as it is: an environment of its own is made from it.',
      },
      ...(environment ? [makeOwn, install] : [makeOwn]),
    );
    if (answer === undefined) return undefined;
    if (answer === makeOwn) return make(studio, python, [chosen, ...examined]);
  }
  await withProgress(studio, `Installing packages into ${path.basename(environment ?? executable)}`, async (tools) => {
    await installPackages({ ...tools, requirements: requirementsOf(python) }, executable);
  });
  return executable;
}

async function make(studio: Studio, python: PythonChoice, examined: readonly Examined[]): Promise<string | undefined> {
  const base = baseOf(examined);
  if (!base) return undefined;
  return withProgress(studio, 'Making a Python environment', (tools) =>
    makeEnvironment({
      ...tools,
      base: base.interpreter.executable,
      version: base.report.python.version,
      requirements: requirementsOf(python),
      ownFolder: python.ownFolder,
    }),
  );
}

const requirementsOf = (python: PythonChoice): string =>
  path.join(python.runtime.packageFolder, 'requirements', `${ENGINE}.txt`);

interface Tools {
  readonly uv: string | undefined;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
  readonly onLine: (line: string) => void;
}

function withProgress<T>(studio: Studio, title: string, work: (tools: Tools) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) =>
    work({
      uv: await findUv(process.env, os.homedir()),
      signal: abortSignalOf(token),
      onStep: (message) => progress.report({ message }),
      onLine: (line) => studio.log.info(line),
    }),
  );
}

async function chooseFile(): Promise<string | undefined> {
  const [chosen] = (await vscode.window.showOpenDialog({ title: TITLE, openLabel: 'Use This Python' })) ?? [];
  return chosen?.fsPath;
}

/** @throws StudioError where it still cannot train */
async function use(studio: Studio, python: PythonChoice, interpreter: string): Promise<void> {
  const report = await askDoctor(interpreter, python.runtime.packageFolder);
  const lacks = describeLacks(report, ENGINE);
  if (lacks !== undefined) {
    throw new StudioError('not-available', `This Python lacks ${lacks}.`, {
      where: { file: interpreter },
      hint: 'Choose it in the list to install them, or make a new environment.',
    });
  }
  await python.choose(interpreter);
  studio.log.info(`Python for training: ${interpreter}: ${describeDoctor(report)}`);
  void vscode.window.showInformationMessage(`Python is ready to train: ${describeDoctor(report)}.`);
}
