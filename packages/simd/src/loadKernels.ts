import { BtsbotError, OptionsError } from "@btsbot/errors";
import type { WasmModule } from "./WasmModule.js";

/** How the kernels were built: with plain SIMD, or with relaxed SIMD, whose multiply-add rounds once. */
export type KernelBuild = "simd" | "relaxed-simd";

/**
 * Refuses a build that there is not.
 *
 * @internal
 */
export function checkBuild(caller: string, build: string | undefined): void {
  if (build === undefined || build === "simd" || build === "relaxed-simd") return;
  throw new OptionsError(`${caller}: expected \`build\` to be "simd" or "relaxed-simd", got ${JSON.stringify(build)}`);
}

/** The modules, each in both builds, loaded when first needed. */
const MODULES = {
  forward: {
    simd: () => import("./wasm/forwardSimd.js").then(({ forwardSimd }) => forwardSimd),
    "relaxed-simd": () => import("./wasm/forwardRelaxed.js").then(({ forwardRelaxed }) => forwardRelaxed),
  },
  backward: {
    simd: () => import("./wasm/backwardSimd.js").then(({ backwardSimd }) => backwardSimd),
    "relaxed-simd": () => import("./wasm/backwardRelaxed.js").then(({ backwardRelaxed }) => backwardRelaxed),
  },
} as const satisfies Record<string, Record<KernelBuild, () => Promise<string>>>;

/** The name of a module: `"forward"` is what scoring needs, `"backward"` what the plug-in for tfjs adds. */
export type KernelModule = keyof typeof MODULES;

/** A module that adds two vectors of four floats; with relaxed SIMD, multiplies too. Smallest that tells. */
const PROBES: Readonly<Record<KernelBuild, readonly number[]>> = {
  simd: probe([0xfd, 0xe4, 0x01]),
  "relaxed-simd": probe([0x20, 0x00, 0xfd, 0x85, 0x02]),
};

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/**
 * The best build that runs here, found by validating a module of a few bytes.
 *
 * @returns the build, or undefined where there is no WebAssembly or no SIMD
 */
export function findBuild(): KernelBuild | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  return (["relaxed-simd", "simd"] as const).find((build) => WebAssembly.validate(Uint8Array.from(PROBES[build])));
}

/**
 * Compiles a module of kernels, once for each module and build.
 *
 * @param name - the module
 * @param build - one that `findBuild` names
 * @param shared - whether the memory will be one that threads share
 * @returns the module; it imports one memory, `env.memory`, of any size, and has no data of its own
 * @throws BtsbotError `engine-unavailable` where the compilation is refused, as by a content security policy
 */
export async function loadKernels(name: KernelModule, build: KernelBuild, shared = false): Promise<WasmModule> {
  const key = `${name} ${build} ${shared}`;
  let module = compiled.get(key);
  if (module === undefined) {
    module = compile(name, build, shared);
    compiled.set(key, module);
    // A refusal is not kept: a page may be given another policy for its next worker, not for this one, and asking costs little.
    module.catch(() => compiled.delete(key));
  }
  return module;
}

async function compile(name: KernelModule, build: KernelBuild, shared: boolean): Promise<WebAssembly.Module> {
  const text = atob(await MODULES[name][build]());
  const plain = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const bytes = shared ? importShared(plain) : plain;
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new BtsbotError("engine-unavailable", "WebAssembly may not be compiled here", {
      got: (cause as Error).message,
      hint: "A content security policy must allow 'wasm-unsafe-eval'; without it, use the tfjs engine.",
      cause,
    });
  }
}

/** The import section with one memory, `env.memory`, of any size; its second byte is its length. */
const IMPORT = [0x02, 0x0f, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x00];
/** The same with a memory that is shared, of at most 65,536 pages. */
const IMPORT_SHARED = [0x02, 0x12, ...IMPORT.slice(2, -2), 0x03, 0x00, 0x80, 0x80, 0x04];

/** A module that imports a shared memory instead: nothing else of it depends on that. */
function importShared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = bytes.findIndex((_, start) => IMPORT.every((byte, place) => bytes[start + place] === byte));
  return Uint8Array.of(...bytes.subarray(0, at), ...IMPORT_SHARED, ...bytes.subarray(at + IMPORT.length));
}

/** (v128, v128) -> v128, with one instruction between the two arguments and the end. */
function probe(instruction: readonly number[]): readonly number[] {
  const body = [0x00, 0x20, 0x00, 0x20, 0x01, ...instruction, 0x0b];
  return [
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00,
    0x01,
    0x07,
    0x01,
    0x60,
    0x02,
    0x7b,
    0x7b,
    0x01,
    0x7b,
    0x03,
    0x02,
    0x01,
    0x00,
    0x0a,
    body.length + 2,
    0x01,
    body.length,
    ...body,
  ];
}
