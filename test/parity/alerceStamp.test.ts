import { readFileSync } from "node:fs";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { toSafe } from "@btsbot/errors";
import { alerceStampClassifier } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { importAlerceCheckpoint } from "@btsbot/weights";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, it } from "vitest";
import { readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

describeWithData("ALeRCE's stamp classifier on the reference's features", (folder) => {
  let model: Model;
  beforeAll(async () => {
    const read = (file: string) => readFileSync(`${folder}/models/alerce-stamp-classifier/${file}`);
    const [index, data, statistics] = [read("model.index"), read("model.data-00000-of-00001"), read("feature_norm_stats.json")];
    model = await importAlerceCheckpoint({ index, shards: [data], statistics }, alerceStampClassifier());
  });

  it.each(["wasm", "cpu"])("gives all five probabilities on the %s backend, where the reference has them", async (backend) => {
    enableProdMode(); // The cpu backend prints a banner otherwise.
    expect(await setBackend(backend)).toBe(true);
    const prepared = await createTfjsEngine({ backend }).prepare(model);
    const { classes } = model.definition.output as { classes: readonly string[] };
    const differences: number[] = [];
    for (const { alert, reference } of readReferenceAlerts(folder)) {
      const expected = reference.scores?.alerce_stamp ?? null;
      const triplet = toSafe(() => toTriplet(readStamps(alert), { normalization: "minmax", size: 21 }));
      expect(triplet.success, `${reference.file} ${reference.index}`).toBe(expected !== null);
      if (!triplet.success || expected === null) continue;
      const features = Float32Array.from(Object.values(reference.features_alerce!) as number[]);
      const probabilities = await prepared.predict({ images: triplet.data.pixels, features }, 1);
      classes.forEach((name, place) => differences.push(Math.abs(probabilities[place] - expected[name])));
    }
    prepared.dispose();
    expect(differences).toHaveLength(5 * 125);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
  });
});
