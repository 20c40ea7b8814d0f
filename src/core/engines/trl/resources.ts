/** Whether memory, disk and the loopback interface of this machine are enough for a run, as lines of the preflight. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { DoctorReport } from '../../python/doctor.ts';
import type { PreflightCheck } from '../../runs/preflight-check.ts';
import { formatBytes } from '../../sizes.ts';
import { describePreset, type MemoryEstimate } from './estimate.ts';

/** What an estimate may be too high by (docs/training.md). */
const OFF_BY = 0.25;

/** What is more than is free now is for the person to weigh; what this machine does not have at all stands in the way. */
export function memoryCheck(estimate: MemoryEstimate, report: DoctorReport, processes: number): PreflightCheck {
  const { total_bytes: total, available_bytes: available, fits, device, suggestions, preset } = estimate;
  const each = processes > 1 ? ` for each of ${processes} processes` : '';
  const free = available === null ? '' : `, ${formatBytes(available)} free`;
  const needed = `about ${formatBytes(total)}${each} on the ${device === 'cuda' ? 'GPU' : 'CPU'}${free}`;
  if (fits !== false) return hostMemoryCheck(needed, estimate.offloaded_bytes * processes, report);
  const whole = wholeMemory(device, report, processes);
  const impossible = whole !== undefined && total * (1 - OFF_BY) > whole;
  const less = suggestions.map(({ name, value, total_bytes }) => `${name} ${value} (${formatBytes(total_bytes)})`);
  const hints = [
    preset && `${describePreset(preset)} would fit (${formatBytes(preset.total_bytes)}).`,
    less.length > 0 && `Less is taken with ${less.join(', ')}.`,
    !preset && less.length === 0 && 'Choose a smaller model.',
  ].filter(Boolean);
  const has = impossible ? `, and there are ${formatBytes(whole)} in all` : '';
  return {
    what: 'memory',
    severity: impossible ? 'error' : 'warning',
    detail: `${needed}${has}. ${hints.join(' ')}`,
  };
}

/** Where the device that trains has enough: whether the CPU has it for the activations that are moved there. */
function hostMemoryCheck(needed: string, offloaded: number, { cpu }: DoctorReport): PreflightCheck {
  if (offloaded === 0) return { what: 'memory', severity: 'ok', detail: needed };
  const free = cpu.free_bytes === null ? '' : `, ${formatBytes(cpu.free_bytes)} free`;
  const detail = `${needed}; ${formatBytes(offloaded)} of activations in the memory of the CPU${free}`;
  if (cpu.free_bytes === null || offloaded <= cpu.free_bytes) return { what: 'memory', severity: 'ok', detail };
  const hint = 'Lower micro_batch_size, or turn gradient_checkpointing on.';
  return { what: 'memory', severity: 'warning', detail: `${detail}. ${hint}` };
}

/** Of one process. */
function wholeMemory(device: string, { gpus, cpu }: DoctorReport, processes: number): number | undefined {
  const bytes = device === 'cuda' ? gpus[0]?.memory_bytes : cpu.memory_bytes && cpu.memory_bytes / processes;
  return bytes ?? undefined;
}

/** Checkpoints hold weights and the state of the optimizer: those kept, the best one, and the one being written. */
export function diskCheck({ parts }: MemoryEstimate, { disk }: DoctorReport, kept: number): PreflightCheck {
  const model = parts.weights ?? 0;
  const checkpoint = model + (parts.optimizer ?? 0);
  const needed = checkpoint * (kept + 2) + model;
  const detail = `about ${formatBytes(needed)} for checkpoints and model, ${formatBytes(disk.free_bytes)} free (${disk.path})`;
  if (needed < disk.free_bytes) return { what: 'disk', severity: 'ok', detail };
  const none = checkpoint + model >= disk.free_bytes;
  const hint = none ? 'Not even one checkpoint fits: free some.' : 'Free some, or lower keep_checkpoints.';
  return { what: 'disk', severity: none ? 'error' : 'warning', detail: `${detail}. ${hint}` };
}

/**
 * Processes that train together speak over the loopback interface, and a trained model is served on it. Which port is free
 * is left to the system.
 */
export async function portCheck(processes: number, host = '127.0.0.1'): Promise<PreflightCheck> {
  const server = createServer();
  try {
    server.listen(0, host);
    await once(server, 'listening');
    return { what: 'port', severity: 'ok', detail: `ports of ${host} can be opened` };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    const together = processes > 1;
    const consequence = together
      ? `${processes} processes cannot train together. Set processes to 1, or ask who runs this machine.`
      : 'The run can train, but its model cannot be served as a grader here.';
    const detail = `no port of ${host} can be opened (${why}). ${consequence}`;
    return { what: 'port', severity: together ? 'error' : 'warning', detail };
  } finally {
    server.close();
  }
}
