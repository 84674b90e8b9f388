import type { ModelInput } from "./types/definition.js";
import { writeProfile } from "./writeProfile.js";

/**
 * An input as JSON can have it.
 *
 * @internal
 */
export function writeInput(input: ModelInput): ModelInput {
  return input.kind === "features" ? { ...input, profile: writeProfile(input.profile) } : input;
}
