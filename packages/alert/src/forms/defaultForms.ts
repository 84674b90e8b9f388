import { BOOM } from "./boom.js";
import type { BrokerForm } from "./BrokerForm.js";
import { FINK } from "./fink.js";

/**
 * The forms that are read without being told: what brokers do to a packet that is otherwise whole. A page that reads
 * packets alone loads no more; `BROKER_FORMS` are all.
 *
 * @example
 * ```ts
 * import { DEFAULT_FORMS } from "@btsbot/alert";
 *
 * DEFAULT_FORMS.map(({ name }) => name); // => ["boom", "fink"]
 * ```
 */
export const DEFAULT_FORMS: readonly BrokerForm[] = [BOOM, FINK];
