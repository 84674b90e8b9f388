import { ALERCE } from "./alerce.js";
import { ANTARES } from "./antares.js";
import { BABAMUL } from "./babamul.js";
import { BOOM } from "./boom.js";
import { BOOM_RESULTS } from "./boomResults.js";
import type { BrokerForm } from "./BrokerForm.js";
import { FRITZ } from "./fritz.js";
import { FINK } from "./fink.js";
import { FINK_ROWS } from "./finkRows.js";
import { LASAIR } from "./lasair.js";
import { WINTER } from "./winter.js";

/**
 * All forms of brokers that are known here, to be given as `forms`; the command gives them. Kowalski, ALeRCE's
 * packets and AMPEL keep the nesting and the names of the survey's packets, and need none.
 *
 * @example
 * ```ts
 * import { BROKER_FORMS } from "@btsbot/alert";
 *
 * BROKER_FORMS.map(({ name }) => name).slice(0, 3); // => ["fritz", "boom-results", "babamul"]
 * ```
 */
export const BROKER_FORMS: readonly BrokerForm[] = [
  FRITZ,
  BOOM_RESULTS,
  BABAMUL,
  BOOM,
  FINK_ROWS,
  FINK,
  ALERCE,
  LASAIR,
  ANTARES,
  WINTER,
];
