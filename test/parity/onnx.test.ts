import { toLightCurve } from "@btsbot/alert";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { BTSBOT_V1, extractFeatures } from "@btsbot/features";
import { exportOnnx } from "@btsbot/weights";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
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
});
