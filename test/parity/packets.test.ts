import { readFileSync } from "node:fs";
import { createScorer } from "@btsbot/core";
import type { ScoredAlert } from "@btsbot/core";
import { beforeAll, expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReference } from "../support/reference.js";
import type { Reference } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

const MODELS = ["btsbot-v1.0.1", "btsbot-v1.0"];

describeWithData("every packet of the data folder, from bytes", (folder) => {
  let reference: Reference[];
  const scored = new Map<string, ScoredAlert>();

  beforeAll(async () => {
    reference = readReference(folder);
    const models = await Promise.all(MODELS.map((name) => readPublishedModel(folder, name)));
    const scorer = await createScorer({ models });
    const files = [...new Set(reference.map(({ file }) => file))];
    const packets = files.map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`)));
    for await (const outcome of scorer.scoreAlerts(packets)) {
      if (outcome.success) scored.set(`${files[outcome.input]} ${outcome.index}`, outcome.data);
    }
    scorer.dispose();
  });

  it("is read, with its id exact", () => {
    expect(scored.size).toBe(reference.length);
    for (const { file, index, objectId, candid } of reference) {
      expect(scored.get(`${file} ${index}`)).toMatchObject({ objectId, candid: BigInt(candid) });
    }
  });

  it.each(MODELS)("has the score of %s, or none with a reason where the reference has none", (model) => {
    let largest = 0;
    let compared = 0;
    for (const { file, index, scores } of reference) {
      const result = scored.get(`${file} ${index}`)!.scores[model];
      const expected = scores?.[model] ?? null;
      expect(result.status, `${file} ${index}`).toBe(expected === null ? "unscored" : "scored");
      if (result.status === "unscored") {
        expect(result.reasons.length).toBeGreaterThan(0);
      } else {
        expect(result.provenance.backend).toBe("wasm");
        largest = Math.max(largest, Math.abs(result.score! - expected!));
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(120);
    expect(largest).toBeLessThanOrEqual(1e-5);
  });

  it("says that the packet without drb lacks it, and that JPEG stamps are not FITS", () => {
    const [model] = MODELS;
    const withoutDrb = scored.get("2019_01_10_739260766315010006.avro 0")!.scores[model];
    expect(withoutDrb.status === "unscored" && withoutDrb.reasons).toEqual([
      expect.objectContaining({ code: "feature-missing", feature: "new_drb" }),
    ]);
    const jpeg = scored.get("ipac__121540793515135000.avro 0")!.scores[model];
    const codes = jpeg.status === "unscored" ? jpeg.reasons.map(({ code }) => code) : [];
    expect(codes.filter((code) => code === "stamp-not-fits")).toHaveLength(3);
    expect(codes).toContain("feature-missing");
  });
});
