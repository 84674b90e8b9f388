import { createRandom } from "@btsbot/chance";
import { BtsbotError } from "@btsbot/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mutateBytes, mutateJson } from "../../../test/support/mutate.js";
import { decodeState, encodeState } from "../src/encodeState.js";
import type { TrainingState } from "../src/fitTypes.js";
import { readSearchReport } from "../src/readSearchReport.js";

const weight = (shape: number[], value: number) => ({
  shape,
  values: new Float32Array(shape.reduce((product, axis) => product * axis, 1)).fill(value),
});

const STATE: TrainingState = {
  key: "key",
  epoch: 2,
  batch: 1,
  step: 17,
  schedule: { learningRate: 1e-4, bestLoss: null, bestEpoch: 0, plateau: 0, stopped: false },
  history: [],
  sums: [0.1, 3],
  weights: new Map([
    ["conv/kernel", weight([3, 3, 1, 2], 0.5)],
    ["conv/bias", weight([2], 0)],
  ]),
  best: new Map([["conv/kernel", weight([3, 3, 1, 2], 0.25)]]),
  first: new Map([["conv/bias", Float32Array.of(1, 2)]]),
  second: new Map([["conv/bias", Float32Array.of(3, 4)]]),
};

describe("a checkpoint of a training", () => {
  it("gives what was written, whatever the numbers are", async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const property = fc.asyncProperty(
      fc.string(),
      fc.nat(),
      fc.tuple(number, number),
      fc.array(fc.float({ noNaN: true }), { maxLength: 20 }),
      async (key, step, sums, values) => {
        const array = Float32Array.from(values);
        const state: TrainingState = {
          ...STATE,
          key,
          step,
          sums,
          weights: new Map([[`${key}/kernel`, { shape: [array.length], values: array }]]),
        };
        const read = await decodeState(await encodeState(state), "memory");
        // JSON has no -0.
        expect(read).toEqual({ ...state, sums: sums.map((sum) => sum + 0) });
      },
    );
    await fc.assert(property, { numRuns: 100, seed: 1 });
  });

  it("is refused with any byte changed, in its header too, and says what to do", async () => {
    const bytes = await encodeState(STATE);
    expect(await decodeState(bytes, "checkpoint.bin")).toEqual(STATE);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= 1;
      await expect(decodeState(damaged, "checkpoint.bin"), `byte ${at}`).rejects.toMatchObject({
        code: "resume-invalid",
        path: "checkpoint.bin",
      });
    }
    const random = createRandom(15);
    for (let round = 0; round < 2000; round++) {
      const damaged = mutateBytes(bytes, random);
      if (Buffer.compare(damaged, bytes) === 0) continue;
      await expect(decodeState(damaged, "checkpoint.bin")).rejects.toMatchObject({ code: "resume-invalid" });
    }
  });

  it("of the layout before this one is refused by name", async () => {
    const header = new TextEncoder().encode('{"format":1,"arrays":[],"sha256":""}');
    const old = new Uint8Array(12 + header.length + 100);
    old.set(new TextEncoder().encode("BTSBOTTR"));
    old[8] = header.length;
    old.set(header, 12);
    await expect(decodeState(old, "checkpoint.bin")).rejects.toThrow(/another version of this library wrote it/);
  });
});

describe("a search.json", () => {
  const trial = {
    trial: 0,
    parameters: { "fit.batchSize": 32, "model.kind": "mm-cnn" },
    rounds: [{ epochs: 2, validationLoss: 0.5, bestEpoch: 1, validationAccuracy: 0.75 }],
  };
  const report = {
    key: "k",
    method: "halving",
    trials: [trial, { ...trial, trial: 1, rounds: [] }],
    best: trial,
    done: false,
  };

  it("is read as it was written, whatever the names and numbers are", () => {
    const name = fc.string({ unit: "binary" }).filter((key) => key !== "__proto__");
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const round = fc.record({
      epochs: fc.nat(),
      validationLoss: fc.option(number),
      bestEpoch: fc.nat(),
      validationAccuracy: fc.option(number),
    });
    const own = fc.record({
      trial: fc.nat(),
      parameters: fc.dictionary(name, fc.oneof(number, name, fc.boolean()), { noNullPrototype: true }),
      rounds: fc.array(round, { maxLength: 3 }),
    });
    const property = fc.property(
      fc.record({
        key: name,
        method: fc.constantFrom("random", "halving"),
        trials: fc.array(own, { maxLength: 3 }),
        best: fc.option(own),
        done: fc.boolean(),
      }),
      (given) => {
        expect(readSearchReport(`${JSON.stringify(given, null, 1)}\n`, "search.json")).toEqual(given);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it("is read as it was written, and damaged in any way gives an error of the registry or a report", () => {
    expect(readSearchReport(JSON.stringify(report), "search.json")).toEqual(report);
    const random = createRandom(15);
    for (let round = 0; round < 3000; round++) {
      const text = round % 2 === 0 ? JSON.stringify(mutateJson(report, random)) : JSON.stringify(report);
      const damaged =
        round % 2 === 0 ? text : new TextDecoder().decode(mutateBytes(new TextEncoder().encode(text), random));
      try {
        const { key, trials } = readSearchReport(damaged, "search.json");
        expect(typeof key).toBe("string");
        expect(trials.every(({ rounds }) => Array.isArray(rounds))).toBe(true);
      } catch (error) {
        expect(error, damaged).toBeInstanceOf(BtsbotError);
      }
    }
  });
});
