/** What a run elsewhere needs there, as lines of the preflight: the target, its Python, its GPUs. */

import { findBaseModel } from '../../base-models/base-model.ts';
import { describeBaseModel, inspectBaseModel, refuseBaseModel } from '../../base-models/inspect-base-model.ts';
import type { Engine, InspectOptions } from '../../engines/engine.ts';
import { StudioError } from '../../errors.ts';
import { type DoctorReport, describeDoctor, describeLacks } from '../../python/doctor.ts';
import { formatBytes } from '../../sizes.ts';
import { resolveRemoteTarget } from '../../targets/known-targets.ts';
import { askForDoctor } from '../../targets/remote/ask-doctor.ts';
import type { RemoteContext, RemoteLook, RemoteTarget } from '../../targets/remote/remote-target.ts';
import { readTargets } from '../../targets/remote/targets-file.ts';
import { failedCheck, type PreflightCheck } from '../preflight-check.ts';
import type { RunFile } from '../spec.ts';

export async function inspectThere(
  file: RunFile,
  engine: Engine,
  options: InspectOptions,
): Promise<readonly PreflightCheck[]> {
  const signal = options.signal ?? new AbortController().signal;
  const target = await resolveRemoteTarget(file.target);
  const model = engine.needsBaseModel ? [await lookAtBaseModel(file, options.baseFolder)] : [];
  let context: RemoteContext;
  try {
    context = await contextFor(file.target, target, options);
  } catch (error) {
    return [failedCheck('target', error), ...model];
  }
  const reached = await lookAtTarget(target, context, signal);
  if (reached.severity === 'error') return [reached, ...model];
  const environment = await lookAtPython(file, target, context, signal);
  return [reached, ...environment, ...model];
}

/** How a target of this workspace is reached from this process. */
export async function contextFor(
  name: string,
  { secretNames }: RemoteTarget,
  { store, runtime, secrets }: Pick<InspectOptions, 'store' | 'runtime' | 'secrets'>,
): Promise<RemoteContext> {
  if (!runtime.python) throw new StudioError('not-available', 'The Python package that is brought there is not here.');
  const targets = await readTargets(store.base);
  const given = secrets ?? fromEnvironment;
  return {
    setup: targets[name] ?? {},
    packageFolder: runtime.python.packageFolder,
    secrets: await given(secretNames),
  };
}

async function fromEnvironment(names: readonly string[]): Promise<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

async function lookAtTarget(
  target: RemoteTarget,
  context: RemoteContext,
  signal: AbortSignal,
): Promise<PreflightCheck> {
  try {
    const look = await target.look(context, signal);
    const severity = look.warnings.length > 0 ? 'warning' : 'ok';
    return { what: 'target', severity, detail: [describeLook(look), ...look.warnings].join(' ') };
  } catch (error) {
    return failedCheck('target', error);
  }
}

/** "Ray 2.60.0: 2 nodes, 32 cores, 16 GPUs (8 free)." */
export const describeLook = (look: RemoteLook): string => {
  const { length } = look.nodes;
  return `${look.software}: ${length} ${length === 1 ? 'node' : 'nodes'}, ${describeNodes(look)}.`;
};

/** "32 cores, 16 GPUs (8 free)" */
export function describeNodes({ nodes }: RemoteLook): string {
  const sum = (of: (node: RemoteLook['nodes'][number]) => number) => nodes.reduce((total, node) => total + of(node), 0);
  const gpus = sum((node) => node.gpus);
  const told = nodes.some(({ gpusFree }) => gpusFree !== undefined);
  const free = gpus > 0 && told ? ` (${sum((node) => node.gpusFree ?? 0)} free)` : '';
  const memory = sum((node) => node.memoryBytes ?? 0);
  return [
    `${sum((node) => node.cpus)} cores`,
    gpus === 0 ? 'no GPU' : `${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}${free}`,
    ...(memory > 0 ? [formatBytes(memory)] : []),
  ].join(', ');
}

async function lookAtPython(file: RunFile, target: RemoteTarget, context: RemoteContext, signal: AbortSignal) {
  try {
    const report = await askForDoctor((verb, args) => target.ask(context, verb, args, signal));
    const lacks = describeLacks(report, file.engine);
    if (lacks !== undefined) {
      throw new StudioError('not-available', `The Python there lacks ${lacks}.`, {
        where: { file: report.python.executable },
        hint: `Install ${report.engines[file.engine]?.requirements ?? 'them'} there, or name another interpreter with "Add Training Target".`,
      });
    }
    const detail = `${describeDoctor(report)} (${report.python.executable}, there)`;
    const environment: PreflightCheck = { what: 'environment', severity: 'ok', detail };
    return [environment, ...processesCheck(file, report)];
  } catch (error) {
    return [failedCheck('environment', error)];
  }
}

/** Several processes on one machine take a GPU each. */
function processesCheck({ engine, settings }: RunFile, { gpus }: DoctorReport): PreflightCheck[] {
  const processes = Number(settings.processes ?? 1);
  if (engine !== 'trl' || settings.device === 'cpu' || gpus.length === 0 || processes <= gpus.length) return [];
  const detail = `${processes} processes need as many GPUs, and there are ${gpus.length}. Lower processes.`;
  return [{ what: 'memory', severity: 'error', detail }];
}

async function lookAtBaseModel({ base_model: name, method, engine }: RunFile, baseFolder: string) {
  try {
    if (name === undefined) {
      throw new StudioError('usage', `The engine "${engine}" needs a base model, and the run file names none.`, {
        hint: 'Name a folder or an id as "base_model".',
      });
    }
    const found = await findBaseModel(name, baseFolder);
    if (found.kind !== 'folder') {
      const detail = `${name} is fetched from the hub there, unless it is there already.`;
      return { what: 'base model', severity: 'ok', detail } satisfies PreflightCheck;
    }
    const facts = await inspectBaseModel(found.folder);
    const refusal = refuseBaseModel(facts, method, found.folder);
    if (refusal) throw refusal;
    return {
      what: 'base model',
      severity: 'ok',
      detail: `${name}: ${describeBaseModel(facts)}; it is brought there`,
    } satisfies PreflightCheck;
  } catch (error) {
    return failedCheck('base model', error);
  }
}
