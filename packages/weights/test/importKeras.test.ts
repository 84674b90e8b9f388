import type { BtsbotError } from "@btsbot/errors";
import { importKeras, importKerasHdf5 } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { smallModel } from "./support/smallModel.js";
import { kerasArchive } from "./support/writeKerasArchive.js";
import { kerasHdf5 } from "./support/writeKerasHdf5.js";

const DETAILS = { name: "small", version: "1", profile: "btsbot-v1", file: "small.keras" };

async function failure(bytes: Uint8Array): Promise<BtsbotError> {
  return importKeras(bytes, DETAILS).then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error: unknown) => error as BtsbotError,
  );
}

const text = (value: string) => new TextEncoder().encode(value);

describe("importKeras", () => {
  it.each([
    ["stored, with the layers' names", {}],
    ["as before Keras 3 wrote the layers' names", { named: false }],
    ["deflated", { deflate: true }],
  ])("reads a .keras file %s", async (_, options) => {
    const model = await smallModel();
    expect(await importKeras(await kerasArchive(model, options), DETAILS, { license: "MIT" })).toEqual({
      ...model,
      source: { license: "MIT" },
    });
  });

  it("reads an HDF5 file, told by its bytes", async () => {
    const model = await smallModel();
    expect(await importKeras(await kerasHdf5(model), DETAILS)).toEqual(model);
  });

  it("takes what fetch, a file and a Buffer give", async () => {
    const model = await smallModel();
    const bytes = await kerasArchive(model);
    const inside = new Uint8Array(bytes.length + 9);
    inside.set(bytes, 5);
    for (const input of [
      new Blob([new Uint8Array(bytes)]),
      inside.slice(5, 5 + bytes.length).buffer,
      new DataView(inside.buffer, 5, bytes.length),
      Buffer.from(inside.buffer, 5, bytes.length),
    ])
      expect((await importKeras(input, DETAILS)).sha256).toBe(model.sha256);
    expect((await importKerasHdf5(new Blob([new Uint8Array(await kerasHdf5(model))]), DETAILS)).sha256).toBe(
      model.sha256,
    );
  });

  it.each([null, 5, "small.keras", [80, 75, 3, 4], new Uint16Array(4)])("says that %j is not bytes", async (input) => {
    const code = "input-invalid";
    for (const read of [importKeras, importKerasHdf5])
      await expect(read(input as unknown as Uint8Array, DETAILS)).rejects.toMatchObject({ code, path: DETAILS.file });
  });

  it.each([
    ["name", { name: "" }],
    ["version", { version: "" }],
  ])("refuses a model without a %s: %j", async (path, changes) => {
    const details = { ...DETAILS, ...changes } as typeof DETAILS;
    const read = importKeras(await kerasArchive(await smallModel()), details);
    await expect(read).rejects.toMatchObject({ code: "model-invalid", path: `small.keras: ${path}` });
  });

  it.each([undefined, 5])("refuses %j for a model's name before it reads anything", async (name) => {
    const read = importKeras(new Uint8Array(), { ...DETAILS, name } as unknown as typeof DETAILS);
    await expect(read).rejects.toMatchObject({ code: "options-invalid", message: expect.stringContaining("`name`") });
  });

  it.each([
    ["no network", { "config.json": undefined }, "keras-invalid", "small.keras: config.json"],
    ["no weights", { "model.weights.h5": undefined }, "keras-invalid", "small.keras: model.weights.h5"],
    ["a network that is not JSON", { "config.json": text("{") }, "keras-invalid", "small.keras: config.json"],
    [
      "weights that are not HDF5",
      { "model.weights.h5": text("none") },
      "hdf5-invalid",
      "small.keras: model.weights.h5",
    ],
    ["a network that is not one", { "config.json": text("[]") }, "model-invalid", "small.keras"],
  ])("says of a file with %s where and what", async (_, files, code, path) => {
    const error = await failure(await kerasArchive(await smallModel(), { files }));
    expect([error.name, error.code, error.path]).toEqual(["BtsbotError", code, path]);
  });

  it("names what is not known, what wrote it, and the way out", async () => {
    const bytes = await kerasArchive(await smallModel());
    const other = new TextDecoder("latin1").decode(bytes).replace('"Dropout"', '"Lambda!"');
    expect(other.length).toBe(bytes.length);
    // The checksum of the archive tells a change; a real file of another layer has the right one.
    expect(await failure(Uint8Array.from(other, (letter) => letter.charCodeAt(0)))).toMatchObject({
      code: "keras-invalid",
      got: "its checksum does not match its bytes",
    });
  });

  it("tells every bit that changed in its weights, and where it ends early", async () => {
    const bytes = await kerasArchive(await smallModel());
    const start = Buffer.from(bytes).lastIndexOf("model.weights.h5", bytes.length - 120);
    for (const at of [start + 3000, start + 5000]) {
      const damaged = bytes.slice();
      damaged[at] ^= 4;
      expect(await failure(damaged)).toMatchObject({ code: "keras-invalid" });
    }
    for (const end of [5, 100, bytes.length - 1]) {
      expect(await failure(bytes.subarray(0, end))).toMatchObject({ code: "keras-invalid", path: "small.keras" });
    }
  });
});
