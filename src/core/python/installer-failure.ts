/** Why pip, uv or venv failed, in one sentence with what to do, instead of what they print. */

import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../errors.ts';

/** Less than any of the packages takes. */
const FULL_BYTES = 4 * 2 ** 20;

const WITHOUT_NETWORK =
  'Without a network: put the packages as wheels into a folder and name it in the setting "rewardStudio.python.wheelFolder", ' +
  'or name a Python that has them in "rewardStudio.python.interpreter".';

const UNREACHABLE =
  /NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|Failed to establish a new connection|name resolution|dns error|tcp connect error|error trying to connect|Could not connect|Network is unreachable|Connection refused|ProxyError|operation timed out|Connection reset/i;
const UNTRUSTED = /CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer/i;
const FULL = /No space left on device|ENOSPC|os error 28/i;
const ABSENT = [
  /No matching distribution found for ([\w.-]+(?:==[\w.+-]+)?)/,
  /there is no version of ([\w.-]+(?:==[\w.+-]+)?)/,
  /Because ([\w.-]+) was not found/,
  /([\w.-]+==[\w.+-]+) has no wheels with a matching/,
];

/**
 * @param tool the program that failed
 * @param said its last lines
 * @param writesTo whose disk it writes to
 */
export async function installerFailure(
  tool: string,
  said: readonly string[],
  writesTo: string,
  cause: unknown,
): Promise<StudioError> {
  // uv breaks its lines where they get long.
  const text = said.join('\n');
  const flat = text.replaceAll(/\s+/g, ' ');
  if (FULL.test(text) || (await isFull(writesTo))) {
    return new StudioError('disk-full', 'The disk is full.', {
      where: { file: writesTo },
      hint: 'The packages take about 6 GB with CUDA, 2 GB without. Free some space and try again.',
      cause,
    });
  }
  const refusal = (message: string, hint: string) => new StudioError('not-available', message, { hint, cause });
  if (UNTRUSTED.test(text)) {
    return refusal(
      'The certificate of the package index is not trusted.',
      'Name your certificates in the environment of VS Code: PIP_CERT for pip, SSL_CERT_FILE for uv.',
    );
  }
  if (UNREACHABLE.test(text)) return refusal('The package index cannot be reached.', WITHOUT_NETWORK);
  const absent = ABSENT.map((pattern) => pattern.exec(flat)?.[1]).find((name) => name !== undefined);
  if (absent !== undefined) {
    return refusal(`There is no ${absent} for this Python where packages are taken from.`, WITHOUT_NETWORK);
  }
  if (/ensurepip|python3-venv/i.test(text)) {
    return refusal(
      'This Python cannot make environments: its part "ensurepip" is missing.',
      'Install the system package that has it (on Debian: python3-venv), or install uv.',
    );
  }
  const reason = said.findLast((line) => /^\s*error:/i.test(line)) ?? said.findLast((line) => line.trim() !== '');
  return refusal(
    `${path.basename(tool)} failed${reason === undefined ? '' : `: ${reason.trim().replace(/^error:\s*/i, '')}`}`,
    'The log has the rest ("Reward Studio: Show Extension Log").',
  );
}

/** Tools do not always say so: venv tells only that its own pip could not be started. */
async function isFull(folder: string): Promise<boolean> {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const disk = await statfs(place).catch(() => undefined);
    if (disk) return disk.bavail * disk.bsize < FULL_BYTES;
    if (place === path.dirname(place)) return false;
  }
}
