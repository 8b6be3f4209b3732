/**
 * As much of the WebAssembly interface as the codec uses. The language's own types do not know it (only the browser's do), Node has it
 * (WebAssembly JavaScript Interface, W3C).
 */

/** Memory that a module works on. Its buffer is replaced where it grows; ours never does. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A module that is compiled and may be given a memory. */
export type WasmModule = object;

interface Interface {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Interface };

/** Memory of `pages` × 65,536 bytes, all zero. */
export const allocateMemory = (pages: number): WasmMemory =>
  new WebAssembly.Memory({ initial: pages, maximum: pages });

/** Checks and compiles the binary of a module. */
export const compileModule = (bytes: Uint8Array<ArrayBuffer>): WasmModule => new WebAssembly.Module(bytes);

/** What a module exports, on this memory. */
export const exportsOf = (module: WasmModule, memory: WasmMemory): unknown =>
  new WebAssembly.Instance(module, { env: { memory } }).exports;
