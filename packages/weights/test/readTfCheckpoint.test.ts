import { readFileSync } from "node:fs";
import { readTfCheckpoint } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { crc32c } from "./support/crc32c.js";
import { writeCheckpoint } from "./support/writeSavedModel.js";
import type { TestTensor } from "./support/writeSavedModel.js";

const TENSORS = new Map<string, TestTensor>([
  ["layer/kernel", { shape: [2, 3], values: new Float32Array([1, -2, 3.5, 0, 1e-30, 6]) }],
  ["layer/bias", { shape: [3], values: new Float32Array([7, 8, 9]) }],
  ["scalar", { shape: [], values: new Float32Array([0.25]) }],
  ["step", { shape: [], dtype: "int64", bytes: new Uint8Array(8) }],
  ["zlast", { shape: [1, 2], values: new Float32Array([10, 11]) }],
]);

describe("readTfCheckpoint", () => {
  it.each([1, 2, 3])("reads names, types, shapes and values from %i data files", (count) => {
    const { index, shards } = writeCheckpoint(TENSORS, { shards: count });
    const checkpoint = readTfCheckpoint(index, shards);
    expect([...checkpoint.tensors.values()].map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
      ["layer/bias", "float32", [3]],
      ["layer/kernel", "float32", [2, 3]],
      ["scalar", "float32", []],
      ["step", "int64", []],
      ["zlast", "float32", [1, 2]],
    ]);
    for (const [name, tensor] of TENSORS) if ("values" in tensor) expect(checkpoint.read(name)).toEqual(tensor);
  });

  it("reads bytes that lie inside a larger memory, as those of Node's buffers do", () => {
    const { index, shards } = writeCheckpoint(TENSORS);
    const inside = Buffer.from(new Uint8Array(1000 + shards[0].length).buffer, 1000);
    inside.set(shards[0]);
    const checkpoint = readTfCheckpoint(Buffer.from(index), [inside]);
    expect(checkpoint.read("layer/kernel")).toEqual(TENSORS.get("layer/kernel"));
    expect(checkpoint.read("zlast")).toEqual(TENSORS.get("zlast"));
  });

  it("uses the checksum of RFC 3720, appendix B.4", () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });

  it("refuses an index cut short anywhere", () => {
    const { index, shards } = writeCheckpoint(TENSORS);
    for (let length = 0; length < index.length; length++) {
      expect(() => readTfCheckpoint(index.subarray(0, length), shards)).toThrow(
        expect.objectContaining({ code: "checkpoint-invalid" }),
      );
    }
  });

  it("notices every byte of a block that changed", () => {
    const { index, shards } = writeCheckpoint(TENSORS);
    for (let i = 0; i < index.length - 48; i++) {
      const damaged = index.slice();
      damaged[i] ^= 0x10;
      // The empty metaindex block, eight bytes and its trailer, is not read.
      const outcome = code(() => readTfCheckpoint(damaged, shards));
      expect(["checkpoint-crc", "checkpoint-invalid", "read"]).toContain(outcome);
      if (outcome === "read")
        expect(readTfCheckpoint(damaged, shards).tensors).toEqual(readTfCheckpoint(index, shards).tensors);
    }
  });

  it("names the tensor whose data end early", () => {
    const { index, shards } = writeCheckpoint(TENSORS);
    const checkpoint = readTfCheckpoint(index, [shards[0].subarray(0, shards[0].length - 1)]);
    expect(checkpoint.read("layer/bias").values).toEqual(new Float32Array([7, 8, 9]));
    expect(() => checkpoint.read("zlast")).toThrow(
      expect.objectContaining({ code: "checkpoint-invalid", path: "zlast" }),
    );
  });

  it("names the tensor whose checksum is wrong", () => {
    const { index, shards } = writeCheckpoint(TENSORS);
    shards[0][0] ^= 1;
    const checkpoint = readTfCheckpoint(index, shards);
    expect(() => checkpoint.read("layer/bias")).toThrow(
      expect.objectContaining({ code: "checkpoint-crc", path: "layer/bias" }),
    );
    expect(checkpoint.read("zlast").values).toEqual(new Float32Array([10, 11]));
  });

  it("names the file, where the checkpoint's name is given", () => {
    const { index, shards } = writeCheckpoint(TENSORS);
    const [path, code] = ["model.data-00000-of-00001: zlast", "checkpoint-invalid"];
    const checkpoint = readTfCheckpoint(index, [shards[0].subarray(0, shards[0].length - 1)], "model");
    expect(() => checkpoint.read("zlast")).toThrow(
      expect.objectContaining({
        code,
        path,
        message: expect.stringMatching(/^model\.data-00000-of-00001: zlast: the data end/),
      }),
    );
    expect(() => checkpoint.read("nothing")).toThrow(expect.objectContaining({ code, path: "model.index: nothing" }));
    expect(() => readTfCheckpoint(index, [], "model")).toThrow(
      expect.objectContaining({ code, path: "model.index: header" }),
    );
  });

  it.each([
    ["a tensor that is not there", {}, "nothing", "nothing"],
    ["a type that is not read", {}, "step", "step"],
    ["slices", { sliced: "scalar" }, "scalar", "scalar"],
  ])("says what it cannot read: %s", (_, options, name, path) => {
    const { index, shards } = writeCheckpoint(TENSORS, options);
    const checkpoint = readTfCheckpoint(index, shards);
    expect(() => checkpoint.read(name)).toThrow(expect.objectContaining({ code: "checkpoint-invalid", path }));
  });

  it.each([
    ["no header", { noHeader: true }, /no header/],
    ["big-endian data", { bigEndian: true }, /big-endian/],
    ["compressed blocks", { compression: 1 }, /compressed/],
  ])("refuses %s", (_, options, message) => {
    const { index, shards } = writeCheckpoint(TENSORS, options);
    expect(() => readTfCheckpoint(index, shards)).toThrow(message);
  });

  it("refuses the number of data files is not the stated one", () => {
    const { index } = writeCheckpoint(TENSORS, { shards: 2 });
    expect(() => readTfCheckpoint(index, [])).toThrow(
      "header: the number of data files is not the stated one (expected 2, got 0)",
    );
  });
});

function code(run: () => unknown): string | undefined {
  try {
    run();
    return "read";
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describeWithData("readTfCheckpoint", (data) => {
  it("lists and reads a checkpoint of TensorFlow 1", () => {
    const file = `${data}/models/alerce-stamp-classifier/model`;
    const checkpoint = readTfCheckpoint(readFileSync(`${file}.index`), [readFileSync(`${file}.data-00000-of-00001`)]);
    const tensors = [...checkpoint.tensors.values()].filter(({ name }) => !/Adam|beta\d_power/.test(name));
    expect(tensors.length).toBeGreaterThan(10);
    const gamma = checkpoint.read("network/batchnorm_features/gamma");
    expect(gamma.shape).toEqual([26]);
    for (const { name, dtype } of checkpoint.tensors.values()) {
      if (dtype === "float32") expect(checkpoint.read(name).values.every(Number.isFinite), name).toBe(true);
    }
  });
});
