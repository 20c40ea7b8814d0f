// Activates the bundled extension in a Node of its own, with a stand-in for VS Code that knows one workspace folder and
// calls nothing back, and then does nothing: node activate-extension.mjs EXTENSION FOLDER IDLE_MS. Prints JSON.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';

const [extension, folder, idleMs] = process.argv.slice(2);

/** Anything: it can be called, made an instance of, and asked for any member. */
const anything = () =>
  new Proxy(class {}, {
    get: (target, name) => {
      if (name === Symbol.toPrimitive || name === 'then' || name === Symbol.iterator) return undefined;
      return name in target && typeof name === 'symbol' ? target[name] : anything();
    },
    set: () => true,
    apply: () => anything(),
    construct: () => anything(),
  });

class EventEmitter {
  event = () => ({ dispose() {} });
  fire() {}
  dispose() {}
}
class Disposable {
  static from = () => new Disposable();
  dispose() {}
}
const uri = (fsPath) => ({ scheme: 'file', fsPath, path: fsPath });
const known = {
  EventEmitter,
  Disposable,
  Uri: { file: uri, from: (parts) => parts },
  workspace: new Proxy(anything(), {
    get: (target, name) =>
      name === 'workspaceFolders'
        ? [{ uri: uri(folder), name: 'bench', index: 0 }]
        : name === 'textDocuments'
          ? []
          : target[name],
  }),
};
// A bundle copies what the module has of its own and keeps its prototype, which has the rest.
const vscode = Object.setPrototypeOf(known, anything());

const packages = new Set();
const load = Module._load;
Module._load = (request, ...rest) => {
  if (request.startsWith('./packages/')) packages.add(request);
  return request === 'vscode' ? vscode : load(request, ...rest);
};

const extensionPath = path.dirname(path.dirname(extension));
const context = {
  subscriptions: [],
  extensionPath,
  extensionUri: uri(extensionPath),
  globalStorageUri: uri(path.join(folder, '.storage')),
  storageUri: uri(path.join(folder, '.storage')),
  extension: { packageJSON: JSON.parse(readFileSync(path.join(extensionPath, 'package.json'), 'utf8')) },
  secrets: { get: async () => undefined, onDidChange: () => ({ dispose() {} }) },
  workspaceState: { get: () => undefined, update: async () => {} },
  globalState: { get: () => undefined, update: async () => {} },
};

const since = performance.now();
const loaded = createRequire(import.meta.url)(extension);
const loadedMs = performance.now() - since;
loaded.activate(context);
const activatedMs = performance.now() - since;
// What activation leaves for later is done in the first moment; after that nothing may go on.
await new Promise((resolve) => setTimeout(resolve, 1000));
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, Number(idleMs)));
const { user, system } = process.cpuUsage(before);
const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
// What the library of schemas leaves behind where it was loaded.
const schemas = Object.keys(globalThis).some((name) => name.startsWith('__zod'));
console.log(
  JSON.stringify({
    loadedMs,
    activatedMs,
    idleCpuMs: (user + system) / 1000,
    timers,
    packages: [...packages],
    schemas,
  }),
);
process.exit(0);
