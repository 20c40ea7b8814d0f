// Packages the extension and measures hovers over a file in a real extension host: node measure-hovers.mjs FILE RESULTS
import fs from 'node:fs/promises';
import path from 'node:path';
import { packageExtension } from '../../scripts/package.mjs';
import { runInExtensionHost } from '../host/extension-host.mjs';

const [file, results] = process.argv.slice(2);
const vsix = await packageExtension(() => {});
const fill = (workspace) => fs.copyFile(file, path.join(workspace, 'large.jsonl'));
await runInExtensionHost({ name: 'hover-speed', results, fill, vsix, log: () => {} });
