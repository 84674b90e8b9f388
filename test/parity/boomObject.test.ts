import { readFileSync } from "node:fs";
import { BOOM, FRITZ, parseAlert } from "@btsbot/alert";
import { createComparer, createScorer } from "@btsbot/core";
import { expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { describeWithData } from "../support/testData.js";

/** How near a score of ours is to BOOM's, which ran the same networks in single precision. */
const TOLERANCE = 1e-6;
const ACAI = ["h", "n", "v", "o", "b"];

describeWithData("an object of BOOM's API, against the scores that BOOM published in it", (folder) => {
  const read = () => parseAlert(readFileSync(`${folder}/brokers/boom-object.json`), { forms: [FRITZ, BOOM] });

  it("keeps them as the sender's", () => {
    const { classifications, extra, form } = read();
    expect(Object.keys(classifications!).sort()).toEqual([...ACAI.map((class_) => `acai_${class_}`), "btsbot"].sort());
    expect(classifications!.btsbot).toBeCloseTo(0.98320353, 8);
    expect(extra).not.toHaveProperty("classifications");
    expect(form).toEqual({ name: "boom", flags: ["isdiffpos-assumed"] });
  });

  it("gives BTSbot's under boom-2025, and not by the rules of the training", async () => {
    const alert = read();
    const model = await readPublishedModel(folder);
    const comparer = await createComparer({ model, profiles: ["boom-2025", "boom-2026"] });
    const [{ base, others }] = await comparer.compare([alert]);
    comparer.dispose();
    expect(Math.abs(others[0].score! - (alert.classifications!.btsbot as number))).toBeLessThanOrEqual(TOLERANCE);
    expect([base.score, others[1].score].map((score) => score!.toFixed(6))).toEqual(["0.984153", "0.984153"]);
  });

  it("gives the five of ACAI", async () => {
    const alert = read();
    const models = await Promise.all(ACAI.map((class_) => readPublishedModel(folder, `acai_${class_}`)));
    const scorer = await createScorer({ models });
    const { scores } = await scorer.scoreAlert(alert);
    scorer.dispose();
    for (const class_ of ACAI) {
      const result = scores[`acai_${class_}`];
      const published = alert.classifications![`acai_${class_}`] as number;
      expect(result.status === "scored" && Math.abs(result.score! - published), class_).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
