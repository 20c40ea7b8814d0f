/** The target `ssh:HOST`: trainers on any machine that the person's own SSH reaches. docs/clusters.md says what is done there. */

import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type ErrorReport, errorFromReport, StudioError } from '../../errors.ts';
import { askForDoctor } from '../remote/ask-doctor.ts';
import { listFiles, packageFiles } from '../remote/listed-files.ts';
import type {
  Followed,
  PlacesThere,
  RemoteContext,
  RemoteEnd,
  RemoteJob,
  RemoteSink,
  RemoteStart,
  RemoteTarget,
  Upload,
} from '../remote/remote-target.ts';
import { fetchFolder } from './fetch-folder.ts';
import { framesOf } from './frames.ts';
import { hashOf, type Placed, type PlacedFile, placeFiles } from './place-files.ts';
import { type RemoteCommand, SshClient } from './ssh-client.ts';
import { SSH_FAILED } from './ssh-failure.ts';
import { parseSshName } from './ssh-name.ts';

const DEFAULT_FOLDER = '~/.reward-studio';
const DEFAULT_PYTHON = 'python3';

export function sshTarget(name: string): RemoteTarget {
  const client = new SshClient(parseSshName(name));
  const { destination } = client.name;

  /** Where our package is, brought there unless it is there already. */
  async function packageThere(
    { setup, packageFolder }: RemoteContext,
    report: (message: string) => void,
    signal: AbortSignal,
  ): Promise<Placed> {
    const files = await packageFiles(packageFolder, signal);
    const { folder = DEFAULT_FOLDER, python = DEFAULT_PYTHON } = setup;
    const placement = { folder, place: `packages/${hashOf(files)}`, files, what: 'the program' };
    return placeFiles(client, placement, { python, packageFolder, report, signal });
  }

  return {
    id: name,
    title: `${destination}, over SSH`,
    secretNames: [],

    async look(context, signal) {
      const report = await askForDoctor((verb, args) => this.ask(context, verb, args, signal));
      const { cpu, gpus, python } = report;
      const free = gpus.filter(({ memory_bytes: all, free_bytes: left }) => all && left && left > all * 0.9);
      return {
        software: `SSH, Python ${python.version}`,
        nodes: [
          {
            name: destination,
            cpus: cpu.count,
            gpus: gpus.length,
            gpusFree: gpus.length > 0 ? free.length : undefined,
            memoryBytes: cpu.memory_bytes ?? undefined,
          },
        ],
        warnings: [],
      };
    },

    plannedPlaces({ setup: { folder = DEFAULT_FOLDER, python = DEFAULT_PYTHON } }, runId) {
      return {
        python,
        packageFolder: `${folder}/packages/HASH`,
        runFolder: `${folder}/runs/${runId}`,
        file: (file) => `${folder}/data/HASH/${file}`,
      };
    },

    async ask(context, verb, args, signal) {
      const { python, place } = await packageThere(context, () => {}, signal);
      const words = [python, '-m', 'reward_studio', verb, ...args];
      const { code, stdout, stderr } = await client.run({ words, env: environment(place) }, { signal });
      if (code === 0) return stdout;
      throw reportedBy(stdout, `${stdout}\n${stderr}`, destination);
    },

    async makeEnvironment(context, engine, { wheels, onLine, signal }) {
      const { python, place, folder } = await packageThere(context, onLine, signal);
      const words = ['environment', `${folder}/environments`, engine, ...(wheels === undefined ? [] : [wheels])];
      const process = client.start(thereCommand({ python, package: place }, words), signal);
      process.stdin.end();
      let last = '';
      for await (const line of createInterface({ input: process.stdout })) {
        last = line;
        if (!line.startsWith('{')) onLine(line);
      }
      const { exitCode, stderr, cause } = await process;
      signal.throwIfAborted();
      if (exitCode === SSH_FAILED || exitCode === undefined) {
        throw client.failure(Buffer.from(stderr).toString('utf8'), cause);
      }
      if (exitCode !== 0) throw reportedBy(last, Buffer.from(stderr).toString('utf8'), destination);
      return (JSON.parse(last) as { python: string }).python;
    },

    async start(context, start, report, signal) {
      const { python, place, folder } = await packageThere(context, report, signal);
      const places: PlacesThere = {
        python,
        packageFolder: place,
        runFolder: `${folder}/runs/${start.runId}`,
        file: (file) => `${folder}/data/${uploadNamed(start, file).sha256}/${file}`,
      };
      for (const upload of start.uploads) {
        const placement = {
          folder,
          place: `data/${upload.sha256}`,
          files: await filesOf(upload, signal),
          what: upload.name,
        };
        await placeFiles(client, placement, { python, packageFolder: context.packageFolder, report, signal });
      }
      report('starting');
      const { file, args, env, workingFolder } = start.command(places);
      const request = {
        spec: start.spec(places),
        command: [file, ...args],
        env,
        working_folder: workingFolder ?? null,
        secrets: start.secrets,
      };
      const job = { run: places.runFolder, attempt: start.attempt, python, package: place };
      const words = ['start', places.runFolder, String(start.attempt)];
      const { code, stdout, stderr } = await client.run(thereCommand(job, words), {
        signal,
        input: JSON.stringify(request),
      });
      if (code !== 0) throw reportedBy(stdout, stderr, destination);
      return job;
    },

    follow: (_context, job, since, sink, signal) => follow(client, job, since, sink, signal),

    async stop(_context, job, how, signal) {
      const command = thereCommand(job, ['stop', String(job.run), String(job.attempt), how]);
      const { code, stdout, stderr } = await client.run(command, { signal });
      if (code !== 0) throw reportedBy(stdout, stderr, destination);
    },

    fetch: (_context, job, folder, destinationFolder, report, signal) =>
      fetchFolder(
        {
          list: async () => {
            const { code, stdout, stderr } = await client.run(thereCommand(job, ['list', String(job.run), folder]), {
              signal,
            });
            if (code !== 0) throw reportedBy(stdout, stderr, destination);
            return stdout;
          },
          send: (file, offset) =>
            client.start(thereCommand(job, ['send', String(job.run), folder, file, String(offset)]), signal),
          failure: (said, cause) => client.failure(said, cause),
        },
        destinationFolder,
        report,
      ),
  };
}

