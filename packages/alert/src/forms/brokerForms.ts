import { BOOM } from "./boom.js";
import type { BrokerForm } from "./BrokerForm.js";
import { FINK } from "./fink.js";

/**
 * The forms that are read without being told. Kowalski, Fritz, ALeRCE and AMPEL keep the nesting and the names of the
 * survey's packets, and need none.
 *
 * @example
 * ```ts
 * import { BROKER_FORMS } from "@btsbot/alert";
 *
 * BROKER_FORMS.map(({ name }) => name); // => ["boom", "fink"]
 * ```
 */
export const BROKER_FORMS: readonly BrokerForm[] = [BOOM, FINK];
