import { BtsbotError } from "@btsbot/errors";
import type { BackwardKernels } from "./backwardKernels.js";
import type { TensorInfo, WasmBackend } from "./types.js";

/** Vectors of four floats. */
const ALIGNMENT = 16;

/** Weights in the layout that a kernel wants, in the backend's memory. */
interface Transformed {
  readonly address: number;
  readonly byName: string;
}

/**
 * The memory of tfjs's wasm backend, with kernels that work in it: tensors are read and written where they
 * lie, and nothing is copied in or out.
 */
export class TfjsHeap {
  readonly kernels: BackwardKernels;
  readonly #transformed = new Map<object, Transformed[]>();
  readonly #disposeData: WasmBackend["disposeData"];

  constructor(readonly backend: WasmBackend, instance: WebAssembly.Instance) {
    this.kernels = instance.exports as unknown as BackwardKernels;
    this.#disposeData = backend.disposeData;
    backend.disposeData = (dataId, force) => {
      const disposed = this.#disposeData.call(backend, dataId, force);
      if (disposed) this.#release(dataId);
      return disposed;
    };
  }

  /** Where a tensor's numbers begin, in bytes. */
  addressOf({ dataId }: TensorInfo): number {
    return this.backend.dataIdMap.get(dataId).memoryOffset >>> 0;
  }

  /** A new tensor, its numbers not set. */
  makeTensor(shape: readonly number[]): TensorInfo {
    return this.backend.makeOutput(shape, "float32");
  }

  /** Sets `count` numbers to 0. */
  clear(address: number, count: number): void {
    this.backend.wasm.HEAPU8.fill(0, address, address + 4 * count);
  }

  /**
   * Runs with pieces of memory of so many numbers each, and gives them back. A piece that is not needed has
   * length 0 and address 0.
   */
  withScratch<T>(lengths: readonly number[], run: (...addresses: number[]) => T): T {
    const sizes = lengths.map((length) => Math.ceil((4 * length) / ALIGNMENT) * ALIGNMENT);
    const block = this.#allocate(sizes.reduce((sum, size) => sum + size, 0) + ALIGNMENT);
    let next = Math.ceil(block / ALIGNMENT) * ALIGNMENT;
    try {
      return run(
        ...sizes.map((size) => {
          const address = size === 0 ? 0 : next;
          next += size;
          return address;
        }),
      );
    } finally {
      this.backend.wasm._free(block);
    }
  }

  /**
   * Weights in another layout: made once for each tensor's data and kept until the data is disposed. A
   * variable that is assigned to has new data, so what is kept is never stale.
   *
   * @param name - tells layouts of the same data apart
   * @param length - numbers in the new layout
   * @param transform - fills them in
   */
  transformed({ dataId, shape }: TensorInfo, name: string, length: number, transform: (address: number) => void): number {
    const byName = `${name} ${shape.join()}`;
    let kept = this.#transformed.get(dataId);
    const found = kept?.find((each) => each.byName === byName);
    if (found !== undefined) return found.address;
    const address = this.#allocate(4 * length);
    transform(address);
    if (kept === undefined) this.#transformed.set(dataId, (kept = []));
    kept.push({ address, byName });
    return address;
  }

  /** Gives back all that is kept, and leaves the backend as it was. */
  dispose(): void {
    for (const dataId of [...this.#transformed.keys()]) this.#release(dataId);
    this.backend.disposeData = this.#disposeData;
  }

  /** Tensors of which something is kept. */
  get keptTensors(): number {
    return this.#transformed.size;
  }

  #release(dataId: object): void {
    for (const { address } of this.#transformed.get(dataId) ?? []) this.backend.wasm._free(address);
    this.#transformed.delete(dataId);
  }

  #allocate(bytes: number): number {
    const address = this.backend.wasm._malloc(bytes) >>> 0;
    if (address === 0) {
      throw new BtsbotError("engine-unavailable", "the memory of tfjs's wasm backend is full", {
        got: `a request for ${bytes} bytes`,
        hint: "Use smaller batches, or dispose tensors.",
      });
    }
    return address;
  }
}
