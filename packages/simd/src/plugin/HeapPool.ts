import { TfjsHeap } from "./TfjsHeap.js";
import type { WasmBackend } from "./types.js";

/** The heaps of the backends that were met: mostly one, another after the backend was removed and made anew. */
export class HeapPool {
  readonly #heaps = new Map<WasmBackend, TfjsHeap>();

  constructor(readonly module: WebAssembly.Module) {}

  /** The heap of a backend; made at once if `attach` has not made it before. */
  of(backend: WasmBackend): TfjsHeap {
    const heap = this.#heaps.get(backend);
    return heap ?? this.#keep(backend, new WebAssembly.Instance(this.module, importsOf(backend)));
  }

  /** Makes the heap of a backend without holding up the page. */
  async attach(backend: unknown): Promise<void> {
    const of = backend as WasmBackend;
    const instance = await WebAssembly.instantiate(this.module, importsOf(of));
    if (!this.#heaps.has(of)) this.#keep(of, instance);
  }

  /** Leaves every backend as it was. */
  dispose(): void {
    for (const heap of this.#heaps.values()) heap.dispose();
    this.#heaps.clear();
  }

  #keep(backend: WasmBackend, instance: WebAssembly.Instance): TfjsHeap {
    const heap = new TfjsHeap(backend, instance);
    this.#heaps.set(backend, heap);
    return heap;
  }
}

function importsOf({ wasm }: WasmBackend): WebAssembly.Imports {
  return { env: { memory: (wasm.asm?.["memory"] ?? wasm.wasmMemory) as WebAssembly.Memory } };
}
