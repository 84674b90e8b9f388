import type { Alert } from "@btsbot/alert";
import { createScorer, scoreAlert, scoreAlerts, toJsonResult, VERSION } from "@btsbot/core";
import type { AlertInput, ScoreOutcome } from "@btsbot/core";
import { createModel, DEFAULT_MODEL, initializeWeights, loadDefaultModel, mmCnn } from "@btsbot/model";
import type { Engine, Model, ModelDefinition } from "@btsbot/model";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { writeFits } from "@btsbot/cutout";
import { encodeAlerts } from "@btsbot/alert";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { BRIGHT_CANDIDATE } from "../../../test/support/brightCandidate.js";
import { stubEngine } from "../../../test/support/stubEngine.js";

/** An alert with every feature of btsbot-v1 and three stamps; `candid` tells alerts apart. */
function makeAlert(candid: bigint, change: Partial<Alert["candidate"]> = {}): Alert {
  const pixels = Float32Array.from({ length: 63 * 63 }, (_, i) => Math.sin(i + Number(candid)));
  const stampData = new Uint8Array(gzipSync(writeFits({ width: 63, height: 63, pixels })));
  const cutout = { fileName: "stamp.fits.gz", stampData };
  return {
    schemavsn: "4.02",
    publisher: "test",
    objectId: "ZTF26aaaaaaa",
    candid,
    candidate: { ...BRIGHT_CANDIDATE, jd: BRIGHT_CANDIDATE.jd + Number(candid), candid, ...change },
    prv_candidates: null,
    cutoutScience: cutout,
    cutoutTemplate: cutout,
    cutoutDifference: cutout,
  };
}

/** Scores an alert with its `nmtchps` over 100, so that order and batching can be followed. */
function followEngine(batches: number[] = []): Engine {
  return stubEngine(async ({ metadata }, count) => {
    batches.push(count);
    return Float32Array.from({ length: count }, (_, i) => metadata[25 * i + 12] / 100);
  });
}

let model: Model;
beforeAll(async () => {
  model = await createModel(mmCnn("mm", "7"), initializeWeights(mmCnn(), 1));
});

async function collect(outcomes: AsyncIterable<ScoreOutcome>): Promise<ScoreOutcome[]> {
  const collected: ScoreOutcome[] = [];
  for await (const outcome of outcomes) collected.push(outcome);
  return collected;
}

