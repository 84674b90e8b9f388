import { BtsbotError, countOf } from "@btsbot/errors";
import type { ForwardKernels } from "../engine/ForwardKernels.js";
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
  readonly forward: ForwardKernels;
  readonly #transformed = new Map<object, Transformed[]>();
  readonly #disposeData: WasmBackend["disposeData"];
  /** The backend's own property of that name, where it has one beside its class's. */
  readonly #own: PropertyDescriptor | undefined;

  /**
   * @param backend - the backend, whose memory this is
   * @param memory - the memory
   * @param instances - the modules "forward" and "backward" on that memory
   */
  constructor(
    readonly backend: WasmBackend,
    readonly memory: WebAssembly.Memory,
    instances: readonly [WebAssembly.Instance, WebAssembly.Instance],
  ) {
    this.forward = instances[0].exports as unknown as ForwardKernels;
    this.kernels = instances[1].exports as unknown as BackwardKernels;
    this.#disposeData = backend.disposeData;
    this.#own = Object.getOwnPropertyDescriptor(backend, "disposeData");
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

  /** Writes numbers to memory. */
  write(address: number, values: Int32Array | Float32Array): void {
    new Uint8Array(this.memory.buffer).set(new Uint8Array(values.buffer), address);
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
      this.backend.wasm!._free(block);
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
  transformed(
    { dataId, shape }: TensorInfo,
    name: string,
    length: number,
    transform: (address: number) => void,
  ): number {
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
    if (this.#own === undefined) delete (this.backend as Partial<WasmBackend>).disposeData;
    else Object.defineProperty(this.backend, "disposeData", this.#own);
  }

  #release(dataId: object): void {
    // A backend that was removed has let go of its memory.
    for (const { address } of this.#transformed.get(dataId) ?? []) this.backend.wasm?._free(address);
    this.#transformed.delete(dataId);
  }

  #allocate(bytes: number): number {
    const address = this.backend.wasm!._malloc(bytes) >>> 0;
    if (address === 0) {
      throw new BtsbotError("engine-unavailable", "the memory of tfjs's wasm backend is full", {
        got: `a request for ${countOf(bytes, "byte")}`,
        hint: "Use smaller batches, or dispose tensors.",
      });
    }
    return address;
  }
}
