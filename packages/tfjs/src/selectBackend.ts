import { BtsbotError } from "@btsbot/errors";
import { enableProdMode, findBackendFactory, getBackend, setBackend } from "@tensorflow/tfjs-core";
import { keepHostListeners } from "./keepHostListeners.js";

/** A tfjs backend by name; others can be registered by their own packages. */
export type TfjsBackend = "cpu" | "wasm" | "webgl" | "webgpu" | "tensorflow" | (string & {});

/** Where the wasm backend's three files are: a folder (with its slash at the end), or one address for each. */
export type WasmPaths = string | Readonly<Record<string, string>>;

/**
 * Fastest first, by BTSbot's time for one alert where each was measured; `tensorflow` is the native
 * backend of tfjs-node. webgl, webgpu and tensorflow count only if the caller has imported their
 * packages, which register themselves.
 */
const FASTEST_FIRST: readonly string[] = ["tensorflow", "webgpu", "webgl", "wasm", "cpu"];

/** The selection under way, if any: tfjs forgets the earlier of two `setBackend` calls that overlap. */
let selecting: Promise<unknown> = Promise.resolve();

/**
 * Makes sure that tfjs has a backend, and never changes one that is set.
 *
 * @internal
 */
export function selectBackend(wanted: TfjsBackend | undefined, wasmPaths: WasmPaths | undefined): Promise<string> {
  const selected = selecting.then(() => keepHostListeners(() => select(wanted, wasmPaths)));
  selecting = selected.catch(() => undefined);
  return selected;
}

async function select(wanted: TfjsBackend | undefined, wasmPaths: WasmPaths | undefined): Promise<string> {
  const current = getBackend() as string | undefined;
  if (wanted !== undefined && current !== undefined && current !== wanted) {
    throw new BtsbotError("backend-unavailable", "tfjs runs on another backend already", {
      expected: wanted,
      got: current,
      hint: "Set it with tf.setBackend before the engine is made, or leave the option out.",
    });
  }
  if (current !== undefined) return current;
  // Nobody has touched tfjs yet: without this the cpu backend prints a banner.
  enableProdMode();
  for (const name of wanted === undefined ? FASTEST_FIRST : [wanted]) {
    // Its loader prints where there is none.
    if (name === "wasm" && typeof WebAssembly === "undefined") continue;
    await register(name, wasmPaths);
    if (findBackendFactory(name) === null) continue;
    // setBackend answers false, or leaves another backend active, instead of throwing.
    if ((await setBackend(name)) && getBackend() === name) return name;
  }
  throw new BtsbotError("backend-unavailable", "no tfjs backend works here", {
    expected: wanted ?? FASTEST_FIRST.join(", "),
    got: "none that is installed, registered and working",
    hint: `Install @tensorflow/tfjs-backend-${wanted ?? "wasm"} and import it once; in a browser, say where its wasm files are.`,
  });
}

/** Imports the two backends that work everywhere, if they are installed; the others register themselves when imported. */
async function register(name: string, wasmPaths: WasmPaths | undefined): Promise<void> {
  try {
    if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
    if (name === "wasm") {
      const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
      if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
    }
  } catch {
    // Not installed: the next in the list.
  }
}
