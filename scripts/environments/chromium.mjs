// A Chromium for the UI tests: the one that is there, or the system's package.
import { isMain } from '../main.mjs';
import { canInstallPackages, findOnPath, installPackages, isExecutable } from './system-packages.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  linux: ['/usr/bin/chromium', '/usr/bin/google-chrome', '/opt/google/chrome/chrome', '/snap/bin/chromium'],
};

/** @returns {string | undefined} the executable of a Chromium-based browser */
export function findChromium() {
  const { CHROME_PATH } = process.env;
  if (CHROME_PATH) return isExecutable(CHROME_PATH) ? CHROME_PATH : undefined;
  return findOnPath(...NAMES) ?? (PLACES[process.platform] ?? []).find(isExecutable);
}

/** @returns {Promise<{ executable: string } | { missing: string }>} */
export async function ensureChromium(log = console.log) {
  const { CHROME_PATH } = process.env;
  const found = findChromium();
  if (found) return { executable: found };
  if (CHROME_PATH) return { missing: `CHROME_PATH is ${CHROME_PATH}, which is not an executable file` };
  if (!canInstallPackages())
    return { missing: 'install Chromium or Google Chrome, or set CHROME_PATH to its executable' };
  const problem = await installPackages(['chromium'], log);
  const installed = findChromium();
  return installed ? { executable: installed } : { missing: problem ?? 'the package chromium brought no executable' };
}

if (isMain(import.meta)) {
  const result = await ensureChromium();
  console.log(result.executable ?? `skipped: ${result.missing}`);
  process.exitCode = result.missing ? 1 : 0;
}