describe("scoreAlert", () => {
  it("scores packet bytes and alerts alike, with flags and provenance", async () => {
    const options = { models: [model] };
    const alert = makeAlert(1n);
    const result = await scoreAlert(alert, options);
    expect(await scoreAlert(encodeAlerts([alert]), options)).toEqual(result);
    expect(result).toMatchObject({ objectId: "ZTF26aaaaaaa", candid: 1n, jd: 2461001.5 });
    const { mm } = result.scores;
    expect(mm).toMatchObject({
      status: "scored",
      flags: ["drb-from-packet"],
      provenance: {
        model: "mm",
        version: "7",
        weightsSha256: model.sha256,
        definitionSha256: model.definitionSha256,
        profile: "btsbot-v1",
        realBogus: "packet",
        engine: "simd",
        backend: expect.stringMatching(/^wasm-(simd|relaxed-simd)$/),
        library: VERSION,
      },
    });
    expect(mm.status === "scored" && mm.score! > 0 && mm.score! < 1).toBe(true);
  });

  it("prepares a model once for an engine, also with options made anew", async () => {
    const engine = followEngine();
    const prepare = vi.spyOn(engine, "prepare");
    await scoreAlert(makeAlert(1n), { models: [model], engine });
    await scoreAlert(makeAlert(2n), { models: [model], engine });
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it("tries again after a failure", async () => {
    const engine = followEngine();
    const prepare = vi.spyOn(engine, "prepare").mockRejectedValueOnce(new TypeError("bug"));
    const options = { models: [model], engine };
    await expect(scoreAlert(makeAlert(1n), options)).rejects.toMatchObject({ code: "engine-unavailable", got: "bug" });
    expect((await scoreAlert(makeAlert(1n), options)).scores.mm.status).toBe("scored");
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it("reads framed messages with the schemas given, and refuses what is no alert", async () => {
    const options = { models: [model], engine: followEngine(), read: { schemas: '"null"' } };
    await expect(scoreAlert(Uint8Array.of(0, 0, 0, 0, 1), options)).rejects.toMatchObject({ code: "alert-invalid" });
    await expect(scoreAlert(new Float32Array(8) as unknown as Alert, options)).rejects.toMatchObject({
      code: "input-invalid",
      got: "Float32Array",
    });
  });

  it("throws what is wrong with bytes that are not one alert", async () => {
    const options = { models: [model], engine: followEngine() };
    await expect(scoreAlert(new Uint8Array(0), options)).rejects.toMatchObject({ code: "input-empty" });
    const two = encodeAlerts([makeAlert(1n), makeAlert(2n)]);
    await expect(scoreAlert(two, options)).rejects.toMatchObject({ code: "alert-count" });
  });

  it("takes a real/bogus score from the caller, and says so", async () => {
    const options = { models: [model], engine: followEngine(), realBogus: () => 0.5 };
    const { mm } = (await scoreAlert(makeAlert(1n, { drb: null }), options)).scores;
    expect(mm).toMatchObject({ status: "scored", flags: ["drb-given"], provenance: { realBogus: "given" } });
  });

  it("takes the real/bogus score from a model, run once and named in the provenance", async () => {
    const images: ModelDefinition = {
      name: "braai",
      version: "1",
      layers: [],
      output: { kind: "score", layer: "out" },
      inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 63 } }],
    };
    const braai: Model = { definition: images, weights: new Map(), sha256: "", definitionSha256: "" };
    const fed: number[] = [];
    const runs: string[] = [];
    const engine = followEngine();
    engine.prepare = async ({ definition }) => ({
      backend: "none",
      predict: async (batch, count) => {
        runs.push(definition.name);
        if (definition.name === "mm") fed.push(batch.metadata[17]); // new_drb
        return new Float32Array(count).fill(definition.name === "braai" ? 0.75 : 0.5);
      },
      dispose: () => undefined,
    });
    const alert = makeAlert(1n, { drb: null });
    const beside = await scoreAlert(alert, { models: [model], engine, realBogus: braai });
    expect(beside.scores.mm).toMatchObject({
      status: "scored",
      flags: ["drb-given"],
      provenance: { realBogus: "braai" },
    });
    expect([Object.keys(beside.scores), fed, runs]).toEqual([["mm"], [0.75], ["braai", "mm"]]);
    const among = await scoreAlert(alert, {
      models: [model, braai],
      engine,
      realBogus: "braai",
      store: { load: async () => braai },
    });
    expect(Object.keys(among.scores)).toEqual(["mm", "braai"]);
    expect(runs.slice(2)).toEqual(["braai", "mm"]);

    const broken = await scoreAlert({ ...alert, cutoutTemplate: null }, { models: [model], engine, realBogus: braai });
    expect(broken.scores.mm.status === "unscored" && broken.scores.mm.reasons.map(({ code }) => code)).toEqual([
      "stamp-absent",
      "real-bogus-unscored",
    ]);
    expect(broken.scores.mm.provenance.realBogus).toBe("braai");
    const packet = await scoreAlert(makeAlert(1n), { models: [model], engine, realBogus: "packet" });
    expect(packet.scores.mm.provenance.realBogus).toBe("packet");
    const asked: string[] = [];
    const store = { load: async (name: string) => (asked.push(name), braai) };
    await scoreAlert(alert, { models: [model], engine, realBogus: "braai", store });
    expect(asked).toEqual(["braai_d6_m9"]);
    const twin = { ...braai, sha256: "other" };
    await expect(scoreAlert(alert, { models: [model, braai], engine, realBogus: twin })).rejects.toMatchObject({
      code: "model-twice",
    });
    await expect(scoreAlert(alert, { models: [model], engine, realBogus: model })).rejects.toMatchObject({
      code: "model-invalid",
      path: "realBogus",
    });
  });

  it("takes stored history from the caller", async () => {
    const seen: Float32Array[] = [];
    const engine: Engine = {
      ...followEngine(),
      prepare: async () => ({
        backend: "none",
        predict: async ({ metadata }, count) => (seen.push(metadata), new Float32Array(count)),
        dispose: () => undefined,
      }),
    };
    const history = async () => [
      { jd: 2460999, fid: 1, magpsf: 15 },
      { jd: 2461099, fid: 1, magpsf: 13 }, // Later than the alert.
    ];
    const { scores } = await scoreAlert(makeAlert(1n), { models: [model], engine, history });
    expect(seen[0][16]).toBe(15); // peakmag_so_far
    // The alert's own point, and the one before it.
    const [{ provenance }] = Object.values(scores);
    expect(provenance.history).toEqual({ points: 2, firstJd: 2460999 });
    const plain = await scoreAlert(makeAlert(1n), { models: [model], engine, history: () => undefined });
    expect(Object.values(plain.scores)[0].provenance).not.toHaveProperty("history");
  });
});

/** A model that reads images and no features. */
const IMAGE_ONLY: ModelDefinition = {
  name: "image-only",
  version: "1",
  inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 63 } }],
  layers: [
    { type: "flatten", name: "flat", inputs: ["triplet"] },
    { type: "dense", name: "out", inputs: ["flat"], units: 1, activation: "sigmoid", useBias: true },
  ],
  output: { kind: "score", layer: "out" },
};

