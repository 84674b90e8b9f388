import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { beforeEach, describe, expect, it } from "vitest";
import { makePacket, nameOf } from "../../train/test/support/writeSet.js";
import { createTrainProgress, formatSeconds } from "../src/training/trainProgress.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, "night"));
  const rows = ["objectId,label,class"];
  for (let source = 0; source < 30; source++) {
    writeFileSync(
      join(folder, "night", `${source}.avro`),
      encodeAlerts([makePacket(source, 0), makePacket(source, 1)]),
    );
    rows.push(`${nameOf(source)},${source % 3 === 0 ? "1,SN Ia" : "0,AGN"}`);
  }
  writeFileSync(join(folder, "night", "truth.csv"), `${rows.join("\n")}\n`);
});

function configure(json: object = {}): string {
  const path = join(folder, "train.json");
  const data = [{ packets: "night", truth: "night/truth.csv" }];
  writeFileSync(
    path,
    JSON.stringify({ name: "mine", model: { architecture: "featuresNn" }, data, epochs: 2, batchSize: 16, ...json }),
  );
  return path;
}

const OWN = { name: "own", features: ["magpsf", { name: "age", rule: { "-": ["jd", "jdstarthist"] } }] };
const PROGRAM = `const value = ({ alert: { candidate } }) => candidate.magpsf;
export const profile = { name: "program", source: "", features: [{ name: "m", unit: "", meaning: "", path: "", value }] };`;
/** Files of profiles, and what a model's input says of each. */
const OWN_PROFILES = [
  ["profile.json", JSON.stringify(OWN), { profile: OWN, length: 2 }],
  ["profile.mjs", PROGRAM, { profile: "program", length: 1 }],
] as const;

describe("btsbot train", () => {
  it("trains by a file, tells each epoch, and gives a model that btsbot score takes", async () => {
    const out = join(folder, "out");
    const { status, lines, stderr } = await run(["train", configure(), "--out", out]);
    expect([status, lines().length]).toEqual([0, 1]);
    expect(lines()[0]).toMatchObject({
      name: "mine",
      version: "1",
      folder: join(out, "models", "mine"),
      epochs: 2,
      ended: "epochs",
      validation: { alerts: expect.any(Number) },
    });
    expect(stderr).toMatch(
      /^60 alerts of 30 sources; cut: none\n\d+ to train, \d+ to validate, \d+ to test\nepoch 1 of 2 {2}loss .*left\nepoch 2 of 2 .*\n$/,
    );
    const page = readFileSync(join(out, "report.html"), "utf8");
    expect(page).toContain("Training of mine 1");
    expect(page).toContain("Training curves over 2 epochs");
    expect(page).not.toMatch(/<script|src="http/);
    const scored = await run(["score", join(folder, "night", "3.avro"), "--model", "mine"], {
      cache: join(out, "models"),
    });
    expect(scored.lines()[0]).toMatchObject({
      scores: { mine: { status: "scored", provenance: { weightsSha256: lines()[0].sha256 } } },
    });
    // Run again, there is nothing left to do.
    const again = await run(["train", configure(), "--out", out]);
    expect(again.stderr).not.toContain("epoch");
    expect(again.lines()).toEqual(lines());
  });

  it("trains on the features of a profile of one's own, from a file", async () => {
    for (const [file, content, expected] of OWN_PROFILES) {
      writeFileSync(join(folder, file), content);
      const out = join(folder, `${file}-out`);
      const { status, stderr } = await run(["train", configure(), "--out", out, "--profile", join(folder, file)]);
      expect(status, stderr).toBe(0);
      const written = JSON.parse(readFileSync(join(out, "models", "mine", "model.json"), "utf8")) as {
        userDefinedMetadata: { btsbot: { inputs: unknown[] } };
      };
      expect(written.userDefinedMetadata.btsbot.inputs[0]).toMatchObject(expected);
    }
    expect(await run(["train", configure(), "--out", "x", "--profile", join(folder, "none.json")])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("none.json"),
    });
  });

  it("tells people in words on a terminal, with where the model is", async () => {
    const { stdout } = await run(["train", configure({ epochs: 1 }), "--out", join(folder, "out")], { isTTY: true });
    expect(stdout).toMatch(/mine 1: \d+ parameters, the best of 1 epoch is number 1\nvalidation: \d+ alerts, loss/);
    expect(stdout).toContain(`BTSBOT_CACHE=${join(folder, "out", "models")} btsbot score --model mine`);
  });

  it("says what is wrong with a configuration, its data or its file", async () => {
    const out = join(folder, "out");
    expect(await run(["train", configure({ batchsize: 8, epochs: 0 }), "--out", out])).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/^btsbot: epochs: .*batchsize: .*there is no such key: is it "batchSize"\?/),
    });
    expect(await run(["train", configure({ data: [{ candidates: "none.csv" }] }), "--out", out])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("none.csv"),
    });
    expect(await run(["train", join(folder, "none.json"), "--out", out])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no such file"),
    });
    writeFileSync(join(folder, "bad.json"), "{");
    expect(await run(["train", join(folder, "bad.json"), "--out", out])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("not JSON"),
    });
    expect(await run(["train", configure()])).toMatchObject({ status: 2, stderr: expect.stringContaining("--out") });
    expect(existsSync(join(out, "report.json"))).toBe(false);
  });

  it("leaves a checkpoint of another network alone", async () => {
    const out = join(folder, "out");
    await run(["train", configure(), "--out", out]);
    const before = readFileSync(join(out, "checkpoint.bin"));
    const other = configure({ model: { architecture: "featuresNn", layers: { fc1: { units: 3 } } } });
    expect(await run(["train", other, "--out", out])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("a different network"),
    });
    expect(readFileSync(join(out, "checkpoint.bin"))).toEqual(before);
  });
});

