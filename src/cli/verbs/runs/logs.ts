import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Command } from 'commander';
import { StudioError } from '../../../core/errors.ts';
import type { RunObserver } from '../../../core/runs/observe.ts';
import { ACTIVE_STATUSES } from '../../../core/runs/state.ts';
import { interruptSignal } from '../../arguments.ts';
import { nextLook } from '../../follow-run.ts';
import { printJson } from '../../output.ts';
import { findRun, type JsonOption, RUN_ARGUMENT } from './find-run.ts';

interface LogsOptions extends JsonOption {
  readonly follow?: boolean;
}

export function addRunLogs(runs: Command): void {
  runs
    .command('logs')
    .description("what the run's trainer printed")
    .argument('<id>', RUN_ARGUMENT)
    .option('--follow', 'go on as it prints, until the run has ended')
    .option('--json', 'where the log is and how long; with --follow, one JSON object a line')
    .action(logs);
}

async function logs(id: string, { json, follow }: LogsOptions): Promise<void> {
  const observer = await findRun(id);
  if (follow) {
    await followLog(observer, json ? new JsonLines() : new PlainText());
    return;
  }
  const { logFile } = observer.folder;
  const size = await sizeOf(logFile);
  if (size === undefined) throw new StudioError('run-not-found', 'This run has no log.', { where: { file: logFile } });
  if (json) printJson({ log: logFile, bytes: size });
  else await printFrom(logFile, 0, size, new PlainText());
}

/** Prints what is there, then what is added, each byte once; a log that is not there yet is waited for. */
async function followLog(observer: RunObserver, output: LogOutput): Promise<void> {
  const { logFile } = observer.folder;
  const signal = interruptSignal();
  let offset = 0;
  for (;;) {
    // The state first: what was printed before the end is read after it.
    const { status } = await observer.observe();
    const size = (await sizeOf(logFile)) ?? 0;
    if (size < offset) offset = 0;
    if (size > offset) await printFrom(logFile, offset, size, output);
    offset = size;
    if (signal.aborted || !ACTIVE_STATUSES.has(status)) break;
    await nextLook(signal);
  }
  output.end();
}

async function printFrom(file: string, start: number, end: number, output: LogOutput): Promise<void> {
  for await (const chunk of createReadStream(file, { start, end: end - 1 })) await output.write(chunk as Buffer);
}

const sizeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ size }) => size,
    () => undefined,
  );

interface LogOutput {
  write(chunk: Buffer): Promise<void>;
  end(): void;
}

class PlainText implements LogOutput {
  async write(chunk: Buffer): Promise<void> {
    if (!process.stdout.write(chunk)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }

  end(): void {}
}

/** A line may come in several pieces, and a character too. */
class JsonLines implements LogOutput {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  async write(chunk: Buffer): Promise<void> {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    for (const text of lines) print(text);
  }

  end(): void {
    if (this.#rest !== '') print(this.#rest);
  }
}

const print = (text: string): void => void process.stdout.write(`${JSON.stringify({ text })}\n`);