describe("reasons", () => {
  it("gives every reason of features and stamps, and keeps other models' scores", async () => {
    const other = await createModel(IMAGE_ONLY, initializeWeights(IMAGE_ONLY, 1));
    const options = { models: [model, other] };
    const missing = await scoreAlert(makeAlert(1n, { drb: null, sky: null }), options);
    expect(Object.keys(missing.scores)).toEqual(["mm", "image-only"]);
    const { mm } = missing.scores;
    expect(mm.status === "unscored" && mm.reasons.map(({ code, feature }) => `${code} ${feature}`)).toEqual([
      "feature-missing new_drb",
      "feature-missing sky",
    ]);
    expect(missing.scores["image-only"].status).toBe("scored");
    expect(missing.scores["image-only"].provenance).not.toHaveProperty("realBogus");

    const broken = await scoreAlert({ ...makeAlert(1n, { sky: NaN }), cutoutTemplate: null }, options);
    for (const [name, codes] of [
      ["mm", ["stamp-absent", "feature-non-finite"]],
      ["image-only", ["stamp-absent"]],
    ] as const) {
      const result = broken.scores[name];
      expect(result.status === "unscored" && result.reasons.map(({ code }) => code)).toEqual(codes);
    }
  });

  it("flags a stamp whose masked pixels are written as the least float32", async () => {
    const pixels = new Float32Array(3969).fill(1).fill(-3.4028234663852886e38, 0, 63);
    const cutoutTemplate = { stampData: writeFits({ width: 63, height: 63, pixels }) };
    const { mm } = (await scoreAlert({ ...makeAlert(1n), cutoutTemplate }, { models: [model] })).scores;
    expect(mm).toMatchObject({ status: "scored", flags: ["stamp-least-float:cutoutTemplate", "drb-from-packet"] });
  });

  it("flags a stamp whose bytes are in another order, and none that a detector can give", async () => {
    const flagsOf = async (value: number, change: (bytes: DataView) => void = () => undefined) => {
      const stampData = writeFits({ width: 63, height: 63, pixels: new Float32Array(3969).fill(value, 0, 63) });
      change(new DataView(stampData.buffer, stampData.byteOffset + 2880));
      const cutoutDifference = { stampData };
      return (await scoreAlert({ ...makeAlert(1n), cutoutDifference }, { models: [model] })).scores.mm.flags;
    };
    const flag = "stamp-out-of-range:cutoutDifference";
    const swap = (bytes: DataView) => {
      for (let at = 0; at < 4 * 63; at += 4) bytes.setUint32(at, bytes.getUint32(at), true);
    };
    expect(await flagsOf(17.3, swap)).toContain(flag);
    expect(await flagsOf(3e38)).toContain(flag);
    expect(await flagsOf(-1e30)).toContain(flag);
    // Beyond what any image has it is not scored either.
    const pixels = new Float32Array(3969).fill(1).fill(-1e30, 0, 2);
    const cutoutScience = { stampData: writeFits({ width: 63, height: 63, pixels }) };
    expect((await scoreAlert({ ...makeAlert(1n), cutoutScience }, { models: [model] })).scores.mm).toMatchObject({
      status: "unscored",
      reasons: [{ code: "stamp-impossible", path: "cutoutScience" }],
    });
    for (const value of [50_528, -1_780, 1e6, NaN, -3.4028234663852886e38])
      expect(await flagsOf(value)).not.toContain(flag);
  });

  it("looks at the date for every model, those that read no features too", async () => {
    const images = await createModel(IMAGE_ONLY, initializeWeights(IMAGE_ONLY, 1));
    for (const [jd, status, code] of [
      [0, "unscored", "feature-out-of-range"],
      [60_000, "unscored", "feature-out-of-range"],
      [-1e300, "unscored", "feature-non-finite"],
      [NaN, "unscored", "feature-non-finite"],
      [2_454_000.5, "scored", "out-of-range:jd"],
    ] as const) {
      const { scores } = await scoreAlert(makeAlert(1n, { jd }), { models: [model, images] });
      for (const name of ["mm", "image-only"]) {
        expect(scores[name].status).toBe(status);
        const { reasons = [], flags } = scores[name] as { reasons?: { code: string }[]; flags: readonly string[] };
        expect([...flags, ...reasons.map((reason) => reason.code)]).toContain(code);
      }
    }
  });

  it("never reports an output that is not finite", async () => {
    const engine: Engine = {
      ...followEngine(),
      prepare: async () => ({ backend: "none", predict: async () => Float32Array.of(NaN), dispose: () => undefined }),
    };
    const { mm } = (await scoreAlert(makeAlert(1n), { models: [model], engine })).scores;
    expect(mm.status === "unscored" && mm.reasons[0].code).toBe("output-non-finite");
  });
});

