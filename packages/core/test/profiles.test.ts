import { writeFits } from "@btsbot/cutout";
import { BTSBOT_V1, parseProfile, packetFeature, realBogusFeature } from "@btsbot/features";
import type { FeatureProfile, ProfileData } from "@btsbot/features";
import { createModel, initializeWeights, readLayersModel, writeLayersModel } from "@btsbot/model";
import type { GivenProfile, Model, ModelDefinition, ModelInput } from "@btsbot/model";
import { createSimdEngine } from "@btsbot/simd";
import { simulateSurvey } from "@btsbot/simulate";
import { describe, expect, it } from "vitest";
import { createComparer, createScorer, scoreAlert } from "../src/index.js";
import type { ModelResult, ScorerOptions } from "../src/index.js";

const [{ alert }] = simulateSurvey({ nights: 1, sources: 1, seed: 7 });
const engine = createSimdEngine();

const DATA: ProfileData = {
  name: "mine",
  features: [
    "magpsf",
    "fwhm",
    { name: "real", rule: { realBogus: "drb" } },
    { name: "rise", rule: { history: "count" } },
  ],
};
/** The same numbers by functions. */
const PROGRAM: FeatureProfile = {
  name: "mine",
  source: "",
  features: [
    packetFeature("magpsf"),
    packetFeature("fwhm"),
    realBogusFeature("real"),
    {
      name: "rise",
      unit: "",
      meaning: "",
      path: "",
      value: ({ history: { detections } }) => detections.length,
    },
  ],
};

