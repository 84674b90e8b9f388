import type { Reason } from "@btsbot/errors";
import { inputLength } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import type { Variant } from "./compareInputs.js";
import { predictEach } from "./predictEach.js";
import type { ReadyModel } from "./prepareModel.js";
import { readAnswer } from "./readAnswer.js";

/**
 * A score that is there once the runs are flushed; null where there is none.
 *
 * @internal
 */
export interface Pending {
  value: number | null;
  /** Why the network gave none. */
  reason?: Reason;
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
        const variants = batch.map(({ variant }) => variant);
        const answers = await predictEach(batch.length, 1, (start, count) =>
          prepared.predict(joinInputs(model.definition, variants.slice(start, start + count)), count),
        );
        batch.forEach(({ pending }, index) => {
          const answer = answers[index];
          const read = "code" in answer ? { reason: answer } : readAnswer(model.definition, answer);
          if ("reason" in read) pending.reason = read.reason;
          else pending.value = "score" in read ? read.score : null;
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
