import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EventBody, runEventSchema } from '../../../src/core/runs/events.ts';
import { LogWriter, readLog } from '../../../src/core/runs/json-lines-log.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const metrics = (step: number): EventBody => ({ kind: 'metrics', step, values: { 'train/loss': 0.5 } });

function writeSteps(file: string, steps: readonly number[]): void {
  const writer = new LogWriter<EventBody>(file, 1);
  for (const step of steps) writer.append(metrics(step));
  writer.close();
}

describe('the event log', () => {
  it('numbers the entries of an attempt from 1', async () => {
    const file = path.join(temporaryFolder(), 'events.jsonl');
    writeSteps(file, [10, 20, 30]);
    const { entries, problems } = await readLog(file, runEventSchema);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(problems).toEqual([]);
  });

  it('is empty where there is no file', async () => {
    const slice = await readLog(path.join(temporaryFolder(), 'events.jsonl'), runEventSchema);
    expect(slice).toEqual({ entries: [], problems: [], damaged: 0, offset: 0 });
  });

  it('leaves a half-written last line for the next read, and loses nothing', async () => {
    const file = path.join(temporaryFolder(), 'events.jsonl');
    writeSteps(file, [1, 2]);
    const whole = readFileSync(file, 'utf8');
    const cut = whole.length - 20;
    truncateSync(file, cut);
    const first = await readLog(file, runEventSchema);
    expect(first.entries).toHaveLength(1);
    expect(first.problems).toEqual([]);
    appendFileSync(file, whole.slice(cut));
    const second = await readLog(file, runEventSchema, first.offset);
    expect(second.entries.map((entry) => entry.seq)).toEqual([2]);
  });

  it('passes over damaged lines, says where they are, and uses the rest', async () => {
    const file = path.join(temporaryFolder(), 'events.jsonl');
    writeSteps(file, [1]);
    const damagedAt = readFileSync(file).length;
    appendFileSync(file, '{"v":1,"kind":"metrics"\u0000garbage\n{"v":1,"attempt":1,"seq":9,"kind":"unheard-of"}\n\n');
    writeSteps(file, [2]);
    const { entries, problems } = await readLog(file, runEventSchema);
    expect(entries).toHaveLength(2);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatchObject({ offset: damagedAt, message: expect.stringContaining('not JSON') });
  });

  it('keeps a new writer out of the half line that a killed one left', async () => {
    const file = path.join(temporaryFolder(), 'events.jsonl');
    writeFileSync(file, '{"v":1,"attempt":1,"se');
    writeSteps(file, [7]);
    const { entries, problems } = await readLog(file, runEventSchema);
    expect(entries).toMatchObject([{ step: 7 }]);
    expect(problems).toHaveLength(1);
  });

  it('reads multi-byte text that lies across read chunks', async () => {
    const file = path.join(temporaryFolder(), 'events.jsonl');
    const writer = new LogWriter<EventBody>(file, 1);
    const message = `${'é'.repeat(700_001)}日本語`;
    writer.append({ kind: 'warning', message });
    writer.append({ kind: 'warning', message: 'after' });
    writer.close();
    const { entries } = await readLog(file, runEventSchema);
    expect(entries).toMatchObject([{ message }, { message: 'after' }]);
  });

  it('reads a log that was replaced by a shorter one from its start', async () => {
    const file = path.join(temporaryFolder(), 'events.jsonl');
    writeSteps(file, [1, 2, 3]);
    const { offset } = await readLog(file, runEventSchema);
    writeFileSync(file, '');
    writeSteps(file, [9]);
    expect((await readLog(file, runEventSchema, offset)).entries).toMatchObject([{ step: 9 }]);
  });
});