describe("btsbot search", () => {
  it("searches by a file, and gives a configuration that btsbot train takes", async () => {
    const search = { space: { "adam.learningRate": { values: [1e-3, 1e-2] } }, trials: 2, minEpochs: 1, eta: 2 };
    const out = join(folder, "search");
    const { status, lines, stderr } = await run(["search", configure({ search }), "--out", out]);
    expect(status).toBe(0);
    expect(lines()[0]).toMatchObject({
      trial: expect.any(Number),
      config: join(out, "best.json"),
      report: join(out, "search.json"),
    });
    expect(
      stderr
        .trim()
        .split("\n")
        .map((line) => line.slice(0, 16)),
    ).toEqual(["1 of 3: trial 0,", "2 of 3: trial 1,", expect.stringMatching(/^3 of 3: trial \d,/)]);
    expect(readFileSync(join(out, "search.html"), "utf8")).toContain("2 trials, by successive halving");
    expect((await run(["train", join(out, "best.json"), "--out", join(folder, "out")])).status).toBe(0);
    const { stdout } = await run(["search", configure({ search }), "--out", out], { isTTY: true });
    expect(stdout).toMatch(/^the best of 2 trials .*\n {2}adam.learningRate {2}0\.0/);
  });

  it("searches for a network that reads a profile of one's own, from a file, and names or states it in best.json", async () => {
    const search = { space: { "adam.learningRate": { values: [1e-3] } }, trials: 1, minEpochs: 1 };
    for (const [file, content, expected] of OWN_PROFILES) {
      const profile = join(folder, file);
      writeFileSync(profile, content);
      const out = join(folder, `${file}-search`);
      const config = configure({ search, epochs: 1 });
      const { status, stderr } = await run(["search", config, "--out", out, "--profile", profile]);
      expect(status, stderr).toBe(0);
      const best = JSON.parse(readFileSync(join(out, "best.json"), "utf8")) as { model: unknown };
      expect(best.model).toEqual({ architecture: "featuresNn", profile: expected.profile });
      const train = ["train", join(out, "best.json"), "--out", join(out, "best")];
      const again = await run([...train, ...(file.endsWith(".mjs") ? ["--profile", profile] : [])]);
      expect(again.status, again.stderr).toBe(0);
    }
    expect(
      await run(["search", configure({ search }), "--out", "x", "--profile", join(folder, "none.json")]),
    ).toMatchObject({ status: 2, stderr: expect.stringContaining("none.json") });
  });

  it("refuses a space that sets what there is not", async () => {
    const search = { space: { "adam.momentum": { min: 0, max: 1 } } };
    expect(await run(["search", configure({ search }), "--out", join(folder, "s")])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("adam.momentum"),
    });
  });
});

describe("the progress of a training", () => {
  it("tells what is left of an epoch and of all, not counting what came before", () => {
    let [text, time] = ["", 0];
    const progress = createTrainProgress(
      { stderr: { write: (part: string) => (text += part), isTTY: true }, now: () => time },
      10,
    );
    const record = {
      epoch: 3,
      learningRate: 1e-4,
      trainLoss: 0.5,
      trainAccuracy: 0.75,
      validationLoss: 0.25,
      validationAccuracy: 0.9,
    };
    time = 5000;
    progress.onStep({ epoch: 3, batch: 51, batches: 100 });
    time = 15_000;
    progress.onStep({ epoch: 3, batch: 61, batches: 100 });
    expect(text).toContain("epoch 3 of 10, batch 61 of 100, 39 s left of it");
    time = 55_000;
    progress.onEpoch(record);
    expect(text).toContain(
      "epoch 3 of 10  loss 0.5000, validation 0.2500  right 75.0 %, validation 90.0 %  rate 0.00010  50 s, at most 6 min left\n",
    );
    time = 65_000;
    progress.onStep({ epoch: 4, batch: 10, batches: 100 });
    expect(text).toContain("batch 10 of 100, 90 s left of it, at most 7 min in all");
  });

  it.each([
    [3.21, "3.2 s"],
    [42.4, "42 s"],
    [150, "3 min"],
    [7500, "2 h 5 min"],
  ])("writes %d seconds as %s", (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
