/** A run as it goes: redrawn in place on a terminal, as plain lines elsewhere. */

import { styleText } from 'node:util';
import { formatNumber } from '../core/methods/describe-evaluation.ts';
import { runEventSchema } from '../core/runs/events.ts';
import { readLog } from '../core/runs/json-lines-log.ts';
import { describeRemaining, remainingMs } from '../core/runs/remaining-time.ts';
import { KeptCurve, sparkline } from '../core/runs/sparkline.ts';
import { ACTIVE_STATUSES, progressOf, type RunState } from '../core/runs/state.ts';
import { RunFolder } from '../core/runs/store.ts';

const BAR_WIDTH = 30;
const SPARKLINE_WIDTH = 40;
const MOST_METRICS = 12;
const MOST_ALERTS = 3;
/** Shares of the whole after which a line is printed where nobody looks at a terminal. */
const PLAIN_STEPS = 10;

export interface RunView {
  show(state: RunState): Promise<void>;
}

/** @param stream where a person would look; with `lines`, every new step is a line where it is no terminal */
export function viewRun(stream: NodeJS.WriteStream, { lines = false }: { lines?: boolean } = {}): RunView {
  if (stream.isTTY && process.env.TERM !== 'dumb') return new LiveView(stream);
  return new PlainView(lines ? stream : process.stderr, lines);
}

class LiveView implements RunView {
  readonly #stream: NodeJS.WriteStream;
  readonly #curves = new Map<string, KeptCurve>();
  readonly #colour = !process.env.NO_COLOR;
  #offset = 0;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  async show(state: RunState): Promise<void> {
    await this.#readCurves(state.folder);
    const width = (this.#stream.columns ?? 80) - 1;
    const lines = this.#lines(state).map((line) => [...printable(line)].slice(0, width).join(''));
    const [head = '', ...rest] = lines;
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    // Lines of the view before that this one has not are emptied: the cursor stays below the longest.
    const blank = Array.from({ length: Math.max(0, this.#drawn - lines.length) }, () => '');
    const text = [this.#style('bold', head), ...rest, ...blank].map((line) => `\r\u001b[2K${line}\n`).join('');
    this.#stream.write(up + text);
    this.#drawn = lines.length + blank.length;
  }

  async #readCurves(folder: string): Promise<void> {
    const { entries, offset } = await readLog(new RunFolder(folder).eventsFile, runEventSchema, this.#offset);
    this.#offset = offset;
    for (const entry of entries) {
      if (entry.kind !== 'metrics') continue;
      for (const [name, value] of Object.entries(entry.values)) {
        const curve = this.#curves.get(name) ?? new KeptCurve();
        this.#curves.set(name, curve);
        curve.add(value);
      }
    }
  }

  #lines(state: RunState): string[] {
    const { step, totalSteps, message, metrics } = state.fold;
    const share = progressOf(state);
    const bar = share === undefined ? '' : `${barOf(share)} ${Math.round(share * 100)} %`;
    const at = step === undefined ? '' : `step ${step}${totalSteps === undefined ? '' : ` of ${totalSteps}`}`;
    const names = Object.keys(metrics).slice(0, MOST_METRICS);
    const alerts = state.fold.alerts.slice(-MOST_ALERTS).map(({ message, hint }) => `alert: ${message} ${hint}`);
    const widest = Math.max(0, ...names.map((name) => name.length));
    return [
      `${state.spec.name}  ${state.status}`,
      [bar, at, remainingText(state), message].filter(Boolean).join('  '),
      ...alerts,
      ...names.map((name) => {
        const value = formatNumber(metrics[name] ?? Number.NaN).padStart(9);
        return `${name.padEnd(widest)} ${value}  ${sparkline(this.#curves.get(name)?.values ?? [], SPARKLINE_WIDTH)}`;
      }),
    ];
  }

  #style(format: 'bold', text: string): string {
    return this.#colour ? styleText(format, text) : text;
  }
}

class PlainView implements RunView {
  readonly #stream: NodeJS.WriteStream;
  readonly #everyStep: boolean;
  #shown = '';
  readonly #told = new Set<string>();

  constructor(stream: NodeJS.WriteStream, everyStep: boolean) {
    this.#stream = stream;
    this.#everyStep = everyStep;
  }

  async show(state: RunState): Promise<void> {
    this.#tellAlerts(state);
    const { step, message } = state.fold;
    const tenth = Math.floor((progressOf(state) ?? 0) * PLAIN_STEPS);
    const key = [state.status, message, this.#everyStep ? step : tenth].join('\n');
    if (key === this.#shown || !ACTIVE_STATUSES.has(state.status)) return;
    this.#shown = key;
    this.#stream.write(`${printable(progressText(state))}\n`);
  }

  #tellAlerts({ spec, fold }: RunState): void {
    for (const { alert, message, hint } of fold.alerts) {
      const key = `${fold.attempt} ${alert}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#stream.write(`${printable(`${spec.name}: alert: ${message} ${hint}`)}\n`);
    }
  }
}

/** Names and messages are a run's own: none of them may steer the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '');

function progressText(state: RunState): string {
  const { step, totalSteps, message, metrics } = state.fold;
  const at = step === undefined ? message : `step ${step}${totalSteps === undefined ? '' : ` of ${totalSteps}`}`;
  const values = Object.entries(metrics).map(([name, value]) => `${name} ${formatNumber(value)}`);
  return [`${state.spec.name}: ${state.status}`, at, remainingText(state), ...values].filter(Boolean).join(' · ');
}

function remainingText(state: RunState): string | undefined {
  const ms = remainingMs(state);
  return ms === undefined ? undefined : describeRemaining(ms);
}

function barOf(share: number): string {
  const full = Math.round(share * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