describe("classes", () => {
  const definition: ModelDefinition = {
    name: "three",
    version: "1",
    inputs: [{ kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 }],
    layers: [{ type: "dense", name: "out", inputs: ["metadata"], units: 3, activation: "softmax", useBias: true }],
    output: { kind: "classes", layer: "out", classes: ["AGN", "SN", "bogus"] },
  };

  /** Answers (n, n + 1, 99 - 2 n) / 100 for an alert whose `nmtchps` is n. */
  const answer = (metadata: Float32Array, count: number) =>
    Float32Array.from({ length: 3 * count }, (_, i) => {
      const n = metadata[25 * Math.floor(i / 3) + 12];
      return [n, n + 1, 99 - 2 * n][i % 3] / 100;
    });
  const engine = (predict: (metadata: Float32Array, count: number) => Float32Array): Engine => ({
    ...followEngine(),
    prepare: async () => ({
      backend: "none",
      predict: async ({ metadata }, count) => predict(metadata, count),
      dispose: () => undefined,
    }),
  });
  const score = async (predict: (metadata: Float32Array, count: number) => Float32Array) => {
    const three = await createModel(definition, initializeWeights(definition, 1));
    const alerts = [makeAlert(1n, { nmtchps: 4 }), makeAlert(2n, { sky: null }), makeAlert(3n, { nmtchps: 9 })];
    const outcomes = await collect(scoreAlerts(alerts, { models: [three], engine: engine(predict) }));
    return outcomes.map((outcome) => outcome.success && outcome.data.scores.three);
  };

  it("names each alert's probabilities, in the model's order", async () => {
    const [first, second, third] = await score(answer);
    const of = (...values: number[]) =>
      Object.fromEntries(values.map((value, i) => [["AGN", "SN", "bogus"][i], Math.fround(value)]));
    expect(first).toMatchObject({ status: "scored", classes: of(0.04, 0.05, 0.91) });
    expect(first).not.toHaveProperty("score");
    expect(second).toMatchObject({ status: "unscored", reasons: [{ code: "feature-missing" }] });
    expect(third).toMatchObject({ status: "scored", classes: of(0.09, 0.1, 0.81) });
  });

  it("gives no class at all where one is not finite; an engine that answers too little has failed", async () => {
    const [, , broken] = await score((metadata, count) => answer(metadata, count).fill(NaN, 4, 5));
    expect(broken).toMatchObject({ status: "unscored", reasons: [{ code: "output-non-finite" }] });
    const [, , short] = await score((metadata, count) => answer(metadata, count).slice(0, 4));
    expect(short).toMatchObject({
      status: "unscored",
      reasons: [{ code: "engine-failed", message: expect.stringContaining("it answered 4, not a Float32Array of 6") }],
    });
  });
});

