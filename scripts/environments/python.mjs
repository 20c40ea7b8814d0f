// Python for the layer that needs its standard library alone. Packages are a later environment's concern.
import { execa } from 'execa';
import { canInstallPackages, findOnPath, installPackages } from './system-packages.mjs';

const NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 10))';

/** @returns {Promise<{ executable: string } | { missing: string }>} */
export async function ensurePython(log = console.log) {
  const found = await newEnough();
  if (found) return { executable: found };
  if (canInstallPackages()) {
    const failure = await installPackages(['python3'], log);
    const installed = failure ? undefined : await newEnough();
    if (installed) return { executable: installed };
  }
  return { missing: 'install Python 3.10 or newer' };
}

async function newEnough() {
  for (const name of ['python3', 'python']) {
    const file = findOnPath(name);
    if (file && !(await execa(file, ['-c', NEW_ENOUGH], { reject: false })).failed) return file;
  }
  return undefined;
}
