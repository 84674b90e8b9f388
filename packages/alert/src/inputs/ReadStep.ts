import type { SafeResult } from "@btsbot/errors";
import type { NEED_BYTES } from "../avro/readContainer.js";
import type { Alert } from "../types.js";

/** One step of a reading: the outcome of a record, or the wish for more bytes. */
export type ReadStep<T = Alert> = SafeResult<T> | typeof NEED_BYTES;
