/** As much of WebAssembly as is used: without the library of the DOM nothing says its types. */

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB. */
  grow(pages: number): number;
}

const PAGE = 2 ** 16;
const compiled = new Map<string, object>();

/** @param wasm the bytes of the module as base64 text; they are compiled once */
export function instantiate<Exports>(wasm: string): Exports {
  let module = compiled.get(wasm);
  if (!module) {
    module = new Module(Buffer.from(wasm, 'base64'));
    compiled.set(wasm, module);
  }
  return new Instance(module).exports as Exports;
}

/** Makes the memory at least so large, and returns all of it: what was returned before is empty then. */
export function grownTo(memory: WebAssemblyMemory, bytes: number): Buffer {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  return Buffer.from(memory.buffer);
}
