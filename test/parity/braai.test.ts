import { createScorer } from "@btsbot/core";
import { expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { scoreReference } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

const MODELS = ["btsbot-v1.0.1", "btsbot-v1.0"];

describeWithData("BTSbot fed with braai d6_m9, as in its training", (folder) => {
  it.each(MODELS)("gives the reference's scores of %s on every packet, also of those without drb", async (name) => {
    const store = { load: (asked: string) => readPublishedModel(folder, asked) };
    const scorer = await createScorer({ models: [name], realBogus: "braai", store });
    const differences: number[] = [];
    for await (const { entry, result } of scoreReference(folder, scorer, name)) {
      const expected = entry.scores?.[`${name}+braai`] ?? null;
      expect(result.status, `${entry.file} ${entry.index}`).toBe(expected === null ? "unscored" : "scored");
      expect(result.provenance.realBogus).toBe("braai_d6_m9");
      if (result.status === "scored") differences.push(Math.abs(result.score! - expected!));
    }
    expect(differences).toHaveLength(131);
    expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
  });
});
