import { readFileSync } from "node:fs";
import { createScorer } from "@btsbot/core";
import { readStamps, toTriplet } from "@btsbot/cutout";
import type { Engine, Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx } from "@btsbot/weights";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as ort from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReference, readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

const CLASSES = ["AGN", "SN", "VS", "asteroid", "bogus"];

const ENGINES: Readonly<Record<string, () => Engine>> = {
  simd: () => createSimdEngine(),
  "tfjs on wasm": () => createTfjsEngine({ backend: "wasm" }),
  "tfjs on cpu": () => createTfjsEngine({ backend: "cpu" }),
};

describeWithData("ALeRCE's classifiers of images on every packet of the data folder", (folder) => {
  describe.each(["alerce-images", "alerce-images-reg"])("%s", (name) => {
    let model: Model;
    beforeAll(async () => {
      model = await readPublishedModel(folder, name);
    });

    it("reads no features", () => {
      expect(model.definition.inputs.map(({ kind }) => kind)).toEqual(["image"]);
    });

    it.each(Object.keys(ENGINES))("gives all five probabilities to 1e-5, from bytes, on %s", async (engine) => {
      enableProdMode(); // The cpu backend prints a banner otherwise.
      if (engine.startsWith("tfjs")) expect(await setBackend(engine.replace("tfjs on ", ""))).toBe(true);
      const scorer = await createScorer({ models: [model], engine: ENGINES[engine]() });
      const reference = readReference(folder);
      const files = [...new Set(reference.map(({ file }) => file))];
      const expected = new Map(reference.map(({ file, index, classes }) => [`${file} ${index}`, classes[name]]));
      const differences: number[] = [];
      for await (const outcome of scorer.scoreAlerts(
        files.map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`))),
      )) {
        const key = `${files[outcome.input]} ${outcome.index}`;
        const result = outcome.success ? outcome.data.scores[name] : undefined;
        const truth = expected.get(key)!;
        expect(result?.status, key).toBe(truth === null ? "unscored" : "scored");
        if (result?.status !== "scored") continue;
        expect(result.provenance.profile).toBeUndefined();
        expect(Object.keys(result.classes!)).toEqual(CLASSES);
        for (const label of CLASSES) differences.push(Math.abs(result.classes![label] - truth[label]));
      }
      scorer.dispose();
      expect(differences.length).toBeGreaterThan(5 * 120);
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
    });

    it("gives them in onnxruntime too", async () => {
      const session = await ort.InferenceSession.create(exportOnnx(model));
      const differences: number[] = [];
      for (const { alert, reference } of readReferenceAlerts(folder)) {
        const expected = reference.classes[name];
        if (expected === null) continue;
        const { pixels } = toTriplet(readStamps(alert), { normalization: "minmax", size: 21 });
        const { output_logits: output } = await session.run({
          images: new ort.Tensor("float32", pixels, [1, 21, 21, 3]),
        });
        CLASSES.forEach((label, place) => differences.push(Math.abs(Number(output.data[place]) - expected[label])));
      }
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
    });
  });
});
