/** What was found of a Python interpreter, line by line: for the command line and for the report in VS Code. */

import { formatBytes } from '../sizes.ts';
import { type DoctorReport, describeGpu, type Lack } from './doctor.ts';
import type { Interpreter } from './interpreters.ts';

/** An interpreter that was asked what it has. */
export interface Examined {
  readonly interpreter: Interpreter;
  readonly report?: DoctorReport;
  /** Why it cannot be used at all. */
  readonly refusal?: string;
}

export function describeExamined({ interpreter, report, refusal }: Examined): string[] {
  const head = `${interpreter.executable} (${interpreter.source})`;
  return [head, ...(report ? describeReport(report) : [refusal ?? '']).map((line) => `  ${line}`)];
}

export function describeReport({ python, packages, cuda, gpus, cpu, disk, engines }: DoctorReport): string[] {
  const there = Object.entries(packages).filter(([, version]) => version !== null);
  const memory = cpu.memory_bytes === null ? 'unknown' : formatBytes(cpu.memory_bytes);
  const free = cpu.free_bytes === null ? '' : `, ${formatBytes(cpu.free_bytes)} free`;
  return [
    `Python    ${python.version}${python.virtual ? '' : ', of the system'}`,
    `packages  ${there.map(([name, version]) => `${name} ${version}`).join(', ') || 'none of those that train'}`,
    `CUDA      ${describeCuda(cuda)}`,
    ...(gpus.length === 0 ? ['GPU       none is seen'] : gpus.map((gpu) => `GPU       ${describeGpu(gpu)}`)),
    `memory    ${memory}${free}; ${cpu.count} cores`,
    `disk      ${formatBytes(disk.total_bytes)}, ${formatBytes(disk.free_bytes)} free (${disk.path})`,
    ...Object.entries(engines).flatMap(([engine, { ready, missing }]) => [
      `engine ${engine}: ${ready ? 'ready' : 'lacks'}`,
      ...missing.map((lack) => `  ${describeLack(lack)}`),
    ]),
  ];
}

/** "torch 2.13.0, which computes", or "trl 1.16.0, which trains; there is 1.9.0". */
export function describeLack({ package: name, wanted, found, because }: Lack): string {
  const needed = wanted === null || wanted === 'any' ? name : `${name} ${wanted}`;
  return `${needed}${because ? `, which ${because}` : ''}${found === null ? '' : `; there is ${found}`}`;
}

function describeCuda(cuda: DoctorReport['cuda']): string {
  if (!cuda) return 'unknown without torch';
  if (!cuda.available) return cuda.version === null ? 'none: torch is built for the CPU' : 'no GPU is seen';
  const driver = cuda.driver === null || cuda.driver === undefined ? '' : `, driver ${cuda.driver}`;
  return `${cuda.version ?? ''}${driver}${cuda.bf16 ? ', BF16' : ''}`;
}
