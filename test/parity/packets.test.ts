import { readFileSync } from "node:fs";
import { createScorer } from "@btsbot/core";
import type { ScoredAlert } from "@btsbot/core";
import { createTfjsEngine } from "@btsbot/tfjs";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReference } from "../support/reference.js";
import type { Reference } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

/** ALeRCE's classifier, which gives classes, has a test of its own. */
const MODELS = [
  "btsbot-v1.0.1",
  "btsbot-v1.0",
  "btsbot-v0.3",
  "acai_h",
  "acai_n",
  "acai_v",
  "acai_o",
  "acai_b",
  "braai_d6_m9",
];

/** All models together take 1.5 s an alert on cpu: there, one file in ten, of those with one alert. `ALL_ON_CPU=1` takes every file. */
const CPU_SHARE = process.env.ALL_ON_CPU ? 1 : 10;
const MANY = "fink-67.avro";

const BACKENDS = [
  { backend: "wasm", takes: () => true },
  {
    backend: "cpu",
    takes: (file: string, place: number) => CPU_SHARE === 1 || (file !== MANY && place % CPU_SHARE === 0),
  },
];

describe.each(BACKENDS)("on $backend", ({ backend, takes }) => {
  describeWithData("packets of the data folder, from bytes", (folder) => {
    let reference: Reference[];
    const scored = new Map<string, ScoredAlert>();

    beforeAll(async () => {
      enableProdMode(); // The cpu backend prints a banner otherwise.
      expect(await setBackend(backend)).toBe(true);
      const all = readReference(folder);
      const files = [...new Set(all.map(({ file }) => file))].filter(takes);
      reference = all.filter(({ file }) => files.includes(file));
      const models = await Promise.all(MODELS.map((name) => readPublishedModel(folder, name)));
      const scorer = await createScorer({ models, engine: createTfjsEngine({ backend }) });
      const packets = files.map((file) => new Uint8Array(readFileSync(`${folder}/alerts/${file}`)));
      for await (const outcome of scorer.scoreAlerts(packets)) {
        if (outcome.success) scored.set(`${files[outcome.input]} ${outcome.index}`, outcome.data);
      }
      scorer.dispose();
    }, 1_800_000);

    it("are read, with their ids exact", () => {
      expect(scored.size).toBe(reference.length);
      for (const { file, index, objectId, candid } of reference) {
        expect(scored.get(`${file} ${index}`)).toMatchObject({ objectId, candid: BigInt(candid) });
      }
    });

    it.each(MODELS)("have the score of %s, or none with a reason where the reference has none", (model) => {
      const differences: number[] = [];
      for (const { file, index, scores } of reference) {
        const result = scored.get(`${file} ${index}`)!.scores[model];
        const expected = scores?.[model] ?? null;
        expect(result.status, `${file} ${index}`).toBe(expected === null ? "unscored" : "scored");
        if (result.status === "unscored") expect(result.reasons.length).toBeGreaterThan(0);
        else differences.push(Math.abs(result.score! - expected!));
      }
      expect(differences.length).toBeGreaterThan(0.7 * reference.length);
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
    });
  });
});

describeWithData("packets that lack what a model needs", (folder) => {
  const reasonsOf = async (file: string, model: string) => {
    const scorer = await createScorer({ models: [await readPublishedModel(folder, model)] });
    const result = (await scorer.scoreAlert(new Uint8Array(readFileSync(`${folder}/alerts/${file}`)))).scores[model];
    scorer.dispose();
    return result.status === "unscored" ? result.reasons : [];
  };

  it.each([
    ["btsbot-v1.0.1", "new_drb"],
    ["acai_h", "drb"],
  ])("have no score of %s, for want of %s", async (model, feature) => {
    expect(await reasonsOf("2019_01_10_739260766315010006.avro", model)).toEqual([
      expect.objectContaining({ code: "feature-missing", feature }),
    ]);
  });

  it.each(["btsbot-v1.0.1", "braai_d6_m9"])("have no score of %s, for JPEG stamps are not FITS", async (model) => {
    const codes = (await reasonsOf("ipac__121540793515135000.avro", model)).map(({ code }) => code);
    expect(codes.filter((code) => code === "stamp-not-fits")).toHaveLength(3);
    expect(codes.includes("feature-missing")).toBe(model !== "braai_d6_m9");
  });
});
