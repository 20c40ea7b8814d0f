/** Runs written by a test in place of a trainer: what a foreign trainer has to write for the panel. */

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ControlBody, EventBody } from '../../src/core/runs/events.ts';
import { processStart } from '../../src/core/targets/process-identity.ts';

export interface WrittenRunOptions {
  readonly name?: string;
  readonly settings?: Readonly<Record<string, number | boolean | string>>;
}

/** Its trainer is the process of the test itself: it is alive as long as the test runs. */
export class WrittenRun {
  readonly folder: string;
  #seq = 0;
  #controlSeq = 0;
  #attempt = 1;

  constructor(workspace: string, id: string, { name = id, settings = {} }: WrittenRunOptions = {}) {
    this.folder = path.join(workspace, '.reward-studio', 'runs', id);
    mkdirSync(this.folder, { recursive: true });
    const spec = {
      version: 1,
      id,
      name,
      created_at: '2026-01-02T03:04:05.000Z',
      method: 'bradley-terry',
      data: { train: { path: '/data/support-pairs.parquet', fingerprint: 'f', rows: 76_412 } },
      engine: 'embedded',
      target: 'local',
      seed: 42,
      settings: { learning_rate: 0.05, epochs: 20, ...settings },
      versions: { reward_studio: '0.1.0' },
    };
    writeFileSync(path.join(this.folder, 'run.json'), JSON.stringify(spec));
  }

  async launch(): Promise<void> {
    this.control({
      kind: 'launched',
      pid: process.pid,
      process_start: (await processStart(process.pid)) ?? null,
      host: os.hostname(),
      command: ['trainer'],
    });
    this.event({ kind: 'status', status: 'running' });
  }

  nextAttempt(): void {
    this.#attempt += 1;
    this.#seq = 0;
    this.#controlSeq = 0;
  }

  event(body: EventBody, time = new Date()): void {
    this.#seq += 1;
    this.#append('events.jsonl', this.#seq, body, time);
  }

  control(body: ControlBody, time = new Date()): void {
    this.#controlSeq += 1;
    this.#append('control.jsonl', this.#controlSeq, body, time);
  }

  log(text: string): void {
    appendFileSync(path.join(this.folder, 'trainer.log'), text);
  }

  #append(file: string, seq: number, body: object, time: Date): void {
    const entry = { v: 1, attempt: this.#attempt, seq, time: time.toISOString(), ...body };
    appendFileSync(path.join(this.folder, file), `${JSON.stringify(entry)}\n`);
  }
}
