import { Option } from "commander";

/**
 * Backends that the command line trains on; the first is the default. On wasm, @btsbot/train brings the
 * gradients that tfjs lacks; cpu is for machines without WebAssembly SIMD.
 *
 * @internal
 */
export const TRAINING_BACKENDS = ["wasm", "cpu"] as const;

/**
 * `--backend`.
 *
 * @internal
 */
export function backendOption(): Option {
  return new Option("--backend <name>", "of tfjs").choices(TRAINING_BACKENDS).default(TRAINING_BACKENDS[0]);
}
