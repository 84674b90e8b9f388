import type { TfjsHeap } from "./TfjsHeap.js";
import type { KernelCall, KernelResult, TfjsCore } from "./types.js";

/** A kernel of the plug-in: the result, or undefined where the kernel that was there before is to be called. */
export type Kernel = (heap: TfjsHeap, tf: TfjsCore, call: KernelCall) => KernelResult | undefined;
