import { ignoredInputs, loadDefaultModel } from "@btsbot/model";
import type { Model } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import { expect, it } from "vitest";
import { measureDependence } from "../support/inputDependence.js";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

/** What moves no answer by as much is as good as dead. */
const MOVED = 1e-4;
/** One alert in so many: there must be some of which each model is not sure. */
const SHARE = 4;

/** The one model with a dead branch, and its inputs that change nothing: docs/models.md#alerce-stamp. */
const DEAD: Readonly<Record<string, readonly string[]>> = {
  "alerce-stamp": ["images: science", "images: template", "images: difference"],
};

/** A feature that ACAI reads in its own units, in which it is 0.003 at most: it moves a score by up to 3e-6. */
const FAINT: readonly string[] = ["features: clrcounc"];

describeWithData("what a model reads", (folder) => {
  const alerts = readReferenceAlerts(folder)
    .filter((_, place) => place % SHARE === 0)
    .map(({ alert }) => alert);

  async function findDead(model: Model): Promise<string[]> {
    const moved = [...(await measureDependence(model, alerts, createSimdEngine()))];
    return moved.filter(([name, most]) => (FAINT.includes(name) ? most === 0 : most < MOVED)).map(([name]) => name);
  }

  it.each(PUBLISHED_MODELS.map(({ name }) => name))("moves the answer of %s, each stamp and feature", async (name) => {
    const model = await readPublishedModel(folder, name);
    const dead = await findDead(model);
    expect(dead).toEqual(DEAD[name] ?? []);
    // What is told with each result is the same.
    expect(ignoredInputs(model)).toEqual([...new Set(dead.map((part) => part.split(":")[0]))]);
  });

  it("moves the answer of btsbot-mini, each stamp and feature", async () => {
    expect(await findDead(await loadDefaultModel())).toEqual([]);
  });

  it("is noticed where a branch is dead", async () => {
    const model = await readPublishedModel(folder, "btsbot-v1.0.1");
    const { weights } = model;
    const bias = weights.get("conv4/bias")!;
    const killed = new Map(weights).set("conv4/bias", { ...bias, values: bias.values.map(() => -1e6) });
    const dead = await findDead({ ...model, weights: killed });
    expect(dead).toEqual(["triplet: science", "triplet: template", "triplet: difference"]);
  });
});
