// The connection to another machine, cut twenty times in one run, at moments that a seed chooses.
import { findSshd } from './environments/sshd.mjs';
import { localTool } from './local-tool.mjs';

const CUTS = 20;

/** @returns {Promise<number>} 0, or 1 where something was lost or doubled */
export async function connectionsCut(seed) {
  if (!findSshd()) {
    console.log('connections cut: skipped, there is no sshd (npm test -- ssh installs it)');
    return 0;
  }
  const args = ['run', '--mode', 'ssh', 'test/ssh/ssh-target.test.ts', '-t', 'again and again'];
  const { failed, all } = await localTool('vitest', args, { SSH_CUTS: String(CUTS), SSH_SEED: String(seed) });
  if (failed) console.error(`SSH_SEED=${seed}\n${all}`);
  console.log(`connections cut: ${CUTS} in one run, ${failed ? 'failed' : 'nothing lost or doubled'}`);
  return failed ? 1 : 0;
}
