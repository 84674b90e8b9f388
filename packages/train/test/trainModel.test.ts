import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import type * as FileSystem from "node:fs/promises";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { readLayersModel } from "@btsbot/model";
import { openCache } from "@btsbot/weights";
import { createScorer } from "@btsbot/core";
import { openTrainingSet, parseTrainConfig, readCheckpoint, trainModel } from "@btsbot/train";
import type { TrainOptions, TrainReport } from "@btsbot/train";
import { featuresNn, mmCnn } from "@btsbot/model";
import { beforeEach, describe, expect, it, vi } from "vitest";
import "./support/cpuBackend.js";
import { readAsScored } from "./support/readAsScored.js";
import { isBright, makePacket, nameOf, temporaryFolder, writePackets, writePublished } from "./support/writeSet.js";

/** Flushes of written files that fail, counted down from the first; how the disk answers then. */
const failure = vi.hoisted((): { from: number; until: number } => ({ from: -1, until: -1 }));
let flushes = 0;

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof FileSystem>();
  const openFailing: typeof real.open = async (...args) => {
    const file = await real.open(...args);
    // A folder is opened to be read, and flushed for the name of what was placed in it.
    if (args[1] === "r") return file;
    const { sync } = file;
    file.sync = async () => {
      flushes += 1;
      if (flushes >= failure.from && flushes <= failure.until)
        throw Object.assign(new Error("full"), { code: "ENOSPC" });
      return sync.call(file);
    };
    return file;
  };
  return { ...real, open: openFailing };
});

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  flushes = 0;
  Object.assign(failure, { from: -1, until: -1 });
});

const QUICK = {
  name: "quick",
  model: {
    architecture: "featuresNn",
    layers: {
      fc1: { units: 8 },
      fc2: { units: 8 },
      fc3: { units: 8 },
      dropout1: { rate: 0.1 },
      dropout2: { rate: 0.1 },
    },
  },
  adam: { learningRate: 0.02, beta1: 0.9 },
  batchSize: 16,
  epochs: 4,
};

async function train(json: object, options: Partial<TrainOptions> = {}): Promise<TrainReport> {
  return trainModel(parseTrainConfig({ ...QUICK, ...json }, folder), { out: join(folder, "out"), ...options });
}

/** What must be the same however often training was interrupted. */
function lasting({ seconds: _, alertStepsPerSecond: __, ...report }: TrainReport): object {
  return report;
}

