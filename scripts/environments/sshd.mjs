// A server of SSH for the tests of the target ssh: the one that is there, or the system's package.
import { canInstallPackages, findOnPath, installPackages, isExecutable } from './system-packages.mjs';

/** @returns {string | undefined} */
export const findSshd = () => findOnPath('sshd') ?? ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(isExecutable);

/** @returns {Promise<{ executable: string } | { missing: string }>} */
export async function ensureSshd(log = console.log) {
  const found = findSshd();
  if (found) return { executable: found };
  if (!canInstallPackages()) return { missing: 'install the OpenSSH server (sshd)' };
  const problem = await installPackages(['openssh-server'], log);
  const installed = findSshd();
  return installed ? { executable: installed } : { missing: problem ?? 'the package openssh-server brought no sshd' };
}
