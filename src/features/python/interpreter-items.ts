/** The list of "Set Up Python Environment": what is ready, what can be made, and what else is here. */

import * as vscode from 'vscode';
import type { Examined } from '../../core/python/describe-report.ts';
import {
  type DoctorReport,
  describeDoctor,
  describeLacks,
  isNewEnough,
  OLDEST_PYTHON,
} from '../../core/python/doctor.ts';
import { formatBytes } from '../../core/sizes.ts';
import type { StepItem } from '../training/pick-steps.ts';

export const ENGINE = 'trl';

export type Answer = 'make' | 'choose' | 'report' | Examined;

export function interpreterItems(examined: readonly Examined[]): StepItem<Answer>[] {
  const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const ready = examined.filter(({ report }) => report && describeLacks(report, ENGINE) === undefined);
  const others = examined.filter((each) => !ready.includes(each));
  const oldest = OLDEST_PYTHON.join('.');
  return [
    ...(ready.length > 0 ? [separator('ready to train'), ...ready.map(itemOf)] : []),
    separator('make one'),
    makeItem(examined),
    {
      label: 'Choose an Interpreter…',
      iconPath: new vscode.ThemeIcon('folder-opened'),
      description: `a file: Python ${oldest} or newer`,
      value: 'choose',
    },
    ...(others.length > 0 ? [separator('found here'), ...others.map(itemOf)] : []),
    ...(examined.length > 0
      ? [
          separator('report'),
          {
            label: 'Show What Each Has',
            iconPath: new vscode.ThemeIcon('output'),
            description: 'versions, CUDA, GPUs, memory, disk, and what is missing for which engine',
            value: 'report' as const,
          },
        ]
      : []),
  ];
}

function makeItem(examined: readonly Examined[]): StepItem<Answer> {
  const base = baseOf(examined);
  if (!base) {
    return {
      label: 'No environment can be made',
      iconPath: new vscode.ThemeIcon('circle-slash'),
      detail: `Install Python ${OLDEST_PYTHON.join('.')} or newer first, or choose one that was not found.`,
    };
  }
  const { python, disk } = base.report;
  return {
    label: 'Make a New Environment',
    iconPath: new vscode.ThemeIcon('add'),
    description: `with Python ${python.version}; fetches about 2 GB, 6 GB with CUDA`,
    detail: `The packages that this version is tested with, in a folder of its own; ${formatBytes(disk.free_bytes)} free here.`,
    value: 'make',
  };
}

function itemOf(examined: Examined): StepItem<Answer> {
  const { interpreter, report, refusal } = examined;
  const lacks = report && describeLacks(report, ENGINE);
  const icon = refusal ? 'circle-slash' : lacks ? 'circle-outline' : 'pass';
  return {
    label: interpreter.executable,
    description: interpreter.source,
    iconPath: new vscode.ThemeIcon(icon),
    detail: refusal ?? [describeDoctor(report!), lacks && `lacks ${lacks}`].filter(Boolean).join(' · '),
    alwaysShow: true,
    ...(refusal === undefined ? { value: examined } : {}),
  };
}

/** Any that can make an environment: the first one found. */
export const baseOf = (examined: readonly Examined[]) =>
  examined.find((each): each is Examined & { report: DoctorReport } =>
    Boolean(each.report && isNewEnough(each.report.python.version)),
  );
