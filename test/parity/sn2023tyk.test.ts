import { createTfjsEngine } from "@btsbot/tfjs";
import type { Model } from "@btsbot/model";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { readSn2023tyk } from "../support/sn2023tyk.js";
import type { Sn2023tyk } from "../support/sn2023tyk.js";
import { describeWithData } from "../support/testData.js";

describeWithData("BTSbot v1.0.1 on the 23 alerts of SN 2023tyk", (folder) => {
  let source: Sn2023tyk;
  let model: Model;
  beforeAll(async () => {
    source = readSn2023tyk(folder);
    model = await readPublishedModel(folder);
  });

  it.each(["wasm", "cpu"])("gives the published scores on the %s backend", async (backend) => {
    enableProdMode(); // The cpu backend prints a banner otherwise.
    expect(await setBackend(backend)).toBe(true);
    const prepared = await createTfjsEngine({ backend }).prepare(model);
    const scores = await prepared.predict({ triplet: source.triplets, metadata: source.metadata }, 23);
    prepared.dispose();
    const differences = source.expected.map((expected, index) => Math.abs(scores[index] - expected));
    expect(differences).toHaveLength(23);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-6);
  });
});
