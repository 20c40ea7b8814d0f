/** A host to be killed: `host ROOT FOLDER SETTINGS SEED` starts a reference run in FOLDER, says its id, and stays. */

import { startRun } from '../../src/core/runs/start.ts';
import { RunStore } from '../../src/core/runs/store.ts';
import { checkoutRuntime } from '../soak/killed-trainer.ts';
import { referenceDraft } from './draft.ts';

const [root = '', folder = '', settings = '{}', seed = '1'] = process.argv.slice(2);
const draft = referenceDraft(root, JSON.parse(settings), Number(seed));
const { spec, pid } = await startRun(new RunStore(folder), draft, checkoutRuntime(root));
console.log(JSON.stringify({ id: spec.id, pid: pid ?? null }));
setInterval(() => {}, 60_000);
