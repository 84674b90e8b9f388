import { toLightCurve } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { BTSBOT_V1, extractFeatures } from "@btsbot/features";
import { createOnnxEngine } from "@btsbot/onnx";
import { createTfjsEngine } from "@btsbot/tfjs";
import { exportOnnx } from "@btsbot/weights";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { exportModel } from "../support/onnxLayersEngine.js";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

describeWithData("the ONNX export of BTSbot v1.0.1 on every packet of the data folder", (folder) => {
  it("gives the reference's scores in onnxruntime to 1e-6", async () => {
    const session = await ort.InferenceSession.create(exportOnnx(await readPublishedModel(folder)));
    const differences: number[] = [];
    for (const { alert, reference } of readReferenceAlerts(folder)) {
      const expected = reference.scores?.["btsbot-v1.0.1"] ?? null;
      if (expected === null) continue;
      const { pixels } = toTriplet(readStamps(alert));
      const { values } = extractFeatures(BTSBOT_V1, { alert, history: toLightCurve(alert) });
      const { fc_out: score } = await session.run({
        triplet: new ort.Tensor("float32", pixels, [1, 63, 63, 3]),
        metadata: new ort.Tensor("float32", Float32Array.from(values), [1, 25]),
      });
      differences.push(Math.abs(Number(score.data[0]) - expected));
    }
    expect(differences).toHaveLength(130);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-6);
  });

  it("gives them as a model of its own too, from alerts, beside the model of layers", async () => {
    const layers = await readPublishedModel(folder);
    const file = await exportModel({ ...layers, definition: { ...layers.definition, name: "file" } });
    const scorer = await createScorer({
      models: [layers, file],
      engine: [createTfjsEngine({ backend: "wasm" }), createOnnxEngine({ ort })],
    });
    const alerts = readReferenceAlerts(folder);
    const scored: number[] = [];
    for await (const outcome of scorer.scoreAlerts(alerts.map(({ alert }) => alert))) {
      if (!outcome.success) throw outcome.error;
      const { scores } = outcome.data;
      const expected = alerts[outcome.input].reference.scores?.["btsbot-v1.0.1"] ?? null;
      expect([scores.file.provenance.engine, scores["btsbot-v1.0.1"].provenance.engine]).toEqual(["onnx", "tfjs"]);
      expect(scores.file.provenance.weightsSha256).toBe(file.sha256);
      expect(scores.file.status).toBe(expected === null ? "unscored" : "scored");
      expect(scores["btsbot-v1.0.1"].status).toBe(scores.file.status);
      if (scores.file.status === "scored") scored.push(Math.abs(scores.file.score! - expected!));
    }
    scorer.dispose();
    expect(scored).toHaveLength(130);
    expect(Math.max(...scored)).toBeLessThanOrEqual(1e-6);
  });
});
