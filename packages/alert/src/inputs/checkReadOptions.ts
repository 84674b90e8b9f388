import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { toForms } from "../packet/toForms.js";
import type { FormOptions } from "../types.js";

/**
 * Refuses options that a function does not have, and surveys and forms that are not any.
 *
 * @throws TypeError with what is wrong
 */
export function checkReadOptions<T extends FormOptions>(caller: string, options: T, names: OptionNames<T>): void {
  checkOptions(caller, options, names);
  toForms(options);
}
