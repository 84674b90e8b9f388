import { BtsbotError } from "@btsbot/errors";
import { TfjsHeap } from "./TfjsHeap.js";
import type { WasmBackend } from "./types.js";

/** The modules "forward" and "backward". */
export type Modules = readonly [WebAssembly.Module, WebAssembly.Module];

/** The heaps of the backends that were met: mostly one, another after the backend was removed and made anew. */
export class HeapPool {
  readonly #heaps = new Map<WasmBackend, TfjsHeap>();

  /**
   * @param plain - the modules "forward" and "backward" for a backend of one thread
   * @param shared - the same for a backend of several, where there can be one
   */
  constructor(
    readonly plain: Modules,
    readonly shared: Modules | undefined,
  ) {}

  /** The heap of a backend; made at once if `attach` has not made it before. */
  of(backend: WasmBackend): TfjsHeap {
    const heap = this.#heaps.get(backend);
    if (heap !== undefined) return heap;
    const memory = memoryOf(backend);
    const [forward, backward] = this.#modulesFor(memory);
    const imports = { env: { memory } };
    return this.#keep(backend, memory, [
      new WebAssembly.Instance(forward, imports),
      new WebAssembly.Instance(backward, imports),
    ]);
  }

  /** Makes the heap of a backend without holding up the page. */
  async attach(backend: unknown): Promise<void> {
    const of = backend as WasmBackend;
    const memory = memoryOf(of);
    const [forward, backward] = this.#modulesFor(memory);
    const imports = { env: { memory } };
    const instances = await Promise.all([
      WebAssembly.instantiate(forward, imports),
      WebAssembly.instantiate(backward, imports),
    ]);
    if (!this.#heaps.has(of)) this.#keep(of, memory, instances);
  }

  /** Leaves every backend as it was. */
  dispose(): void {
    for (const heap of this.#heaps.values()) heap.dispose();
    this.#heaps.clear();
  }

  #modulesFor({ buffer }: WebAssembly.Memory): Modules {
    const modules = buffer instanceof ArrayBuffer ? this.plain : this.shared;
    if (modules !== undefined) return modules;
    throw new BtsbotError(
      "engine-unavailable",
      "the kernels cannot be compiled for the shared memory of tfjs's threads here",
    );
  }

  #keep(
    backend: WasmBackend,
    memory: WebAssembly.Memory,
    instances: [WebAssembly.Instance, WebAssembly.Instance],
  ): TfjsHeap {
    for (const old of this.#heaps.keys()) if (old.wasm === null) this.#heaps.delete(old);
    const heap = new TfjsHeap(backend, memory, instances);
    this.#heaps.set(backend, heap);
    return heap;
  }
}

function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory {
  const memory = wasm?.asm?.["memory"] ?? wasm?.wasmMemory;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new BtsbotError("engine-unavailable", "the memory of tfjs's wasm backend is out of reach", {
    expected: "@tensorflow/tfjs-backend-wasm 4.22",
  });
}
