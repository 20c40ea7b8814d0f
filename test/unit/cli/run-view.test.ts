/** The view of a run on a terminal: redrawn in place, within its width, without colours where nobody wants them. */

import { appendFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { viewRun } from '../../../src/cli/run-view.ts';
import { appendControl } from '../../../src/core/runs/control-log.ts';
import type { EventBody } from '../../../src/core/runs/events.ts';
import { LogWriter } from '../../../src/core/runs/json-lines-log.ts';
import { RunObserver } from '../../../src/core/runs/observe.ts';
import { KeptCurve, sparkline } from '../../../src/core/runs/sparkline.ts';
import { UNKNOWN_DATA } from '../../../src/core/runs/spec.ts';
import { RunStore } from '../../../src/core/runs/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const kept = { colour: process.env.NO_COLOR, term: process.env.TERM };
beforeEach(() => {
  process.env.TERM = 'xterm';
});
afterEach(() => {
  if (kept.colour === undefined) delete process.env.NO_COLOR;
  else process.env.NO_COLOR = kept.colour;
  process.env.TERM = kept.term;
});

class Terminal extends Writable {
  readonly isTTY = true;
  text = '';
  constructor(readonly columns: number) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function aRun() {
  const { folder, spec } = await new RunStore(temporaryFolder()).create({
    name: 'pairs',
    method: 'bradley-terry',
    data: { train: UNKNOWN_DATA },
    engine: 'embedded',
    target: 'local',
    seed: 1,
    settings: {},
    versions: {},
  });
  const log = new LogWriter<EventBody>(folder.eventsFile, 1);
  return { folder, log, observer: new RunObserver(folder, spec) };
}

const step = (at: number): EventBody => ({
  kind: 'metrics',
  step: at,
  total_steps: 4,
  values: { 'train/loss': 1 / at, 'validation/accuracy': at / 4 },
});

describe('on a terminal', () => {
  it('each look is drawn over the one before, with bar, curves and values', async () => {
    const { log, observer } = await aRun();
    const terminal = new Terminal(80);
    const view = viewRun(terminal as unknown as NodeJS.WriteStream);
    log.append({ kind: 'status', status: 'running', message: 'fitting' });
    for (const at of [1, 2]) {
      log.append(step(at));
      await view.show(await observer.observe());
    }
    const [, second = ''] = terminal.text.split('\u001b[4A');
    const lines = stripVTControlCharacters(second).split('\r').join('').split('\n');
    expect(lines[1]).toMatch(/^█{15}░{15} 50 % {2}step 2 of 4/);
    expect(lines[2]).toMatch(/^train\/loss +0\.500 {2}█▁$/);
    expect(lines[3]).toMatch(/^validation\/accuracy +0\.500 {2}▁█$/);
    log.close();
  });

  it('an alert stands below the progress for as long as the run is seen', async () => {
    const { log, observer, folder } = await aRun();
    log.append(step(1));
    const alert = { alert: 'stalled', message: 'No step for 61 s.', hint: 'See the run log.' } as const;
    await appendControl(folder, 1, { kind: 'alert', ...alert });
    const terminal = new Terminal(80);
    const view = viewRun(terminal as unknown as NodeJS.WriteStream);
    for (const at of [2, 3]) {
      log.append(step(at));
      await view.show(await observer.observe());
    }
    const drawn = stripVTControlCharacters(terminal.text).split('\r').join('').split('\n');
    expect(drawn.filter((line) => line === 'alert: No step for 61 s. See the run log.')).toHaveLength(2);
    log.close();
  });

  it('no line is wider than the terminal, and NO_COLOR is respected', async () => {
    process.env.NO_COLOR = '1';
    const { log, observer, folder } = await aRun();
    log.append(step(1));
    appendFileSync(folder.eventsFile, 'garbage\n');
    const terminal = new Terminal(20);
    await viewRun(terminal as unknown as NodeJS.WriteStream).show(await observer.observe());
    for (const line of stripVTControlCharacters(terminal.text).split('\n')) {
      expect([...line.replace('\r', '')].length).toBeLessThan(20);
    }
    expect(terminal.text).not.toContain('\u001b[1m');
    log.close();
  });
});

it('a message of the trainer cannot steer the terminal', async () => {
  process.env.NO_COLOR = '1';
  const { log, observer } = await aRun();
  log.append({ kind: 'status', status: 'running', message: 'fit\u001b[2Jting' });
  const terminal = new Terminal(80);
  await viewRun(terminal as unknown as NodeJS.WriteStream).show(await observer.observe());
  expect(terminal.text).toContain('fit[2Jting');
  expect(terminal.text).not.toContain('\u001b[2J');
  log.close();
});

describe('a sparkline', () => {
  it('has its highest bar where the values are highest, and never more columns than asked', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([], 8)).toBe('');
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
        fc.integer({ min: 1, max: 50 }),
        (values, width) => {
          expect([...sparkline(values, width)].length).toBe(Math.min(values.length, width));
        },
      ),
    );
  });

  it('is drawn from a bounded number of values whose mean is that of all', () => {
    const curve = new KeptCurve(8);
    for (let value = 0; value < 1024; value += 1) curve.add(value);
    expect(curve.values.length).toBeLessThanOrEqual(8);
    expect(curve.values.reduce((sum, value) => sum + value, 0) / curve.values.length).toBeCloseTo(511.5, 6);
  });
});
