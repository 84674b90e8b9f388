/**
 * Backends that the command line trains on; the first is the default. On wasm, @btsbot/train brings the
 * gradients that tfjs lacks; cpu is for machines without WebAssembly SIMD.
 *
 * @internal
 */
export const TRAINING_BACKENDS = ["wasm", "cpu"] as const;

/**
 * A name of {@link TRAINING_BACKENDS}.
 *
 * @internal
 */
export type TrainingBackend = (typeof TRAINING_BACKENDS)[number];
