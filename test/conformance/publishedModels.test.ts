import { inputLength, outputLength } from "@btsbot/model";
import type { Batch, ModelDefinition, PreparedModel } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import { enableProdMode, memory, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noise } from "../support/networks.js";
import { readPublishedModel } from "../support/publishedModel.js";
import { describeWithData } from "../support/testData.js";

const ALERTS = 2;

describeWithData("every published model on every portable backend", (folder) => {
  describe.each(["wasm", "cpu"])("%s", (backend) => {
    describe.each(PUBLISHED_MODELS.map(({ name }) => name))("%s", (name) => {
      let definition: ModelDefinition;
      let prepared: PreparedModel;
      let batch: Batch;

      beforeAll(async () => {
        enableProdMode(); // The cpu backend prints a banner otherwise.
        expect(await setBackend(backend)).toBe(true);
        const model = await readPublishedModel(folder, name);
        definition = model.definition;
        prepared = await createTfjsEngine({ backend }).prepare(model);
        batch = Object.fromEntries(
          definition.inputs.map((input, place) => [
            input.name,
            noise(ALERTS * inputLength(input), place).map((value) => value / 10),
          ]),
        );
      });
      afterAll(() => {
        prepared.dispose();
      });

      it("gives alerts in a batch what it gives each alone, in order, the same again, and keeps nothing", async () => {
        const copy = structuredClone(batch);
        const length = outputLength(definition.output);
        const together = await prepared.predict(batch, ALERTS);
        expect(together).toHaveLength(ALERTS * length);
        const held = memory().numTensors;
        expect(await prepared.predict(batch, ALERTS)).toEqual(together);
        for (let alert = 0; alert < ALERTS; alert++) {
          const alone = await prepared.predict(slice(definition, batch, alert), 1);
          alone.forEach((value, place) => {
            expect(Math.abs(value - together[alert * length + place])).toBeLessThan(1e-6);
          });
        }
        expect(memory().numTensors).toBe(held);
        expect(batch).toEqual(copy);
        expect(prepared.backend).toBe(backend);
      });

      it("refuses inputs that are not finite", async () => {
        const [{ name: input }] = definition.inputs;
        const broken = { ...batch, [input]: batch[input].map((value, place) => (place === 7 ? NaN : value)) };
        await expect(prepared.predict(broken, ALERTS)).rejects.toMatchObject({
          code: "input-non-finite",
          path: `${input}[0]`,
        });
      });
    });
  });
});

function slice(definition: ModelDefinition, batch: Batch, alert: number): Batch {
  return Object.fromEntries(
    definition.inputs.map((input) => {
      const length = inputLength(input);
      return [input.name, batch[input.name].slice(alert * length, (alert + 1) * length)];
    }),
  );
}
