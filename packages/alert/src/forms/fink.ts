import type { BrokerForm } from "./BrokerForm.js";
import { rowsToFits } from "./rowsToFits.js";

/**
 * What Fink's API gives: stamps are lists of rows of pixels.
 *
 * @example
 * ```ts
 * import { FINK } from "@btsbot/alert";
 *
 * FINK.readStamp?.([[1, 2], [3, 4]])?.length; // => 5760
 * ```
 */
export const FINK: BrokerForm = { name: "fink", readStamp: rowsToFits };
