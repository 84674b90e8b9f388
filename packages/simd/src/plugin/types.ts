/**
 * What the plug-in sees of tfjs: the parts of tfjs-core and of its wasm backend that it touches, and no
 * more. Written down here so that the types of this package need no tfjs.
 */

/** A tensor as kernels get it. */
export interface TensorInfo {
  /** The tensor's data: several tensors may share it, and one that is assigned to gets another. */
  readonly dataId: object;
  /** Length of each axis. */
  readonly shape: number[];
  /** `"float32"` and others. */
  readonly dtype: string;
}

/** The Emscripten module inside the backend. */
export interface WasmModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** Its exports, the memory among them. */
  readonly asm?: Readonly<Record<string, unknown>>;
  /** The memory of the build with threads. */
  readonly wasmMemory?: unknown;
}

/** tfjs's wasm backend. */
export interface WasmBackend {
  /** Null once the backend was removed. */
  readonly wasm: WasmModule | null;
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  incRef(dataId: object): void;
  disposeData: (dataId: object, force?: boolean) => boolean;
}

/** What a kernel is called with. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: WasmBackend;
}

/** What a kernel gives: one tensor or several. */
export type KernelResult = TensorInfo | TensorInfo[];

/** A kernel as tfjs registers it. */
export interface KernelConfig {
  readonly kernelName: string;
  readonly backendName: string;
  readonly setupFunc?: (backend: WasmBackend) => void;
  readonly disposeFunc?: (backend: WasmBackend) => void;
  readonly kernelFunc: (call: KernelCall) => KernelResult;
}

/** How a window moves over images, worked out by tfjs. */
export interface ConvInfo {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly padInfo: { readonly top: number; readonly left: number };
  readonly inShape: number[];
  readonly outShape: number[];
}

/** What is used of tfjs-core. */
export interface TfjsCore {
  getBackend(): string;
  backend(): unknown;
  getKernel(name: string, backend: string): KernelConfig | undefined;
  registerKernel(config: KernelConfig): void;
  unregisterKernel(name: string, backend: string): void;
  readonly backend_util: {
    computeConv2DInfo(
      input: readonly number[],
      filter: readonly number[],
      strides: unknown,
      dilations: unknown,
      pad: unknown,
      rounding: unknown,
      depthwise?: boolean,
    ): ConvInfo;
    computePool2DInfo(
      input: readonly number[],
      window: unknown,
      strides: unknown,
      dilations: unknown,
      pad: unknown,
      rounding: unknown,
    ): ConvInfo;
  };
}