describe("trainModel, on a published set", () => {
  it("trains, measures, and writes a model, a report and a checkpoint", async () => {
    await writePublished(folder);
    const data = [{ candidates: "candidates.csv", triplets: "triplets.npy" }];
    const seen: string[] = [];
    const report = await train(
      { data, epochs: 12 },
      {
        onEpoch: ({ epoch }) => seen.push(`epoch ${epoch}`),
        onData: ({ given }) => seen.push(`${given.alerts} alerts`),
      },
    );
    expect(seen.slice(0, 2)).toEqual(["180 alerts", "epoch 1"]);
    expect(report.metrics.validation.accuracy).toBeGreaterThan(0.8);
    expect(report.metrics.test!.auc).toBeGreaterThan(0.8);
    expect(report.data.given).toEqual({ alerts: 180, sources: 60 });
    const parts = report.data.counts;
    expect(parts.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(180);
    expect(report.metrics.test!.alerts).toBe(
      parts.filter(({ part }) => part === "test").reduce((sum, { alerts }) => sum + alerts, 0),
    );
    const [no, yes] = ["label 0", "label 1"].map(
      (name) => parts.find((each) => each.part === "train" && each.class === name)!.alerts,
    );
    expect(report.classWeights).toEqual([(no + yes) / 2 / no, (no + yes) / 2 / yes]);
    expect((await readdir(join(folder, "out"))).sort()).toEqual(["checkpoint.bin", "models", "report.json"]);
    expect(JSON.parse(await readFile(join(folder, "out", "report.json"), "utf8"))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    const model = await readLayersModel((file) => readFile(join(folder, "out", "models", "quick", file)));
    expect([model.sha256, model.definition.name]).toEqual([report.model.sha256, "quick"]);
  });

  it("goes on where a killed training left off, to the same model", async () => {
    await writePublished(folder);
    const data = [{ candidates: "candidates.csv" }];
    const whole = await train({ data });
    const controller = new AbortController();
    const out = join(folder, "killed");
    const kill: Partial<TrainOptions> = {
      out,
      signal: controller.signal,
      onStep: ({ epoch, batch }) => epoch === 2 && batch === 3 && controller.abort(),
    };
    expect((await train({ data }, kill)).ended).toBe("aborted");
    expect(await readCheckpoint(join(out, "checkpoint.bin"))).toMatchObject({ epoch: 1, batch: 3 });
    expect(lasting(await train({ data }, { out }))).toEqual(lasting(whole));
    // With nothing left to do, it says the same again.
    expect(lasting(await train({ data }, { out }))).toEqual(lasting(whole));
  });

  it("loses nothing to a disk that fills up: it goes on, and the checkpoint before stays", async () => {
    await writePublished(folder);
    const data = [{ candidates: "candidates.csv" }];
    const whole = await train({ data });
    const out = join(folder, "full");
    const warnings: string[] = [];
    Object.assign(failure, { from: flushes + 2, until: flushes + 3 });
    const onEpoch: TrainOptions["onEpoch"] = ({ epoch }) => {
      if (epoch === 4) warnings.push("before the last epoch");
    };
    const kept: (number | undefined)[] = [];
    const onWarning: TrainOptions["onWarning"] = async ({ code, path }) => {
      warnings.push(`${code} ${path!.replace(out, "")}`);
    };
    const onStep: TrainOptions["onStep"] = ({ epoch, batch }) => {
      if (epoch === 4 && batch === 1)
        void readCheckpoint(join(out, "checkpoint.bin")).then((state) => kept.push(state?.epoch));
    };
    const report = await train({ data }, { out, onEpoch, onWarning, onStep });
    expect(warnings).toEqual(["disk-full /checkpoint.bin", "disk-full /checkpoint.bin", "before the last epoch"]);
    expect(kept).toEqual([1]);
    expect(lasting(report)).toEqual(lasting(whole));
    expect((await readCheckpoint(join(out, "checkpoint.bin")))!.epoch).toBe(4);
    expect((await readdir(out)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    // A model that cannot be written is an error, and is not trained again once there is room.
    await rm(join(out, "models"), { recursive: true });
    Object.assign(failure, { from: flushes + 1, until: flushes + 1 });
    await expect(train({ data }, { out })).rejects.toMatchObject({
      code: "disk-full",
      got: "no room left on the disk",
    });
    expect(lasting(await train({ data }, { out, onStep: () => expect.unreachable() }))).toEqual(lasting(whole));
  });

  it("refuses a checkpoint of another architecture, or one that is damaged, and leaves it there", async () => {
    await writePublished(folder);
    const data = [{ candidates: "candidates.csv" }];
    await train({ data, epochs: 1 });
    const other = { ...QUICK.model, layers: { ...QUICK.model.layers, fc1: { units: 9 } } };
    await expect(train({ data, model: other })).rejects.toMatchObject({ code: "resume-mismatch" });
    await expect(train({ data, seed: 2 })).rejects.toMatchObject({ code: "resume-mismatch" });
    for (const changed of [
      { thinning: { max: 1 } },
      { exclude: [nameOf(4)] },
      { classWeights: "none" },
      { splitSeed: 1 },
    ]) {
      await expect(train({ data, ...changed })).rejects.toMatchObject({ code: "resume-mismatch" });
    }
    const path = join(folder, "out", "checkpoint.bin");
    const bytes = await readFile(path);
    const flipped = Uint8Array.from(bytes);
    flipped[bytes.length - 9] ^= 1;
    for (const damaged of [
      bytes.subarray(0, 5),
      bytes.subarray(0, 300),
      bytes.subarray(0, bytes.length - 4),
      flipped,
      Buffer.from("BTSBOTTR\xff\xff\xff\xff", "latin1"),
    ]) {
      await writeFile(path, damaged);
      await expect(train({ data })).rejects.toMatchObject({ code: "resume-invalid", path });
      expect((await stat(path)).size).toBe(damaged.length);
    }
  });

  it("learns from a teacher, and not from the truth, if the teacher is all that counts", async () => {
    await writePublished(folder);
    // A teacher that is wrong about everything.
    const lines = Array.from(
      { length: 180 },
      (_, row) => `${10_000 + row},${isBright(Math.floor(row / 3)) ? 0.1 : 0.9}`,
    );
    await writeFile(join(folder, "teacher.csv"), ["candid,score", ...lines.slice(6)].join("\n"));
    const data = [{ candidates: "candidates.csv" }];
    const taught = await train({ data, epochs: 12, teacher: { scores: ["teacher.csv"], weight: 1 } });
    expect(taught.metrics.validation.accuracy).toBeLessThan(0.3);
    // The least cross-entropy with 0.1 or 0.9 is their entropy.
    expect(taught.metrics.validation.loss).toBeGreaterThan(0.32);
    expect(taught.taught).toBeGreaterThan(100);
    const half = await train(
      { data, epochs: 2, teacher: { scores: ["teacher.csv"], weight: 0.1 } },
      { out: join(folder, "half") },
    );
    expect(half.metrics.validation.loss).not.toBe(taught.metrics.validation.loss);
  });

  it("says what does not fit: no triplets, other rows, nothing left, one class", async () => {
    const { triplets } = await writePublished(folder);
    const model = { architecture: "mmCnn", size: 8 };
    await expect(train({ model, data: [{ candidates: "candidates.csv" }] })).rejects.toMatchObject({
      code: "config-invalid",
      expected: "triplets",
    });
    await expect(
      train({
        data: [{ candidates: "candidates.csv" }],
        exclude: Array.from({ length: 60 }, (_, source) => nameOf(source)),
      }),
    ).rejects.toMatchObject({ code: "training-set-empty", got: "excluded-source 180" });
    const bright = Array.from({ length: 60 }, (_, source) => source)
      .filter(isBright)
      .map(nameOf);
    await expect(train({ data: [{ candidates: "candidates.csv" }], exclude: bright })).rejects.toMatchObject({
      code: "training-set-empty",
      got: "label 0",
    });
    const table = (await readFile(join(folder, "candidates.csv"), "utf8")).split("\n");
    await writeFile(join(folder, "short.csv"), table.slice(0, -2).join("\n"));
    await expect(train({ model, data: [{ candidates: "short.csv", triplets: "triplets.npy" }] })).rejects.toMatchObject(
      { code: "npy-invalid", got: "180 rows" },
    );
    await truncate(triplets, 1000);
    await expect(
      train({ model, data: [{ candidates: "candidates.csv", triplets: "triplets.npy" }] }),
    ).rejects.toMatchObject({ code: "npy-invalid" });
  });
});

describe("trainModel, on packets", () => {
  it("trains on images and features, and the model scores packets by its folder", async () => {
    await writePackets(folder);
    const model = {
      architecture: "mmCnn",
      size: 8,
      layers: {
        conv1: { filters: 2 },
        conv2: { filters: 2 },
        conv3: { filters: 2 },
        conv4: { filters: 2 },
        meta_fc1: { units: 8 },
        meta_fc2: { units: 8 },
      },
    };
    const report = await train({
      name: "btsbot-tiny",
      model,
      epochs: 3,
      data: [{ packets: "packets", truth: "truth.csv" }],
    });
    expect(
      report.data.counts.find(({ part, class: name }) => part === "train" && name === "AGN")!.alerts,
    ).toBeGreaterThan(30);
    const scorer = await createScorer({
      models: ["btsbot-tiny"],
      store: openCache({ cache: join(folder, "out", "models") }),
    });
    const { scores } = await scorer.scoreAlert(makePacket(1, 0));
    scorer.dispose();
    expect(scores["btsbot-tiny"]).toMatchObject({
      status: "scored",
      provenance: { weightsSha256: report.model.sha256 },
    });
  });

  it("reads from its cache what a scorer reads from the packets", async () => {
    const source = await writePackets(folder, 5);
    const definition = mmCnn("mine", "1", 21);
    const open = (cache: string) =>
      openTrainingSet([source], { definition, cache: join(folder, cache), memoryBytes: 0 });
    const set = await open("cache");
    const inputs = await set.readInputs([3, 0]);
    await set.close();
    const given = await readAsScored(definition, [
      [1, 1],
      [0, 0],
    ]);
    expect(inputs).toEqual(given);
  });

  it("decodes packets once, and again when they change", async () => {
    const source = await writePackets(folder, 3);
    const definition = featuresNn();
    const decoded: number[] = [];
    const open = async (): Promise<void> => {
      const set = await openTrainingSet([source], {
        definition,
        cache: join(folder, "cache"),
        onProgress: (done) => decoded.push(done),
      });
      await set.close();
    };
    await open();
    await open();
    expect(decoded).toEqual([0, 1, 2]);
    await utimes(join(source.packets, "000.avro"), 1, 1);
    await open();
    expect(decoded).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it("cuts alerts without usable stamps or features, and counts them", async () => {
    const { packets } = await writePackets(folder);
    const { cutoutTemplate: _, ...without } = makePacket(41, 0);
    const noScore = makePacket(42, 0, { drb: null });
    await writeFile(
      join(packets, "x.avro"),
      encodeAlerts([without, noScore, makePacket(42, 1, { isdiffpos: "f" }), makePacket(42, 2, { fid: 3 })]),
    );
    const truth = await readFile(join(folder, "truth.csv"), "utf8");
    await writeFile(join(folder, "truth.csv"), `${truth}${nameOf(41)},0,AGN\n${nameOf(42)},1,SN II\n`);
    const model = {
      architecture: "mmCnn",
      size: 3,
      layers: { conv1: { filters: 1 }, conv2: { filters: 1 }, conv3: { filters: 1 }, conv4: { filters: 1 } },
    };
    const report = await train({ model, epochs: 1, data: [{ packets: "packets", truth: "truth.csv" }] });
    expect(
      Object.fromEntries(report.data.cuts.flatMap(({ cut, alerts }) => (alerts > 0 ? [[cut, alerts]] : []))),
    ).toEqual({
      "corrupt-stamp": 1,
      "i-band": 1,
      "negative-difference": 1,
      "feature-missing": 1,
    });
  });

  it("refuses a truth table that names unknown sources, or leaves some out", async () => {
    await writePackets(folder, 6);
    const data = [{ packets: "packets", truth: "truth.csv" }];
    const truth = await readFile(join(folder, "truth.csv"), "utf8");
    await writeFile(join(folder, "truth.csv"), `${truth}ZTF99unknown,0,AGN\n`);
    await expect(train({ data })).rejects.toMatchObject({
      code: "source-unknown",
      got: "ZTF99unknown",
      path: join(folder, "truth.csv"),
    });
    await writeFile(join(folder, "truth.csv"), truth.split("\n").slice(0, -2).join("\n"));
    await expect(train({ data })).rejects.toMatchObject({ code: "source-unknown", got: nameOf(5) });
  });

  it("names the packet that cannot be read, and leaves no half of a cache", async () => {
    const { packets } = await writePackets(folder, 2);
    await writeFile(join(packets, "001.avro"), "no packet");
    const data = [{ packets: "packets", truth: "truth.csv" }];
    await expect(train({ data })).rejects.toMatchObject({
      code: "input-unrecognized",
      path: join(packets, "001.avro"),
    });
    const [made] = await readdir(join(folder, "out", "cache"));
    expect(await readdir(join(folder, "out", "cache", made))).toEqual([]);
    await mkdir(join(folder, "empty"));
    await expect(train({ data: [{ packets: "empty", truth: "truth.csv" }] })).rejects.toMatchObject({
      code: "file-unreadable",
    });
  });

  it("trains a network of classes, with the names of the truth table brought to its own", async () => {
    await writePackets(folder, 30);
    const layers = {
      conv_1_1: { filters: 2 },
      conv_2_2: { filters: 2 },
      conv_3_4: { filters: 2 },
      conv_4_5: { filters: 2 },
      conv_5_6: { filters: 2 },
      dense_1_10: { units: 4 },
    };
    const json = {
      name: "stamp",
      model: { architecture: "alerceStampClassifier", layers },
      data: [{ packets: "packets", truth: "truth.csv" }],
      entropyWeight: 0.5,
      epochs: 2,
    };
    // Packets of tests have no third neighbour: its features cannot be read.
    await expect(train(json)).rejects.toMatchObject({
      code: "label-invalid",
      got: "SN Ia",
      expected: "AGN, SN, VS, asteroid, bogus",
    });
    const more = { sgscore3: 0.5, distpsnr3: 20, classtar: 0.9, rb: 0.8, distnr: 1, magnr: 19 };
    const packets = join(folder, "more");
    await mkdir(packets);
    const alerts = Array.from({ length: 30 }, (_, source) => [
      makePacket(source, 0, more),
      makePacket(source, 1, more),
    ]).flat();
    await writeFile(join(packets, "all.avro"), encodeAlerts(alerts));
    const report = await train({
      ...json,
      data: [{ packets: "more", truth: "truth.csv" }],
      classes: { "SN Ia": "SN" },
    });
    expect(report.classWeights.map((weight) => weight > 0)).toEqual([true, true, false, false, false]);
    const model = await readLayersModel((file) => readFile(join(folder, "out", "models", "stamp", file)));
    const place = model.definition.inputs[1].kind === "features" ? 8 : -1;
    // The eighth feature, magpsf, is standardized by its mean, which lies between the bright and the dim.
    expect(model.weights.get("standardize_features/mean")!.values[place]).toBeGreaterThan(17);
    expect(model.weights.get("standardize_features/deviation")!.values[place]).toBeLessThan(1.5);
  });
});
