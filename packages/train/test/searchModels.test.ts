import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseSearchConfig, parseTrainConfig, searchModels, trainModel } from "@btsbot/train";
import type { SearchOptions, SearchReport } from "@btsbot/train";
import { beforeEach, describe, expect, it } from "vitest";
import "./support/cpuBackend.js";
import { temporaryFolder, writePublished } from "./support/writeSet.js";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  await writePublished(folder, 40);
});

const BASE = {
  name: "found",
  model: { architecture: "featuresNn" },
  data: [{ candidates: "candidates.csv" }],
  batchSize: 16,
  epochs: 6,
};
const SPACE = {
  "adam.learningRate": { min: 1e-6, max: 0.03, scale: "log" },
  width: { values: [2, 6], paths: ["model.layers.fc1.units", "model.layers.fc2.units"] },
};

function search(settings: object, options: Partial<SearchOptions> = {}, base = BASE): Promise<SearchReport> {
  const config = parseSearchConfig({ ...base, search: { space: SPACE, ...settings } }, folder);
  return searchModels(config, { out: join(folder, "out"), ...options });
}

describe("searchModels", () => {
  it("at random, trains every trial to its end and finds the least loss", async () => {
    const seen: string[] = [];
    const report = await search(
      { method: "random", trials: 3 },
      { onTrial: ({ trial }, done, all) => seen.push(`${trial} ${done}/${all}`) },
    );
    expect(seen).toEqual(["0 1/3", "1 2/3", "2 3/3"]);
    const losses = report.trials.map(({ rounds }) => rounds[0].validationLoss!);
    expect(report.trials.every(({ rounds }) => rounds.length === 1 && rounds[0].epochs === 6)).toBe(true);
    expect(report.best!.rounds[0].validationLoss).toBe(Math.min(...losses));
    expect(JSON.parse(await readFile(join(folder, "out", "search.json"), "utf8"))).toEqual(report);
  });

  it("writes a configuration that trains to the loss that was found", async () => {
    const { best } = await search({ method: "random", trials: 2 });
    const config = parseTrainConfig(JSON.parse(await readFile(join(folder, "out", "best.json"), "utf8")), "/elsewhere");
    expect(config.fit.adam.learningRate).toBe(best!.parameters["adam.learningRate"]);
    const { metrics } = await trainModel(config, { out: join(folder, "train") });
    expect(metrics.validation.loss).toBe(best!.rounds[0].validationLoss);
  });

  it("goes by accuracy where the entropy's weight is searched, since more of it is less loss", async () => {
    const space = { entropyWeight: { values: [0, 20] }, "adam.learningRate": { values: [1e-6, 0.03] } };
    const { trials, best } = await search({ method: "random", trials: 8, space });
    const accuracies = trials.map(({ rounds }) => rounds[0].validationAccuracy!);
    const losses = trials.map(({ rounds }) => rounds[0].validationLoss!);
    expect(best!.rounds[0].validationAccuracy).toBe(Math.max(...accuracies));
    // Here the two rules differ.
    expect(accuracies[losses.indexOf(Math.min(...losses))]).toBeLessThan(Math.max(...accuracies));
  });

  it("by halving, gives the better third three times the epochs, from where they were", async () => {
    const epochs: number[] = [];
    const report = await search({ trials: 9, minEpochs: 1, eta: 3 }, { onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(report.trials.map(({ rounds }) => rounds.length).sort()).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 3]);
    expect(report.best!.rounds.map((round) => round.epochs)).toEqual([1, 3, 6]);
    const first = report.trials
      .map(({ trial, rounds }) => [rounds[0].validationLoss!, trial])
      .sort(([a], [b]) => a - b);
    const promoted = report.trials.filter(({ rounds }) => rounds.length > 1).map(({ trial }) => trial);
    expect(promoted).toEqual(
      first
        .slice(0, 3)
        .map(([, trial]) => trial)
        .sort((a, b) => a - b),
    );
    // Nine of 1 epoch, three that go on for 2 more, one for 3 more.
    expect(epochs.length).toBe(9 + 3 * 2 + 3);
    const config = parseTrainConfig(JSON.parse(await readFile(join(folder, "out", "best.json"), "utf8")), "/");
    expect((await trainModel(config, { out: join(folder, "train") })).metrics.validation.loss).toBe(
      report.best!.rounds[2].validationLoss,
    );
  });

  it("goes on after a kill, to the same result", async () => {
    const settings = { trials: 4, minEpochs: 2, eta: 2 };
    const whole = await search(settings, { out: join(folder, "whole") });
    const controller = new AbortController();
    let epochs = 0;
    const stopped = await search(settings, {
      signal: controller.signal,
      onEpoch: () => ++epochs === 5 && controller.abort(),
    });
    expect([stopped.done, stopped.trials.length]).toEqual([false, 2]);
    let more = 0;
    expect(await search(settings, { onEpoch: () => (more += 1) })).toEqual(whole);
    // 4 of 2 epochs, 2 of 2 more, 1 of 2 more: the epochs that were done are not done again.
    expect(epochs + more).toBe(4 * 2 + 2 * 2 + 2);
    expect(await search(settings, { onEpoch: () => expect.unreachable() })).toEqual(whole);
  });

  it("counts a trial that diverges as the worst, and says if all do", async () => {
    const learningRate = { values: [1e38, 0.01] };
    const report = await search({ method: "random", trials: 6, space: { "adam.learningRate": learningRate } });
    const diverged = report.trials.filter(({ rounds }) => rounds[0].validationLoss === null);
    expect(diverged.length).toBeGreaterThan(0);
    expect(diverged.every(({ parameters }) => parameters["adam.learningRate"] === 1e38)).toBe(true);
    expect(report.best!.parameters["adam.learningRate"]).toBe(0.01);
    await rm(join(folder, "out"), { recursive: true });
    await expect(search({ trials: 2, space: { "adam.learningRate": { values: [1e38] } } })).rejects.toMatchObject({
      code: "training-diverged",
    });
  });

  it("refuses a folder with another search, and takes more trials of the same", async () => {
    const { trials } = await search({ method: "random", trials: 1 });
    expect((await search({ method: "random", trials: 2 })).trials[0]).toEqual(trials[0]);
    await expect(search({ method: "random", trials: 1, seed: 2 })).rejects.toMatchObject({ code: "resume-mismatch" });
  });
});
