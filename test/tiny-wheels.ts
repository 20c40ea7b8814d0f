/** Wheels of packages that hold nothing but their names and versions: an environment of them takes seconds and no network. */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const WRITE = `
import base64, hashlib, json, sys, zipfile
folder, packages = sys.argv[1], json.loads(sys.argv[2])
for each in packages:
    name = each["name"].replace("-", "_").replace(".", "_")
    info = f"{name}-{each['version']}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\\n" for need in each.get("needs", []))
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {each['name']}\\nVersion: {each['version']}\\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    if each.get("bytes"):
        files[f"{name}.bin"] = "x" * each["bytes"]
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}\\n"
        for path, text in files.items()
    )
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\\n"
    with zipfile.ZipFile(f"{folder}/{name}-{each['version']}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
`;

export interface TinyPackage {
  readonly name: string;
  readonly version: string;
  /** Requirements of its own. */
  readonly needs?: readonly string[];
  /** Size of the file that it installs. */
  readonly bytes?: number;
}

export function writeTinyWheels(python: string, folder: string, packages: readonly TinyPackage[]): string {
  mkdirSync(folder, { recursive: true });
  execFileSync(python, ['-c', WRITE, folder, JSON.stringify(packages)]);
  return folder;
}

/** The pinned packages of a requirements file. */
export const pinnedPackages = (requirements: string): TinyPackage[] =>
  [...requirements.matchAll(/^([\w.-]+)==([^\s;]+)/gm)].map(([, name = '', version = '']) => ({ name, version }));
