import type { Model } from "@btsbot/model";
import type { MakerModel, StoreMaker } from "@btsbot/store";
import type { DecideSetup } from "./types.js";

/**
 * By what a state is made: what decides, without what only describes.
 *
 * @internal
 */
export function makerOf({ model, filter, filterModels, policies }: DecideSetup): StoreMaker {
  return {
    model: identify(model),
    filter: filter
      ? { name: filter.name, rule: JSON.stringify(filter.rule), models: filterModels.map(identify) }
      : null,
    policies: policies.map(({ source: _, ...policy }) => policy),
  };
}

function identify({ definition, sha256, definitionSha256 }: Model): MakerModel {
  return { name: definition.name, sha256, definitionSha256 };
}
