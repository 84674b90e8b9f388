import { memory } from "@tensorflow/tfjs-core";
import { createTfjsEngine } from "@btsbot/tfjs";
import { fitModel } from "@btsbot/train";
import type { FitOptions, TrainingState } from "@btsbot/train";
import { describe, expect, it } from "vitest";
import { decodeState, encodeState } from "../src/encodeState.js";
import "./support/cpuBackend.js";
import { makeData, SETTINGS, SMALL, startModel } from "./support/smallData.js";

const data = { train: makeData(120, 3), validation: makeData(50, 4) };

async function fit(options: Partial<FitOptions> = {}): ReturnType<typeof fitModel> {
  return fitModel(await startModel(), { settings: SETTINGS, ...data, ...options });
}

describe("fitModel", () => {
  it("learns: the loss falls, and alerts never seen are told apart", async () => {
    const { model, state, ended } = await fit({ settings: { ...SETTINGS, epochs: 15, beta: 0 } });
    const losses = state.history.map(({ validationLoss }) => validationLoss);
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(Math.min(...losses)).toBeLessThan(0.35);
    expect(state.history.at(-1)!.trainLoss).toBeLessThan(state.history[0].trainLoss);
    expect(ended).toBe("epochs");
    const test = await makeData(200, 9).read(Int32Array.from({ length: 200 }, (_, index) => index));
    const prepared = await createTfjsEngine().prepare(model);
    const scores = await prepared.predict(test.inputs, 200);
    prepared.dispose();
    const right = scores.filter((score, place) => score > 0.5 === (test.labels[place] === 1)).length;
    expect(right).toBeGreaterThan(170);
  });

  it("gives the weights of the best epoch, not of the last", async () => {
    const states: TrainingState[] = [];
    // What is validated says the opposite of what is learned.
    const read = async (indices: ArrayLike<number>) => {
      const examples = await data.validation.read(indices);
      return { ...examples, targets: examples.targets.map((target) => 1 - target) };
    };
    const validation = { ...data.validation, read };
    const { model, state } = await fit({ validation, onState: async (each) => void states.push(each) });
    const { bestEpoch, bestLoss } = state.schedule;
    expect(bestEpoch).toBeLessThan(state.epoch);
    expect(bestLoss).toBe(Math.min(...state.history.map(({ validationLoss }) => validationLoss)));
    expect(model.weights).toEqual(states[bestEpoch - 1].weights);
    expect(model.weights).not.toEqual(state.weights);
  });

  it("leaves frozen layers as they start, and trains the others", async () => {
    const start = await startModel();
    const { weights } = (await fit({ settings: { ...SETTINGS, frozen: ["conv", "fc"] } })).state;
    const isMoved = (name: string): boolean =>
      weights.get(name)!.values.some((value, place) => value !== start.weights.get(name)!.values[place]);
    expect(["conv/kernel", "conv/bias", "fc/kernel", "fc/bias"].filter(isMoved)).toEqual([]);
    expect(["norm/gamma", "out/kernel", "out/bias"].every(isMoved)).toBe(true);
  });

  it("gives the same again, and something else by another seed", async () => {
    const [once, again, other] = [await fit(), await fit(), await fit({ settings: { ...SETTINGS, seed: 8 } })];
    expect(again.state).toEqual(once.state);
    expect(other.state.weights).not.toEqual(once.state.weights);
  });

  it("goes on after a kill, from bytes, as if nothing had been: at an epoch's end or inside one", async () => {
    const whole = await fit();
    const saved: Uint8Array[] = [];
    const onState = async (state: TrainingState): Promise<void> => void saved.push(await encodeState(state));
    await fit({ onState, checkpointBatches: 3 });
    // 8 batches an epoch: states after 3, 6 and 8 of each.
    expect(saved.length).toBe(3 * whole.state.epoch);
    for (const place of [0, 2, 4, saved.length - 2]) {
      const resume = await decodeState(saved[place], "memory");
      const { state, model } = await fit({ resume });
      expect(state).toEqual(whole.state);
      expect(model.sha256).toBe(whole.model.sha256);
    }
  });

  it("stops when asked, and goes on as if nothing had been", async () => {
    const whole = await fit();
    for (const batch of [5, 8]) {
      const controller = new AbortController();
      const kept: TrainingState[] = [];
      const onStep: FitOptions["onStep"] = (step) => {
        if (step.epoch === 2 && step.batch === batch) controller.abort();
      };
      const { ended } = await fit({
        onStep,
        signal: controller.signal,
        onState: async (state) => void kept.push(state),
      });
      expect([ended, kept.at(-1)!.epoch, kept.at(-1)!.batch]).toEqual(["aborted", 1, batch]);
      expect((await fit({ resume: kept.at(-1)! })).state).toEqual(whole.state);
    }
  });

  it("can be given more epochs, and is not changed by what it goes on from", async () => {
    const { state: short } = await fit({ settings: { ...SETTINGS, epochs: 3 } });
    const before = await encodeState(short);
    expect((await fit({ resume: short })).state).toEqual((await fit()).state);
    expect(await encodeState(short)).toEqual(before);
  });

  it("refuses to go on from another network, or other settings", async () => {
    const { state } = await fit({ settings: { ...SETTINGS, epochs: 1 } });
    const wider = {
      ...SMALL,
      layers: SMALL.layers.map((layer) => (layer.name === "fc" ? { ...layer, units: 9 } : layer)),
    } as typeof SMALL;
    const model = await startModel(wider);
    await expect(fitModel(model, { settings: SETTINGS, ...data, resume: state })).rejects.toMatchObject({
      code: "resume-mismatch",
      path: "small",
    });
    await expect(fit({ settings: { ...SETTINGS, seed: 8 }, resume: state })).rejects.toMatchObject({
      code: "resume-mismatch",
    });
  });

  it("lowers the learning rate and ends early when nothing gets better", async () => {
    const random = {
      ...data.validation,
      read: async (indices: ArrayLike<number>) => ({
        ...(await data.validation.read(indices)),
        targets: new Float32Array(indices.length).fill(0.5),
      }),
    };
    const settings = { ...SETTINGS, epochs: 40, schedule: { ...SETTINGS.schedule, stopPatience: 4 } };
    const { state, ended } = await fit({ settings, validation: random });
    expect(ended).toBe("patience");
    expect(state.epoch - state.schedule.bestEpoch).toBe(4);
    expect(state.history.at(-1)!.learningRate).toBeLessThan(0.01);
  });

  it("releases every tensor, also when it fails", async () => {
    const before = memory().numTensors;
    await fit({ settings: { ...SETTINGS, epochs: 2 } });
    const broken = { length: 10, read: () => Promise.reject(new Error("no disk")) };
    await expect(fit({ train: broken })).rejects.toThrow("no disk");
    await expect(fit({ onState: () => Promise.reject(new Error("no room")) })).rejects.toThrow("no room");
    expect(memory().numTensors).toBe(before);
  });

  it("says when there is nothing to learn from, and when the loss is lost", async () => {
    await expect(fit({ validation: { ...data.validation, length: 0 } })).rejects.toMatchObject({
      code: "training-set-empty",
      path: "validation",
    });
    const settings = { ...SETTINGS, adam: { ...SETTINGS.adam, learningRate: 1e38 } };
    await expect(fit({ settings })).rejects.toMatchObject({ code: "training-diverged" });
  });
});
