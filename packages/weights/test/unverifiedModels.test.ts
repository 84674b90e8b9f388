import { toProfile } from "@btsbot/features";
import { readOnnxModel } from "@btsbot/onnx";
import { findPublished, PUBLISHED_MODELS, UNVERIFIED_MODELS } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { makeFile, makeWeights } from "../../onnx/test/makeFile.js";

describe("UNVERIFIED_MODELS", () => {
  it.each(UNVERIFIED_MODELS.map((model) => [model.name, model] as const))(
    "%s says what is known, from where, and what is not",
    (name, model) => {
      expect(model.verified).toBe(false);
      expect(model.definition).toMatchObject({ name, layers: [] });
      expect(new URL(model.page).hostname).toBe("huggingface.co");
      expect(Object.keys(model.sources).length).toBeGreaterThan(0);
      expect(model.unknown.length).toBeGreaterThan(0);
      expect(PUBLISHED_MODELS.map((published) => published.name)).not.toContain(name);
      for (const input of model.definition.inputs) {
        if (input.kind === "features") expect(toProfile(input.profile).features).toHaveLength(input.length);
      }
    },
  );

  it("is not pulled, and what asks for one is told why", () => {
    expect(() => findPublished("btsbot-v2.0.0")).toThrow(
      expect.objectContaining({
        code: "model-unknown",
        message: expect.stringContaining("nobody has verified it here"),
      }),
    );
    expect(() => findPublished("btsbot-v9")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("verified") }),
    );
  });

  it("gives what readOnnxModel needs", async () => {
    const [{ definition }] = UNVERIFIED_MODELS;
    const model = await readOnnxModel(makeFile(makeWeights(1)), { ...definition, ...definition.onnx! });
    expect(model.definition).toEqual(definition);
  });
});
