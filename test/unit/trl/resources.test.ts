import { describe, expect, it } from 'vitest';
import type { MemoryEstimate } from '../../../src/core/engines/trl/estimate.ts';
import { diskCheck, memoryCheck, portCheck } from '../../../src/core/engines/trl/resources.ts';
import type { DoctorReport } from '../../../src/core/python/doctor.ts';

const GB = 1e9;

const estimate = (total: number, available: number | null, more: Partial<MemoryEstimate> = {}): MemoryEstimate => ({
  total_bytes: total,
  parts: { weights: 2 * GB, optimizer: 4 * GB },
  offloaded_bytes: 0,
  parameters: 5e8,
  trainable_parameters: 5e8,
  device: 'cpu',
  available_bytes: available,
  fits: available === null ? null : total <= available,
  suggestions: [],
  preset: null,
  gpu_presets: [],
  ...more,
});

const machine = (memory: number | null, freeDisk = 100 * GB): DoctorReport => ({
  version: 1,
  python: { executable: '/env/bin/python', version: '3.11.7', prefix: '/env', virtual: true },
  platform: { system: 'Linux', machine: 'x86_64' },
  packages: {},
  cuda: null,
  gpus: [{ index: 0, name: 'A GPU', memory_bytes: 24 * GB, free_bytes: 20 * GB }],
  cpu: { count: 8, memory_bytes: memory, free_bytes: memory },
  disk: { path: '/runs', total_bytes: 200 * GB, free_bytes: freeDisk },
  engines: {},
});

describe('before a run with TRL, memory', () => {
  it('that is enough, or that nobody can tell, is no obstacle', () => {
    expect(memoryCheck(estimate(8 * GB, 16 * GB), machine(32 * GB), 1).severity).toBe('ok');
    expect(memoryCheck(estimate(8 * GB, null), machine(null), 1).severity).toBe('ok');
  });

  it('that is only taken by others now is a warning, with the settings that fit', () => {
    const preset = {
      settings: { gradient_checkpointing: true, lora_rank: 16, micro_batch_size: 2 },
      total_bytes: 3 * GB,
    };
    const suggestions = [{ name: 'micro_batch_size', value: 1, total_bytes: 7 * GB }];
    const check = memoryCheck(estimate(8 * GB, 4 * GB, { preset, suggestions }), machine(32 * GB), 1);
    expect(check).toMatchObject({ what: 'memory', severity: 'warning' });
    expect(check.detail).toContain('LoRA of rank 16, micro_batch_size 2 would fit (3.0 GB)');
    expect(check.detail).toContain('Less is taken with micro_batch_size 1 (7.0 GB)');
  });

  it('that this machine does not have, even if the estimate is too high, is an error', () => {
    expect(memoryCheck(estimate(44 * GB, 4 * GB), machine(32 * GB), 1)).toMatchObject({ severity: 'error' });
    expect(memoryCheck(estimate(42 * GB, 4 * GB), machine(32 * GB), 1)).toMatchObject({ severity: 'warning' });
    expect(memoryCheck(estimate(22 * GB, 4 * GB), machine(32 * GB), 2)).toMatchObject({ severity: 'error' });
    const onGpu = estimate(33 * GB, 20 * GB, { device: 'cuda' });
    expect(memoryCheck(onGpu, machine(512 * GB), 1)).toMatchObject({
      severity: 'error',
      detail: expect.stringContaining('24 GB in all'),
    });
  });
});

describe('before a run with TRL, activations moved to the CPU', () => {
  const offloading = estimate(8 * GB, 20 * GB, { device: 'cuda', offloaded_bytes: 10 * GB });

  it('need its memory, for every process', () => {
    expect(memoryCheck(offloading, machine(32 * GB), 1)).toEqual({
      what: 'memory',
      severity: 'ok',
      detail: 'about 8.0 GB on the GPU, 20 GB free; 10 GB of activations in the memory of the CPU, 32 GB free',
    });
    const four = memoryCheck(offloading, machine(32 * GB), 4);
    expect(four).toMatchObject({ severity: 'warning', detail: expect.stringContaining('40 GB of activations') });
  });
});

describe('before a run with TRL, the disk', () => {
  it('has to hold the checkpoints that are kept, the best, the one being written, and the model', () => {
    expect(diskCheck(estimate(0, null), machine(null, 27 * GB), 2)).toMatchObject({
      severity: 'ok',
      detail: 'about 26 GB for checkpoints and model, 27 GB free (/runs)',
    });
    expect(diskCheck(estimate(0, null), machine(null, 25 * GB), 2)).toMatchObject({
      severity: 'warning',
      detail: expect.stringContaining('lower keep_checkpoints'),
    });
  });

  it('that takes not even one checkpoint is an error', () => {
    expect(diskCheck(estimate(0, null), machine(null, 7 * GB), 2)).toMatchObject({ what: 'disk', severity: 'error' });
  });
});

describe('before a run with TRL, ports', () => {
  it('of the loopback interface can be opened', async () => {
    expect(await portCheck(2)).toEqual({ what: 'port', severity: 'ok', detail: 'ports of 127.0.0.1 can be opened' });
  });

  /** An address for documents (RFC 5737): no machine has it. */
  const NOT_OURS = '192.0.2.1';

  it('that cannot be opened keep processes from training together, and a lone one only from serving its model', async () => {
    expect(await portCheck(2, NOT_OURS)).toMatchObject({
      what: 'port',
      severity: 'error',
      detail: expect.stringContaining('EADDRNOTAVAIL'),
    });
    expect(await portCheck(1, NOT_OURS)).toMatchObject({ severity: 'warning' });
  });
});
