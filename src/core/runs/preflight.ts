/** Looks at everything that a run needs before it is started, and says all that stands in its way at once. */

import path from 'node:path';
import type { OtherDataset } from '../datasets/checks/check.ts';
import { checkFile } from '../datasets/checks/check-file.ts';
import { openDataset } from '../datasets/open.ts';
import type { Engine, InspectOptions } from '../engines/engine.ts';
import { resolveEngine } from '../engines/known-engines.ts';
import { METHODS } from '../methods/method.ts';
import type { Runtime } from '../runtime.ts';
import { isElsewhere, resolveTarget } from '../targets/known-targets.ts';
import { inspectThere } from './elsewhere/inspect-there.ts';
import { planRun, type RunPlan } from './plan.ts';
import { failedCheck, type PreflightCheck } from './preflight-check.ts';
import { prepareRun, type RunDraft, requireTarget } from './prepare.ts';
import type { RunFile } from './spec.ts';
import type { RunStore } from './store.ts';

export interface PreflightReport {
  /** The run can be started. Data with faults can, where rows are left. */
  readonly ok: boolean;
  readonly checks: readonly PreflightCheck[];
  /** Where it can be started: the spec that it would have, and what that would do. */
  readonly run: { readonly draft: RunDraft; readonly plan: RunPlan } | undefined;
}

export interface PreflightOptions {
  /** What relative paths of the run file are relative to. */
  readonly baseFolder: string;
  readonly store: RunStore;
  readonly runtime: Runtime;
  readonly signal?: AbortSignal;
  readonly secrets?: InspectOptions['secrets'];
  readonly onProgress?: (progress: { readonly rows: number; readonly totalRows: number }) => void;
}

export async function preflight(file: RunFile, options: PreflightOptions): Promise<PreflightReport> {
  const { engine, method, target, data } = file;
  const trainer = attempt(
    'engine',
    () => resolveEngine(engine, method),
    ({ title }) => `${title}: trains ${METHODS[method].title}`,
  );
  const checks: PreflightCheck[] = [
    trainer.check,
    // Of one elsewhere, what is there says more.
    ...(isElsewhere(target) && trainer.value?.elsewhere
      ? []
      : [
          attempt(
            'target',
            () => {
              if (trainer.value) requireTarget(trainer.value, target);
              return resolveTarget(target);
            },
            ({ title }) => title,
          ).check,
        ]),
    ...(trainer.value === undefined
      ? []
      : [attempt('settings', () => trainer.value!.resolveSettings(file.settings, method), describeSettings).check]),
    await checkData('training data', data.train, file, options),
    ...(data.validation === undefined ? [] : [await checkData('validation data', data.validation, file, options)]),
    ...((await (trainer.value && inspectEngine(file, trainer.value, options))) ?? []),
  ];
  if (checks.some(({ severity }) => severity === 'error')) return { ok: false, checks, run: undefined };
  try {
    const draft = await prepareRun(file, options.baseFolder, options.runtime.version, options.signal);
    return { ok: true, checks, run: { draft, plan: await planRun(draft, options.store, options.runtime) } };
  } catch (error) {
    return { ok: false, checks: [...checks, failedCheck('run', error)], run: undefined };
  }
}

/** What the engine needs where the run is trained. */
export const inspectEngine = async (file: RunFile, engine: Engine, options: InspectOptions) => {
  if (!isElsewhere(file.target)) return engine.inspect?.(file, options);
  return engine.elsewhere ? inspectThere(file, engine, options) : [];
};

function attempt<T>(what: PreflightCheck['what'], look: () => T, describe: (value: T) => string) {
  try {
    const value = look();
    return { value, check: { what, severity: 'ok' as const, detail: describe(value) } };
  } catch (error) {
    return { value: undefined, check: failedCheck(what, error) };
  }
}

const describeSettings = (settings: object): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');

/** Faults of the data are told; only data that no row can be trained on stand in the way. */
async function checkData(
  what: 'training data' | 'validation data',
  given: string,
  { method, data: { map, validation } }: RunFile,
  { baseFolder, runtime, signal, onProgress }: PreflightOptions,
): Promise<PreflightCheck> {
  const file = path.resolve(baseFolder, given);
  let against: OtherDataset | undefined;
  try {
    if (what === 'training data' && validation !== undefined) {
      // A validation file that cannot be opened is told by its own check.
      const dataset = await openDataset(path.resolve(baseFolder, validation), signal).catch(() => undefined);
      against = dataset && { dataset };
    }
    const { report } = await checkFile(file, method, {
      map,
      against,
      signal,
      workersFolder: runtime.workersFolder,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const { rows, usable } = report.totals;
    return {
      what,
      severity: usable > 0 ? 'ok' : 'error',
      detail: `${file}: ${rows} rows, ${usable} usable (${report.format.title})`,
      findings: report.findings.map(({ severity, message }) => ({ severity, message })),
    };
  } catch (error) {
    return failedCheck(what, error);
  } finally {
    await against?.dataset.close();
  }
}
