import { createScorer } from "@btsbot/core";
import { createModel, initializeWeights, inputLength } from "@btsbot/model";
import type { Engine, Model, ModelDefinition } from "@btsbot/model";
import { simulateSurvey } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";
import { stubEngine } from "../../../test/support/stubEngine.js";

const [{ alert }] = simulateSurvey({ nights: 1, sources: 1, seed: 7 });

/** A model without layers, which an engine of the test's own answers for. */
function opaque(output: ModelDefinition["output"]): Model {
  const inputs = [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 }] as const;
  return {
    definition: { name: "opaque", version: "1", inputs, layers: [], output },
    weights: new Map(),
    sha256: "",
    definitionSha256: "",
  };
}

/** An engine that gives each alert the numbers given, and breaks on batches for which `breaks` is true. */
function engine(
  answer: readonly number[],
  breaks: (values: Float32Array, count: number) => boolean = () => false,
): Engine {
  return stubEngine(async ({ metadata }, count) => {
    if (breaks(metadata, count)) throw new Error("broken");
    return Float32Array.from({ length: count * answer.length }, (_, place) => answer[place % answer.length]);
  });
}

const score = { kind: "score", layer: "out" } as const;
const classes = { kind: "classes", layer: "out", classes: ["a", "b"] } as const;

async function answerOf(output: ModelDefinition["output"], ...answer: number[]) {
  const scorer = await createScorer({ models: [opaque(output)], engine: engine(answer) });
  return (await scorer.scoreAlert(alert)).scores.opaque;
}

describe("what a network answers", () => {
  it.each([0, 1, 0.5])("is a score if it is %d", async (value) => {
    expect(await answerOf(score, value)).toMatchObject({ status: "scored", score: value });
  });

  it.each([358.02, -0.001, 1.0001, -1e30])("is none if it is %d", async (value) => {
    expect(await answerOf(score, value)).toMatchObject({
      status: "unscored",
      reasons: [{ code: "output-out-of-range", got: String(Math.fround(value)) }],
    });
  });

  it.each([NaN, Infinity, -Infinity])("is none if it is %d", async (value) => {
    expect(await answerOf(score, value)).toMatchObject({
      status: "unscored",
      reasons: [{ code: "output-non-finite" }],
    });
  });

  it.each([
    [[0.25, 0.75], "scored"],
    [[1.5, -0.5], "unscored"],
    [[0.6, 0.6], "unscored"],
    [[0, 0], "unscored"],
  ])("is probabilities of classes if they are some and add up to 1: %j", async (values, status) => {
    const result = await answerOf(classes, ...values);
    expect(result.status).toBe(status);
    if (result.status === "unscored") expect(result.reasons).toMatchObject([{ code: "output-out-of-range" }]);
  });
});

describe("a model that ends in anything but a probability", () => {
  it.each(["linear", "tanh", "relu"] as const)("is refused where it would be scored with: %s", async (activation) => {
    const definition: ModelDefinition = {
      ...opaque(score).definition,
      layers: [{ type: "dense", name: "out", inputs: ["metadata"], units: 1, activation, useBias: true }],
    };
    const model = await createModel(definition, initializeWeights(definition, 1));
    await expect(createScorer({ models: [model] })).rejects.toMatchObject({
      code: "output-not-probability",
      path: "out",
    });
  });
});

describe("an engine that fails on a batch", () => {
  const alerts = [1n, 2n, 3n, 4n].map((candid) => ({
    ...alert,
    candid,
    candidate: { ...alert.candidate, nmtchps: Number(candid) },
  }));
  const nmtchps = 12;
  const length = inputLength(opaque(score).definition.inputs[0]);
  const holds = (values: Float32Array, count: number, bad: number) =>
    Array.from({ length: count }, (_, place) => values[place * length + nmtchps]).includes(bad);

  async function statuses(breaks: (values: Float32Array, count: number) => boolean): Promise<string[]> {
    const scorer = await createScorer({ models: [opaque(score)], engine: engine([0.5], breaks) });
    const found: string[] = [];
    for await (const outcome of scorer.scoreAlerts(alerts)) {
      if (!outcome.success) throw outcome.error;
      const result = outcome.data.scores.opaque;
      found.push(result.status === "scored" ? "scored" : result.reasons[0].code);
    }
    return found;
  }

  it("takes the score of the alert that breaks it, and of no other", async () => {
    expect(await statuses((values, count) => holds(values, count, 3))).toEqual([
      "scored",
      "scored",
      "engine-failed",
      "scored",
    ]);
  });

  it("for want of memory, say, scores them one by one", async () => {
    expect(await statuses((_, count) => count > 1)).toEqual(alerts.map(() => "scored"));
  });

  it("whatever it is given says so of each alert", async () => {
    expect(await statuses(() => true)).toEqual(alerts.map(() => "engine-failed"));
  });
});
