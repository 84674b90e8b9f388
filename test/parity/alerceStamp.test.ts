import { readFileSync } from "node:fs";
import { createScorer } from "@btsbot/core";
import { ALERCE_STAMP_26 } from "@btsbot/features";
import type { Model } from "@btsbot/model";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx } from "@btsbot/weights";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as ort from "onnxruntime-node";
import { beforeAll, expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReference, readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

const CLASSES = ["AGN", "SN", "VS", "asteroid", "bogus"];

describeWithData("ALeRCE's stamp classifier on every packet of the data folder", (folder) => {
  let model: Model;
  beforeAll(async () => {
    model = await readPublishedModel(folder, "alerce-stamp");
  });

  it("has the features of its statistics, in their order", () => {
    const file = readFileSync(`${folder}/models/alerce-stamp-classifier/feature_norm_stats.json`, "utf8");
    const names = (JSON.parse(file) as { name: string }[]).map(({ name }) => name);
    expect(ALERCE_STAMP_26.features.map(({ name }) => name)).toEqual(names);
  });

  it.each(["wasm", "cpu"])(
    "gives all five probabilities to 1e-5 from bytes, or the stamps' reason, on the %s backend",
    async (backend) => {
      enableProdMode(); // The cpu backend prints a banner otherwise.
      expect(await setBackend(backend)).toBe(true);
      const scorer = await createScorer({ models: [model], engine: createTfjsEngine({ backend }) });
      const reference = readReference(folder);
      const files = [...new Set(reference.map(({ file }) => file))];
      const expected = new Map(
        reference.map(({ file, index, classes }) => [`${file} ${index}`, classes["alerce-stamp"]]),
      );
      const differences: number[] = [];
      const unscored: string[] = [];
      for await (const outcome of scorer.scoreAlerts(
        files.map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`))),
      )) {
        const key = `${files[outcome.input]} ${outcome.index}`;
        const result = outcome.success ? outcome.data.scores["alerce-stamp"] : undefined;
        const truth = expected.get(key);
        expect(result?.status, key).toBe(truth === null ? "unscored" : "scored");
        if (result?.status === "unscored") unscored.push(...new Set(result.reasons.map(({ code }) => code)));
        if (result?.status !== "scored") continue;
        expect(Object.keys(result.classes!)).toEqual(CLASSES);
        for (const name of CLASSES) differences.push(Math.abs(result.classes![name] - truth![name]));
      }
      scorer.dispose();
      expect(differences).toHaveLength(5 * 125);
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
      // Six stamps from the edge of a CCD; the packet of 2017 has JPEG stamps and lacks features too.
      expect(unscored.filter((code) => code === "stamp-size")).toHaveLength(6);
      expect(unscored).toContain("stamp-not-fits");
    },
  );

  it("gives them in onnxruntime too", async () => {
    const session = await ort.InferenceSession.create(exportOnnx(model));
    const differences: number[] = [];
    for (const { alert, reference } of readReferenceAlerts(folder)) {
      const expected = reference.classes["alerce-stamp"];
      if (expected === null) continue;
      const { pixels } = toTriplet(readStamps(alert), { normalization: "minmax", size: 21 });
      const features = Float32Array.from(ALERCE_STAMP_26.features, ({ name }) => reference.features_alerce![name]!);
      const { output_logits: output } = await session.run({
        images: new ort.Tensor("float32", pixels, [1, 21, 21, 3]),
        features: new ort.Tensor("float32", features, [1, 26]),
      });
      CLASSES.forEach((name, place) => differences.push(Math.abs(Number(output.data[place]) - expected[name])));
    }
    expect(differences).toHaveLength(5 * 125);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
  });
});