async function follow(
  client: SshClient,
  job: RemoteJob,
  { eventBytes, logBytes }: Followed,
  sink: RemoteSink,
  signal: AbortSignal,
): Promise<RemoteEnd> {
  const words = ['follow', String(job.run), String(job.attempt), String(eventBytes), String(logBytes)];
  const process = client.start(thereCommand(job, words), signal);
  process.stdin.end();
  let connected = false;
  try {
    for await (const { kind, content } of framesOf(process.stdout as AsyncIterable<Uint8Array>)) {
      if (!connected) await sink.connected();
      connected = true;
      if (kind === 'log') await sink.log(content);
      else if (kind === 'events') {
        for (const line of content.toString('utf8').split('\n').slice(0, -1)) await sink.event(line);
      } else if (kind === 'end') return endOf(content.toString('utf8'));
    }
    const { stderr, cause } = await process;
    signal.throwIfAborted();
    throw client.failure(Buffer.from(stderr).toString('utf8'), cause);
  } finally {
    process.kill();
  }
}

function endOf(text: string): RemoteEnd {
  const { gone, code, signal } = JSON.parse(text) as { gone?: string; code?: number | null; signal?: string | null };
  if (gone !== undefined) return { kind: 'gone', message: gone };
  return { kind: 'exited', code: code ?? null, signal: signal ?? null };
}

const environment = (packageFolder: string) => ({ PYTHONPATH: packageFolder, PYTHONUTF8: '1', PYTHONUNBUFFERED: '1' });

const thereCommand = (job: RemoteJob, words: readonly string[]): RemoteCommand => ({
  words: [String(job.python), '-m', 'reward_studio.there', ...words],
  env: environment(String(job.package)),
});

function uploadNamed({ uploads }: RemoteStart, name: string): Upload {
  const found = uploads.find((upload) => upload.name === name);
  if (!found) throw new Error(`nothing is brought there as ${name}`);
  return found;
}

/** Below the place of its content, under its name. */
async function filesOf({ name, path: source, bytes, sha256 }: Upload, signal: AbortSignal): Promise<PlacedFile[]> {
  if (!(await stat(source)).isDirectory()) return [{ path: name, source, bytes, sha256 }];
  return (await listFiles(source, { signal })).map((file) => ({ ...file, path: `${name}/${file.path}` }));
}

/** What a program of ours reports on its last line, else its last words. */
function reportedBy(stdout: string, said: string, destination: string): Error {
  try {
    const { error } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { error?: ErrorReport };
    if (error)
      return errorFromReport({ ...error, message: `${destination}: ${error.message}`, where: error.where ?? {} });
  } catch {
    // It ended otherwise: its last words say more.
  }
  const words = said.trim().split('\n').slice(-4).join('\n');
  return new StudioError('trainer-died', `${destination}: the Python there failed. It said:\n${words}`, {
    hint: 'Name another interpreter for this target, Python 3.11 or newer.',
  });
}
