/** What a Python interpreter has: its packages, the GPUs it sees, memory, disk, and what each engine lacks there. */

import { execa } from 'execa';
import * as z from 'zod';
import { StudioError } from '../errors.ts';
import { formatBytes } from '../sizes.ts';
import { askPython } from './ask-python.ts';
import { packageCommand } from './python-command.ts';

const bytes = z.number().min(0);
const lackSchema = z.object({
  package: z.string(),
  wanted: z.string().nullable(),
  found: z.string().nullable(),
  because: z.string().nullable().optional(),
});
const engineSchema = z.object({
  ready: z.boolean(),
  missing: z.array(lackSchema),
  requirements: z.string().nullable().optional(),
});

/** The answer of `doctor --json`; docs/training.md describes it. */
export const doctorSchema = z.object({
  version: z.literal(1),
  python: z.object({ executable: z.string(), version: z.string(), prefix: z.string(), virtual: z.boolean() }),
  platform: z.object({ system: z.string(), machine: z.string() }),
  packages: z.record(z.string(), z.string().nullable()),
  cuda: z
    .object({
      available: z.boolean(),
      version: z.string().nullable(),
      driver: z.union([z.string(), z.number()]).nullable().optional(),
      bf16: z.boolean().nullable().optional(),
    })
    .nullable(),
  gpus: z.array(
    z.object({
      index: z.number(),
      name: z.string(),
      memory_bytes: bytes.nullable(),
      free_bytes: bytes.nullable(),
    }),
  ),
  cpu: z.object({ count: z.number(), memory_bytes: bytes.nullable(), free_bytes: bytes.nullable() }),
  disk: z.object({ path: z.string(), total_bytes: bytes, free_bytes: bytes }),
  engines: z.record(z.string(), engineSchema),
});

export type DoctorReport = z.infer<typeof doctorSchema>;
export type Lack = z.infer<typeof lackSchema>;

/** Python from this version on can have the packages that the engine trl is tested with. */
export const OLDEST_PYTHON = [3, 11] as const;

/**
 * @param diskPath whose disk is looked at
 * @throws StudioError 'not-available' for a Python that is too old or cannot be started
 */
export async function askDoctor(
  interpreter: string,
  packageFolder: string,
  { diskPath, signal }: { readonly diskPath?: string; readonly signal?: AbortSignal } = {},
): Promise<DoctorReport> {
  const place = diskPath === undefined ? [] : ['--path', diskPath];
  const command = packageCommand(interpreter, packageFolder, 'doctor', ['--json', ...place]);
  try {
    return await askPython(command, doctorSchema, signal);
  } catch (error) {
    const refusal = signal?.aborted ? undefined : await refuseInterpreter(interpreter, signal);
    throw refusal ?? error;
  }
}

/** Why an interpreter cannot answer; undefined for one that is new enough. */
async function refuseInterpreter(interpreter: string, signal?: AbortSignal): Promise<StudioError | undefined> {
  const { stdout, failed, cause } = await execa(
    interpreter,
    ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'],
    { reject: false, stdin: 'ignore', ...(signal === undefined ? {} : { cancelSignal: signal }) },
  );
  const refusal = (message: string) =>
    new StudioError('not-available', message, {
      where: { file: interpreter },
      hint: `Choose Python ${OLDEST_PYTHON.join('.')} or newer with "Set Up Python Environment".`,
      cause,
    });
  if (failed) return refusal('This Python cannot be started.');
  return isNewEnough(stdout) ? undefined : refusal(`This is Python ${stdout.trim()}, which is too old.`);
}

export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_PYTHON;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** "Python 3.11.7 · torch 2.13.0 (CPU) · trl 1.16.0 · 2 cores, 20 GB free". */
export function describeDoctor({ python, packages, cuda, gpus, cpu }: DoctorReport): string {
  const { torch, trl } = packages;
  const free = cpu.free_bytes === null ? undefined : `${formatBytes(cpu.free_bytes)} free`;
  const device = cuda?.available ? `CUDA ${cuda.version ?? ''}`.trim() : 'CPU';
  return [
    `Python ${python.version}`,
    torch ? `torch ${torch} (${device})` : undefined,
    trl ? `trl ${trl}` : undefined,
    ...gpus.map(describeGpu),
    [`${cpu.count} cores`, free].filter(Boolean).join(', '),
  ]
    .filter(Boolean)
    .join(' · ');
}

export function describeGpu({ name, memory_bytes: memory, free_bytes: free }: DoctorReport['gpus'][number]): string {
  const sizes = [
    memory === null ? undefined : formatBytes(memory),
    free === null ? undefined : `${formatBytes(free)} free`,
  ];
  return [name, ...sizes].filter(Boolean).join(', ');
}

/** What an engine lacks, in words: "torch (2.13.0), trl 1.9.0 (needs 1.16.0)"; undefined where it lacks nothing. */
export function describeLacks(report: DoctorReport, engine: string): string | undefined {
  const found = report.engines[engine];
  if (!found || found.ready) return undefined;
  return found.missing
    .map(({ package: name, wanted, found: version }) => {
      if (version === null) return name;
      return `${name} ${version}${wanted === null ? '' : ` (needs ${wanted})`}`;
    })
    .join(', ');
}