function makeDefinition(profile: GivenProfile, length = 4): ModelDefinition {
  return {
    name: "own",
    version: "1",
    inputs: [{ kind: "features", name: "metadata", profile, length }],
    layers: [
      { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 1e-3, momentum: 0.99 },
      { type: "dense", name: "score", inputs: ["norm"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "score" },
  };
}

async function makeModel(definition: ModelDefinition): Promise<Model> {
  return createModel(definition, initializeWeights(definition, 3));
}

/** The score; undefined where there is none. */
const valueOf = (result: ModelResult): number | undefined => (result.status === "scored" ? result.score : undefined);

async function score(models: Model, options: Partial<ScorerOptions> = {}): Promise<ModelResult> {
  const scorer = await createScorer({ models, engine, ...options });
  try {
    return (await scorer.scoreAlert(alert)).scores[models.definition.name];
  } finally {
    scorer.dispose();
  }
}

describe("a profile given as an object", () => {
  it("scores the same in a definition, as data or not, and by name", async () => {
    const results = await Promise.all([
      score(await makeModel(makeDefinition(DATA))),
      score(await makeModel(makeDefinition(parseProfile(DATA)))),
      score(await makeModel(makeDefinition(PROGRAM))),
      score(await makeModel(makeDefinition("mine")), { profiles: [DATA] }),
      score(await makeModel(makeDefinition("mine")), { profiles: [parseProfile(DATA)] }),
      score(await makeModel(makeDefinition("mine")), { profiles: [PROGRAM] }),
      scoreAlert(alert, { models: await makeModel(makeDefinition("mine")), engine, profiles: [DATA] }).then(
        ({ scores }) => scores.own,
      ),
    ]);
    const [first] = results;
    expect(first).toMatchObject({ status: "scored", provenance: { profile: "mine", realBogus: "packet" } });
    for (const result of results) expect(valueOf(result)).toBe(valueOf(first));
    const hashes = results.map(({ provenance }) => provenance.profileSha256);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    // What a program computes no hash tells.
    expect(hashes).toEqual([0, 1, 2, 3, 4, 5, 6].map((place) => (place === 2 || place === 5 ? undefined : hashes[0])));
  });

  it("says for which feature of it a model gave no real/bogus score", async () => {
    const model = await makeModel(
      makeDefinition({ ...DATA, features: ["magpsf", "fwhm", { name: "rb!", rule: { realBogus: "drb" } }, "ra"] }),
    );
    const judge = await makeModel({
      ...makeDefinition("x"),
      name: "judge",
      inputs: [{ kind: "image", name: "image", preprocessing: { normalization: "l2", size: 3 } }],
      layers: [
        { type: "flatten", name: "flat", inputs: ["image"] },
        { type: "dense", name: "score", inputs: ["flat"], units: 1, activation: "sigmoid", useBias: true },
      ],
    });
    const scorer = await createScorer({ models: model, engine, realBogus: judge });
    const given = (await scorer.scoreAlert(alert)).scores.own;
    expect(given).toMatchObject({ status: "scored", flags: ["drb-given"], provenance: { realBogus: "judge" } });
    const { cutoutScience: _, ...blind } = alert;
    const without = (await scorer.scoreAlert(blind)).scores.own;
    expect(without).toMatchObject({ status: "unscored", reasons: [{ code: "real-bogus-unscored", model: "judge" }] });
    scorer.dispose();
  });

  it("goes with the model into its file, and back", async () => {
    const model = await makeModel(makeDefinition(parseProfile(DATA)));
    const files = writeLayersModel(model);
    const read = await readLayersModel((file) => Promise.resolve(files.get(file)!));
    expect(read.definition.inputs[0]).toMatchObject({ profile: DATA });
    expect(read.definitionSha256).toBe(model.definitionSha256);
    expect(valueOf(await score(read))).toBe(valueOf(await score(model)));
    const program = await makeModel(makeDefinition(PROGRAM));
    const named = writeLayersModel(program);
    const again = await readLayersModel((file) => Promise.resolve(named.get(file)!));
    expect(again.definition.inputs[0]).toMatchObject({ profile: "mine" });
    expect(valueOf(await score(again, { profiles: [PROGRAM] }))).toBe(valueOf(await score(program)));
  });

  it("makes another definition by another rule", async () => {
    const other = { ...DATA, features: ["magpsf", "fwhm", "ra", "dec"] };
    const [one, two] = await Promise.all([DATA, other].map((profile) => makeModel(makeDefinition(profile))));
    expect(one.definitionSha256).not.toBe(two.definitionSha256);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "a name that there is not",
      async () => score(await makeModel(makeDefinition("mien")), { profiles: [DATA] }),
      /Did you mean "mine"/,
    ],
    [
      "another length",
      async () => score(await makeModel(makeDefinition(DATA, 5))),
      /own\.metadata: .*profile mine .*expected 4, got 5/,
    ],
    [
      "data that are none",
      async () => score(await makeModel(makeDefinition({ name: "mine" } as ProfileData))),
      /features: .*to be there/,
    ],
    [
      "a ready one's name",
      async () => score(await makeModel(makeDefinition({ ...DATA, name: "acai" }))),
      /a ready profile has this name/,
    ],
    [
      "what is not a list",
      async () => score(await makeModel(makeDefinition(DATA)), { profiles: DATA as never }),
      /`profiles` to be a list/,
    ],
  ])("is refused with %s", async (_, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });
});

describe("a comparer", () => {
  const other: FeatureProfile = { ...PROGRAM, name: "other", source: "elsewhere" };

  it("compares profiles that are objects, by the model's own, which is one", async () => {
    const model = await makeModel(makeDefinition("mine"));
    const shifted = {
      ...other,
      features: other.features.map((each) => (each.name === "fwhm" ? { ...each, value: () => 9 } : each)),
    };
    const comparer = await createComparer({ model, engine, profiles: [DATA, shifted] });
    expect([comparer.base, comparer.profiles, comparer.compared]).toEqual(["mine", ["other"], [shifted]]);
    const [compared] = await comparer.compare([alert]);
    expect(compared.others.map(({ profile, differences }) => [profile, differences.map(({ name }) => name)])).toEqual([
      ["other", ["fwhm"]],
    ]);
    comparer.dispose();
  });

  it("pads stamps as the profile says, whatever its name", async () => {
    const inputs: ModelInput[] = [
      { kind: "image", name: "image", preprocessing: { normalization: "l2", size: 63 } },
      { kind: "features", name: "metadata", profile: DATA, length: 4 },
    ];
    const definition: ModelDefinition = {
      ...makeDefinition(DATA),
      inputs,
      layers: [
        { type: "flatten", name: "flat", inputs: ["image"] },
        { type: "concatenate", name: "both", inputs: ["flat", "metadata"] },
        { type: "dense", name: "score", inputs: ["both"], units: 1, activation: "sigmoid", useBias: true },
      ],
    };
    const small = {
      stampData: writeFits({ width: 40, height: 63, pixels: new Float32Array(40 * 63).map((_, place) => place % 7) }),
    };
    const edge = { ...alert, cutoutScience: small };
    const centered: FeatureProfile = { ...other, stamps: { padding: "centered" } };
    const comparer = await createComparer({ model: await makeModel(definition), engine, profiles: [centered, other] });
    const [{ others }] = await comparer.compare([edge]);
    expect(others.map(({ differences }) => differences.map(({ name }) => name))).toEqual([["stamps"], []]);
    comparer.dispose();
    // And a scorer does, where it is the model's own.
    const own = { ...definition, inputs: [inputs[0], { ...inputs[1], profile: centered } as ModelInput] };
    const [plain, moved] = await Promise.all(
      [definition, own].map(async (each) =>
        valueOf((await scoreAlert(edge, { models: await makeModel(each), engine })).scores.own),
      ),
    );
    expect(moved).toBe(others[0].score);
    expect(plain).not.toBe(moved);
  });
});

describe("an image input", () => {
  const image = (preprocessing: object): ModelDefinition => ({
    ...makeDefinition("x"),
    name: "planes",
    inputs: [{ kind: "image", name: "image", preprocessing } as ModelInput],
    layers: [
      { type: "flatten", name: "flat", inputs: ["image"] },
      { type: "dense", name: "score", inputs: ["flat"], units: 1, activation: "sigmoid", useBias: true },
    ],
  });
  const l2 = { normalization: "l2", size: 21 };

  it("reads the planes that its definition names, and no other stamp", async () => {
    const model = await makeModel(image({ ...l2, planes: ["difference"] }));
    expect(model.weights.get("score/kernel")!.shape).toEqual([21 * 21, 1]);
    const whole = await score(model);
    expect(whole.status).toBe("scored");
    const { cutoutScience: _, cutoutTemplate: __, ...rest } = alert;
    const scorer = await createScorer({ models: model, engine });
    expect(valueOf((await scorer.scoreAlert(rest)).scores.planes)).toBe(valueOf(whole));
    const { cutoutDifference: ___, ...blind } = alert;
    expect((await scorer.scoreAlert(blind)).scores.planes).toMatchObject({
      reasons: [{ code: "stamp-absent", path: "cutoutDifference" }],
    });
    scorer.dispose();
  });

  it.each([
    [{ ...l2, size: 64 }, /planes\.image\.preprocessing\.size: .*1 to 63 pixels, got 64/],
    [{ ...l2, normalization: "zscore" }, /normalization: .*l2 or minmax, got zscore/],
    [{ ...l2, planes: ["science", "science"] }, /planes: .*each once/],
    [{ ...l2, planes: ["new"] }, /some of science, template, difference/],
  ])("is refused where no stamp can make it: %j", async (preprocessing, message) => {
    await expect(score(await makeModel(image(preprocessing)))).rejects.toThrow(message);
  });
});

it("leaves the ready profiles as they are", async () => {
  const model = await makeModel(makeDefinition("btsbot-v1", 25));
  const same = await makeModel(makeDefinition(BTSBOT_V1, 25));
  const [named, given] = [await score(model), await score(same)];
  expect(valueOf(given)).toBe(valueOf(named));
  expect(given.provenance).toEqual(named.provenance);
});
