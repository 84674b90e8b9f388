import { encodeState } from "./encodeState.js";
import type { TrainingState } from "./fitTypes.js";
import { placeFile } from "@btsbot/tables";

/**
 * Writes down where training stands. The file is replaced whole, and the one before stays if it cannot be.
 *
 * @param path - the file
 * @param state - what `fitModel` gives to `onState`
 * @throws BtsbotError `disk-full`, `folder-unwritable`
 *
 * @example
 * ```ts no-run
 * import { DEFAULT_FIT, fitModel, writeCheckpoint } from "@btsbot/train";
 * import type { Dataset } from "@btsbot/train";
 * import type { Model } from "@btsbot/model";
 *
 * declare const model: Model, train: Dataset, validation: Dataset;
 * await fitModel(model, { settings: DEFAULT_FIT, train, validation, onState: (state) => writeCheckpoint("checkpoint.bin", state) });
 * ```
 */
export async function writeCheckpoint(path: string, state: TrainingState): Promise<void> {
  await placeFile(path, await encodeState(state));
}
