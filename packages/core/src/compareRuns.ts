import { inputLength } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import type { Variant } from "./compareInputs.js";
import type { ReadyModel } from "./prepareModel.js";

/**
 * A score that is there once the runs are flushed; null where there is none.
 *
 * @internal
 */
export interface Pending {
  value: number | null;
}

/**
 * Variants that wait for the network.
 *
 * @internal
 */
export interface Runs {
  add(variant: Variant): Pending;
  flush(): Promise<void>;
}

/**
 * Gathers what is to be run, and runs it in batches.
 *
 * @internal
 */
export function createRuns({ model, prepared }: ReadyModel, batchSize: number): Runs {
  const waiting: { readonly variant: Variant; readonly pending: Pending }[] = [];
  return {
    add(variant) {
      const pending: Pending = { value: null };
      if (variant.reasons.length === 0) waiting.push({ variant, pending });
      return pending;
    },
    async flush() {
      while (waiting.length > 0) {
        const batch = waiting.splice(0, batchSize);
        const answers = await prepared.predict(
          joinInputs(
            model.definition,
            batch.map(({ variant }) => variant),
          ),
          batch.length,
        );
        batch.forEach(({ pending }, index) => {
          pending.value = Number.isFinite(answers[index]) ? answers[index] : null;
        });
      }
    },
  };
}

function joinInputs({ inputs }: ModelDefinition, variants: readonly Variant[]): Record<string, Float32Array> {
  let image = -1;
  const joined = inputs.map((input): [string, Float32Array] => {
    if (input.kind === "image") image += 1;
    const length = inputLength(input);
    const values = new Float32Array(variants.length * length);
    variants.forEach((variant, index) => {
      values.set(input.kind === "image" ? variant.images[image] : variant.features, index * length);
    });
    return [input.name, values];
  });
  return Object.fromEntries(joined);
}
