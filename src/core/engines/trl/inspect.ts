/** What a run of the engine `trl` needs on this machine: Python with its packages, a base model, memory and disk. */

import { type BaseModel, findBaseModel } from '../../base-models/base-model.ts';
import { describeBaseModel, inspectBaseModel, refuseBaseModel } from '../../base-models/inspect-base-model.ts';
import { StudioError } from '../../errors.ts';
import { askDoctor, type DoctorReport, describeDoctor, describeLacks } from '../../python/doctor.ts';
import { pythonCommand } from '../../python/python-command.ts';
import { failedCheck, type PreflightCheck } from '../../runs/preflight-check.ts';
import { RUN_FORMAT_VERSION, type RunFile, type RunSpec, UNKNOWN_DATA } from '../../runs/spec.ts';
import { formatBytes } from '../../sizes.ts';
import type { InspectOptions } from '../engine.ts';
import { estimateMemory, type MemoryEstimate } from './estimate.ts';
import { resolveTrlSettings } from './settings.ts';

export async function inspectForTrl(file: RunFile, options: InspectOptions): Promise<PreflightCheck[]> {
  const environment = await lookAtPython(options);
  const model = await lookAtBaseModel(file, options);
  const checks = [environment.check, model.check];
  if (!environment.report || !model.found || model.found.kind === 'remote') return checks;
  return [...checks, ...(await lookAtMemory(file, model.found, environment.report, options))];
}

async function lookAtPython({ runtime, store, signal }: InspectOptions) {
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
    const settings = resolveTrlSettings(file.settings, file.method);
    const spec: RunSpec = {
      version: RUN_FORMAT_VERSION,
      id: 'estimate',
      name: 'estimate',
      created_at: new Date().toISOString(),
      method: file.method,
      data: { train: UNKNOWN_DATA },
      engine: 'trl',
      target: file.target,
      base_model: model.folder,
      seed: file.seed,
      settings,
      versions: {},
    };
    const estimate = await estimateMemory(spec, runtime, signal);
    return [
      memoryCheck(estimate, Number(settings.processes)),
      diskCheck(estimate, report, Number(settings.keep_checkpoints)),
    ];
  } catch (error) {
    return [failedCheck('memory', error)];
  }
}

function memoryCheck(estimate: MemoryEstimate, processes: number): PreflightCheck {
  const { total_bytes: total, available_bytes: available, fits, device, suggestions } = estimate;
  const each = processes > 1 ? ` for each of ${processes} processes` : '';
  const free = available === null ? '' : `, ${formatBytes(available)} free`;
  const needed = `about ${formatBytes(total)}${each} on the ${device === 'cuda' ? 'GPU' : 'CPU'}${free}`;
  if (fits !== false) return { what: 'memory', severity: 'ok', detail: needed };
  const less = suggestions.map(({ name, value, total_bytes }) => `${name} ${value} (${formatBytes(total_bytes)})`);
  const hint = less.length === 0 ? 'Choose a smaller model.' : `Less is taken with ${less.join(', ')}.`;
  return { what: 'memory', severity: 'warning', detail: `${needed}. ${hint}` };
}

/** Checkpoints hold weights and the state of the optimizer: those kept, the best one, and the one being written. */
function diskCheck({ parts }: MemoryEstimate, { disk }: DoctorReport, kept: number): PreflightCheck {
  const checkpoint = (parts.weights ?? 0) + (parts.optimizer ?? 0);
  const needed = checkpoint * (kept + 2) + (parts.weights ?? 0);
  const detail = `about ${formatBytes(needed)} for checkpoints and model, ${formatBytes(disk.free_bytes)} free (${disk.path})`;
  if (needed < disk.free_bytes) return { what: 'disk', severity: 'ok', detail };
  return { what: 'disk', severity: 'warning', detail: `${detail}. Free some, or lower keep_checkpoints.` };
}
