import type { Alert } from "@btsbot/alert";
import { toGalactic } from "@btsbot/sky";
import { readField } from "./readField.js";

/**
 * Quantities that a filter names like fields of `candidate` and that are computed from them: `age`, days since
 * `jdstarthist`, the first detection of the source; `galacticLatitude`, degrees, -90 to 90.
 */
export const DERIVED: readonly string[] = ["age", "galacticLatitude"];

/**
 * A quantity of {@link DERIVED} that needs its inputs; undefined where one is missing or the name is not such a quantity.
 *
 * @internal
 */
export function computeDerived(name: string, alert: Alert): number | undefined {
  const [first, second] = name === "age" ? ["jd", "jdstarthist"] : ["ra", "dec"];
  const [a, b] = [readField(alert, first), readField(alert, second)];
  if (a === undefined || b === undefined) return undefined;
  return name === "age" ? a - b : toGalactic(a, b).latitude;
}
