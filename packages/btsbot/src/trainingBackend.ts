/**
 * Backends that the command line trains on; the first is the default. On wasm, tfjs itself has no
 * gradient of a convolution's filters: networks of features alone train there.
 *
 * @internal
 */
export const TRAINING_BACKENDS = ["cpu", "wasm"] as const;

/**
 * A name of {@link TRAINING_BACKENDS}.
 *
 * @internal
 */
export type TrainingBackend = (typeof TRAINING_BACKENDS)[number];
