/** What a run of the engine `trl` needs on this machine: Python with its packages, a base model, memory, disk and ports. */

import { type BaseModel, findBaseModel } from '../../base-models/base-model.ts';
import { describeBaseModel, inspectBaseModel, refuseBaseModel } from '../../base-models/inspect-base-model.ts';
import { StudioError } from '../../errors.ts';
import { askDoctor, type DoctorReport, describeDoctor, describeLacks } from '../../python/doctor.ts';
import { pythonCommand } from '../../python/python-command.ts';
import { failedCheck, type PreflightCheck } from '../../runs/preflight-check.ts';
import type { RunFile } from '../../runs/spec.ts';
import type { InspectOptions } from '../engine.ts';
import { estimateMemory } from './estimate.ts';
import { diskCheck, memoryCheck, portCheck } from './resources.ts';
import { resolveTrlSettings } from './settings.ts';

export async function inspectForTrl(file: RunFile, options: InspectOptions): Promise<PreflightCheck[]> {
  const environment = await lookAtPython(file, options);
  const model = await lookAtBaseModel(file, options);
  const checks = [environment.check, model.check, await portCheck(Number(file.settings.processes ?? 1))];
  if (!environment.report || !model.found || model.found.kind === 'remote') return checks;
  return [...checks, ...(await lookAtMemory(file, model.found, environment.report, options))];
}

async function lookAtPython({ settings }: RunFile, { runtime, store, signal }: InspectOptions) {
  try {
    const { file } = pythonCommand(runtime, 'doctor', []);
    const report = await askDoctor(file, runtime.python!.packageFolder, {
      diskPath: store.base,
      ...(signal === undefined ? {} : { signal }),
    });
    const lacks = describeLacks(report, 'trl');
    if (lacks !== undefined) {
      throw new StudioError('not-available', `This Python lacks ${lacks}.`, {
        where: { file },
        hint: '"Reward Studio: Set Up Python Environment" makes an environment that has them.',
      });
    }
    if (settings.report_to === 'wandb' && !report.packages.wandb) {
      throw new StudioError('not-available', 'report_to is wandb, and this Python has no package "wandb".', {
        where: { file },
        hint: 'Install it there (python -m pip install wandb), or set report_to to none.',
      });
    }
    const detail = `${describeDoctor(report)} (${file})`;
    return { report, check: { what: 'environment', severity: 'ok', detail } satisfies PreflightCheck };
  } catch (error) {
    return { report: undefined, check: failedCheck('environment', error) };
  }
}

async function lookAtBaseModel({ base_model: name, method }: RunFile, { baseFolder }: InspectOptions) {
  try {
    if (name === undefined) {
      throw new StudioError('usage', 'The engine trl needs a base model, and the run file names none.', {
        hint: 'Name a folder or an id as "base_model".',
      });
    }
    const found = await findBaseModel(name, baseFolder);
    if (found.kind === 'remote') {
      const detail = `${name} is not on this machine: the trainer fetches it from the hub before it trains.`;
      return { found, check: { what: 'base model', severity: 'warning', detail } satisfies PreflightCheck };
    }
    const facts = await inspectBaseModel(found.folder);
    const refusal = refuseBaseModel(facts, method, found.folder);
    if (refusal) throw refusal;
    const detail = `${name}: ${describeBaseModel(facts)}`;
    return { found, check: { what: 'base model', severity: 'ok', detail } satisfies PreflightCheck };
  } catch (error) {
    return { found: undefined, check: failedCheck('base model', error) };
  }
}

async function lookAtMemory(
  file: RunFile,
  model: Exclude<BaseModel, { kind: 'remote' }>,
  report: DoctorReport,
  { runtime, signal }: InspectOptions,
): Promise<PreflightCheck[]> {
  try {
    const { processes, keep_checkpoints } = resolveTrlSettings(file.settings, file.method);
    const estimate = await estimateMemory(file, model.folder, runtime, signal);
    return [memoryCheck(estimate, report, Number(processes)), diskCheck(estimate, report, Number(keep_checkpoints))];
  } catch (error) {
    return [failedCheck('memory', error)];
  }
}
