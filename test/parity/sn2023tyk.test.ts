import { ACAI } from "@btsbot/features";
import { createTfjsEngine } from "@btsbot/tfjs";
import type { Batch, Model } from "@btsbot/model";
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

/** Production scores in the table: the column, and the model that gave them. */
const COLUMNS = [
  ["acai_h", "acai_h"],
  ["acai_n", "acai_n"],
  ["acai_v", "acai_v"],
  ["acai_o", "acai_o"],
  ["acai_b", "acai_b"],
  ["new_drb", "braai_d6_m9"],
];

describeWithData("ACAI and braai on the 23 alerts of SN 2023tyk", (folder) => {
  it.each(["wasm", "cpu"].flatMap((backend) => COLUMNS.map((column) => [backend, ...column])))(
    "on %s, give the production scores %s",
    async (backend, column, name) => {
      enableProdMode();
      expect(await setBackend(backend)).toBe(true);
      const { triplets, column: read } = readSn2023tyk(folder);
      const columns = ACAI.features.map((feature) => read(feature.name));
      const features = Float32Array.from(columns[0].flatMap((_, row) => columns.map((values) => values[row])));
      const prepared = await createTfjsEngine({ backend }).prepare(await readPublishedModel(folder, name));
      const batch: Batch = name === "braai_d6_m9" ? { triplet: triplets } : { triplets, features };
      const scores = await prepared.predict(batch, 23);
      prepared.dispose();
      const differences = read(column).map((expected, row) => Math.abs(scores[row] - expected));
      expect(differences).toHaveLength(23);
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-6);
    },
  );
});
