// Python for the layer that needs its standard library alone; python-packages.mjs is for what needs packages.
import { execaSync } from 'execa';
import { canInstallPackages, findOnPath, installPackages } from './system-packages.mjs';

const NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 10))';

/** @returns {Promise<{ executable: string } | { missing: string }>} */
export async function ensurePython(log = console.log) {
  const found = findPython();
  if (found) return { executable: found };
  if (canInstallPackages()) {
    const failure = await installPackages(['python3'], log);
    const installed = failure ? undefined : findPython();
    if (installed) return { executable: installed };
  }
  return { missing: 'install Python 3.10 or newer' };
}

/** @returns {string | undefined} a Python 3.10 or newer that is on PATH */
export function findPython() {
  return ['python3', 'python']
    .map((name) => findOnPath(name))
    .find((file) => file && !execaSync(file, ['-c', NEW_ENOUGH], { reject: false, stdin: 'ignore' }).failed);
}