describe("scoreAlerts", () => {
  it("keeps order over batches, files of many alerts, unreadable inputs and unscorable alerts", async () => {
    const batches: number[] = [];
    const inputs: AlertInput[] = [
      makeAlert(1n, { nmtchps: 1 }),
      encodeAlerts([makeAlert(2n, { nmtchps: 2 }), makeAlert(3n, { sky: null }), makeAlert(4n, { nmtchps: 4 })]),
      new TextEncoder().encode("not a packet"),
      makeAlert(5n, { nmtchps: 5 }),
      makeAlert(6n, { nmtchps: 6 }),
    ];
    const outcomes = await collect(
      scoreAlerts(inputs, { models: [model], engine: followEngine(batches), batchSize: 3 }),
    );
    const summary = outcomes.map((outcome) => {
      const place = `${outcome.input}.${outcome.index}`;
      if (!outcome.success) return `${place} ${outcome.error.code}`;
      const { mm } = outcome.data.scores;
      return `${place} ${outcome.data.candid} ${mm.status === "scored" ? mm.score!.toFixed(2) : "unscored"}`;
    });
    expect(summary).toEqual([
      "0.0 1 0.01",
      "1.0 2 0.02",
      "1.1 3 unscored",
      "1.2 4 0.04",
      "2.0 input-unrecognized",
      "3.0 5 0.05",
      "4.0 6 0.06",
    ]);
    expect(batches).toEqual([2, 2, 1]);
  });

  it("reads inputs as they come, and frees the models when the caller stops", async () => {
    const engine = followEngine();
    const dispose = vi.fn();
    engine.prepare = async () => ({ backend: "none", predict: async (_, count) => new Float32Array(count), dispose });
    let read = 0;
    const inputs = (async function* () {
      for (;;) {
        read += 1;
        yield makeAlert(BigInt(read));
      }
    })();
    for await (const outcome of scoreAlerts(inputs, { models: [model], engine, batchSize: 2 })) {
      if (outcome.input === 3) break;
    }
    expect(read).toBe(4);
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it("gives nothing for nothing", async () => {
    expect(await collect(scoreAlerts([], { models: [model], engine: followEngine() }))).toEqual([]);
  });
});

describe("createScorer", () => {
  it("gives errors without waiting for good alerts", async () => {
    let read = 0;
    const inputs = (async function* () {
      for (; read < 100; read++) yield new Uint8Array(0);
    })();
    for await (const outcome of scoreAlerts(inputs, { models: [model], engine: followEngine(), batchSize: 4 })) {
      expect(outcome.success).toBe(false);
      break;
    }
    expect(read).toBeLessThan(5);
  });

  it("refuses two models of one name, and a model that does not fit its profile", async () => {
    const engine = followEngine();
    await expect(createScorer({ models: [model, model], engine })).rejects.toMatchObject({
      code: "model-twice",
      got: "mm",
    });
    const [image, metadata] = mmCnn().inputs;
    for (const [change, code] of [
      [{ length: 26 }, "model-invalid"],
      [{ profile: "none" }, "profile-unknown"],
    ] as const) {
      const definition = { ...mmCnn(), inputs: [image, { ...metadata, ...change } as typeof metadata] };
      const other = await createModel(definition, initializeWeights(definition, 1));
      await expect(createScorer({ models: [other], engine })).rejects.toMatchObject({ code });
    }
  });

  it("frees what it prepared when another model cannot be", async () => {
    const dispose = vi.fn();
    const engine = followEngine();
    engine.prepare = async ({ definition }) => {
      if (definition.name === "bad") throw new TypeError("bug");
      return { backend: "none", predict: async (_, count) => new Float32Array(count), dispose };
    };
    const bad = await createModel(mmCnn("bad"), initializeWeights(mmCnn(), 1));
    await expect(createScorer({ models: [bad, model], engine })).rejects.toMatchObject({
      code: "engine-unavailable",
      got: "bug",
    });
    expect(dispose).toHaveBeenCalledTimes(1);
  });

  it("is disposed of once, after what is being scored is done, and then refuses", async () => {
    const dispose = vi.fn();
    let finish: (scores: Float32Array) => void = () => undefined;
    const engine = followEngine();
    engine.prepare = async () => ({
      backend: "none",
      predict: () => new Promise((resolve) => (finish = resolve)),
      dispose,
    });
    const scorer = await createScorer({ models: [model], engine });
    const scoring = scorer.scoreAlert(makeAlert(1n));
    await vi.waitFor(() => expect(finish.name).not.toBe("finish"));
    scorer.dispose();
    scorer.dispose();
    expect(dispose).not.toHaveBeenCalled();
    finish(Float32Array.of(0.25));
    expect((await scoring).scores.mm).toMatchObject({ status: "scored", score: 0.25 });
    expect(dispose).toHaveBeenCalledTimes(1);
    await expect(scorer.scoreAlert(makeAlert(1n))).rejects.toMatchObject({ code: "scorer-disposed" });
  });

  it("finds named models in the store, and says how to give one", async () => {
    const store = { load: vi.fn(async () => model) };
    const scorer = await createScorer({ models: ["btsbot"], store, engine: followEngine() });
    expect(store.load).toHaveBeenCalledWith("btsbot");
    scorer.dispose();
    const all = await createScorer({
      models: "all",
      store: { ...store, names: async () => ["mm"] },
      engine: followEngine(),
    });
    expect(Object.keys((await all.scoreAlert(makeAlert(1n))).scores)).toEqual(["mm"]);
    for (const without of [undefined, store, { ...store, names: async () => [] }]) {
      await expect(createScorer({ models: "all", ...(without && { store: without }) })).rejects.toMatchObject({
        code: "model-unnamed",
      });
    }
    await expect(createScorer({ models: ["btsbot"] })).rejects.toMatchObject({ code: "model-unnamed", got: "btsbot" });
    await expect(createScorer({ models: [] })).rejects.toMatchObject({ code: "model-unnamed" });
  });

  it("takes the model that ships with the library where none is named, and where it is named without a store", async () => {
    const shipped = await loadDefaultModel();
    const provenance = {
      model: DEFAULT_MODEL,
      version: shipped.definition.version,
      weightsSha256: shipped.sha256,
      definitionSha256: shipped.definitionSha256,
      engine: "stub",
    };
    const engine = followEngine();
    for (const options of [{ engine }, { engine, models: [DEFAULT_MODEL] }]) {
      const scorer = await createScorer(options);
      const { scores } = await scorer.scoreAlert(makeAlert(1n));
      expect(Object.keys(scores)).toEqual([DEFAULT_MODEL]);
      expect(scores[DEFAULT_MODEL].provenance).toMatchObject(provenance);
      scorer.dispose();
    }
    // A store's own model of that name is the one that is meant with it.
    const store = { load: async () => model };
    expect(
      Object.keys(
        (await (await createScorer({ models: [DEFAULT_MODEL], store, engine })).scoreAlert(makeAlert(1n))).scores,
      ),
    ).toEqual(["mm"]);
  });

  it("scores an alert with nothing said at all, as in batches", async () => {
    const { scores } = await scoreAlert(makeAlert(1n));
    const result = scores[DEFAULT_MODEL];
    expect(result).toMatchObject({ status: "scored", provenance: { model: DEFAULT_MODEL, engine: "simd" } });
    for await (const outcome of scoreAlerts([makeAlert(1n)]))
      expect(outcome).toMatchObject({ success: true, data: { scores } });
  });

  it("says why an engine cannot run a model", async () => {
    const engine: Engine = { ...followEngine(), canRun: async () => "no WebAssembly here" };
    await expect(createScorer({ models: [model], engine })).rejects.toMatchObject({
      code: "engine-unavailable",
      path: "mm",
      got: "stub: no WebAssembly here",
    });
    await expect(createScorer({ models: [model], engine: [] })).rejects.toMatchObject({
      code: "engine-unavailable",
      got: "no engine",
    });
  });

  it.each(["canRun", "prepare"] as const)(
    "passes over an engine whose %s fails, and names it where no other can",
    async (door) => {
      const fail = () => Promise.reject(new Error("boom"));
      const broken: Engine = { ...followEngine(), name: "broken", [door]: fail };
      const scorer = await createScorer({ models: [model], engine: [broken, followEngine()] });
      const { provenance } = (await scorer.scoreAlert(makeAlert(1n))).scores.mm;
      expect(provenance).toMatchObject({ engine: "stub", passedOver: [expect.stringMatching(/^broken: .*boom$/)] });
      scorer.dispose();
      for (const engine of [broken, [broken, broken]])
        await expect(createScorer({ models: [model], engine })).rejects.toMatchObject({
          code: "engine-unavailable",
          message: expect.stringMatching(/broken.*boom/) as unknown,
        });
      await expect(scoreAlert(makeAlert(1n), { models: [model], engine: broken })).rejects.toMatchObject({
        code: "engine-unavailable",
        message: expect.stringMatching(/broken.*boom/) as unknown,
      });
    },
  );

  it("takes for each model the first of several engines that can run it, and says which", async () => {
    const second: Engine = {
      ...followEngine(),
      name: "second",
      canRun: async ({ name }) => name === "other" || "not mine",
    };
    const third: Engine = { ...followEngine(), name: "third" };
    const other: Model = { ...model, definition: { ...model.definition, name: "other" } };
    const scorer = await createScorer({ models: [model, other], engine: [second, third] });
    const { scores } = await scorer.scoreAlert(makeAlert(1n));
    expect([scores.mm.provenance.engine, scores.other.provenance.engine]).toEqual(["third", "second"]);
    scorer.dispose();
    await expect(createScorer({ models: [model], engine: [second, second] })).rejects.toMatchObject({
      got: "second: not mine; second: not mine",
    });
  });

  it("unpacks each stamp once, whatever the number of models", async () => {
    const other = await createModel(mmCnn("second"), initializeWeights(mmCnn(), 2));
    const { gunzipSync } = await import("node:zlib");
    const gunzip = vi.fn((bytes: Uint8Array) => new Uint8Array(gunzipSync(bytes)));
    const scorer = await createScorer({ models: [model, other], engine: followEngine(), gunzip });
    await scorer.scoreAlert(makeAlert(1n));
    expect(gunzip).toHaveBeenCalledTimes(3);
  });

  it("keeps the failure of one model's engine from the other models", async () => {
    const engine = followEngine();
    engine.prepare = async ({ definition }) => ({
      backend: "none",
      predict: async (_, count) => {
        if (definition.name === "mm") throw new TypeError("out of memory");
        return new Float32Array(count).fill(0.5);
      },
      dispose: () => undefined,
    });
    const other = await createModel(mmCnn("other"), initializeWeights(mmCnn(), 2));
    const { scores } = await scoreAlert(makeAlert(1n), { models: [model, other], engine });
    expect(scores.mm).toMatchObject({
      status: "unscored",
      reasons: [{ code: "engine-failed", message: "the engine failed: out of memory" }],
    });
    expect(scores.other).toMatchObject({ status: "scored", score: 0.5 });
  });

  it.each([0, NaN, 1.5])("refuses a batch size of %d", async (batchSize) => {
    await expect(createScorer({ models: [model], engine: followEngine(), batchSize })).rejects.toThrow(RangeError);
  });
});

describe("toJsonResult", () => {
  it("keeps an id that a JSON number would round", () => {
    const json = JSON.stringify(
      toJsonResult({ objectId: "ZTF20aajcdad", candid: 1127495406315015005n, jd: 1, scores: {} }),
    );
    expect(json).toBe('{"objectId":"ZTF20aajcdad","candid":"1127495406315015005","jd":1,"scores":{}}');
  });
});

describe("VERSION", () => {
  it("is the package's", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});
