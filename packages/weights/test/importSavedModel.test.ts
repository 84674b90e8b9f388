import { readFileSync } from "node:fs";
import { mmCnn } from "@btsbot/model";
import { importSavedModel, readSavedModel, unpackArchive } from "@btsbot/weights";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { smallModel } from "./support/smallModel.js";
import { checkpointTensors, savedModelFiles } from "./support/writeSavedModel.js";

const DETAILS = { name: "small", version: "1", profile: "btsbot-v1" };
const KERNEL = "layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE";

describe("importSavedModel", () => {
  it("gives the network and the weights that were saved", async () => {
    const model = await smallModel();
    const read = await importSavedModel(savedModelFiles(model), DETAILS, { license: "MIT" });
    expect(read).toEqual({ ...model, source: { license: "MIT" } });
  });

  it("reads weights from several data files, and a model that lies at the top", async () => {
    const model = await smallModel();
    const files = new Map(
      [...savedModelFiles(model, undefined, { shards: 2 })].map(([path, bytes]) => [path.replace("saved/", ""), bytes]),
    );
    expect((await importSavedModel(files, DETAILS)).sha256).toBe(model.sha256);
  });

  it.each(["saved/keras_metadata.pb", "saved/variables/variables.index"])("says that %s is absent", async (path) => {
    const files = savedModelFiles(await smallModel());
    files.delete(path);
    await expect(importSavedModel(files, DETAILS)).rejects.toMatchObject({ code: "savedmodel-invalid" });
  });

  it("refuses metadata that are cut short, not a model's, or those of two models", async () => {
    const files = savedModelFiles(await smallModel());
    const metadata = files.get("saved/keras_metadata.pb")!;
    for (const bytes of [metadata.subarray(0, metadata.length - 3), new Uint8Array(0), new Uint8Array([0xff, 0xff])]) {
      expect(() => readSavedModel(new Map([...files, ["saved/keras_metadata.pb", bytes]]))).toThrow(
        expect.objectContaining({ code: "savedmodel-invalid" }),
      );
    }
    expect(() => readSavedModel(new Map([...files, ["other/keras_metadata.pb", metadata]]))).toThrow("more than one");
  });

  it("says that a data file is absent or cut short", async () => {
    const model = await smallModel();
    const path = "saved/variables/variables.data-00000-of-00001";
    const files = savedModelFiles(model);
    const data = files.get(path)!;
    files.set(path, data.subarray(0, 100));
    await expect(importSavedModel(files, DETAILS)).rejects.toMatchObject({ code: "checkpoint-invalid" });
    files.delete(path);
    await expect(importSavedModel(files, DETAILS)).rejects.toMatchObject({
      code: "checkpoint-invalid",
      path: "variables/variables.index: header",
    });
  });

  it("names a variable that is absent", async () => {
    const model = await smallModel();
    const tensors = checkpointTensors(model);
    expect(tensors.delete(KERNEL)).toBe(true);
    await expect(importSavedModel(savedModelFiles(model, tensors), DETAILS)).rejects.toMatchObject({
      code: "weights-missing",
      path: "conv/kernel",
    });
  });

  it("names a variable of another shape", async () => {
    const model = await smallModel();
    const tensors = checkpointTensors(model);
    tensors.set(KERNEL, { shape: [3, 3, 4, 3], values: new Float32Array(108) });
    await expect(importSavedModel(savedModelFiles(model, tensors), DETAILS)).rejects.toMatchObject({
      code: "weights-misshapen",
      path: "conv/kernel",
    });
  });

  it("names a variable whose checksum is wrong", async () => {
    const model = await smallModel();
    const files = savedModelFiles(model, undefined, { wrongCrc: KERNEL });
    await expect(importSavedModel(files, DETAILS)).rejects.toMatchObject({
      code: "checkpoint-crc",
      path: `variables/variables.data-00000-of-00001: ${KERNEL}`,
    });
  });
});

describeWithData("importSavedModel", (data) => {
  const read = (file: string) => unpackArchive(readFileSync(`${data}/models/btsbot/${file}`));

  it.each([
    ["v1.0.1.tar.gz", "btsbot-v1"],
    ["v1.tar.gz", "btsbot-v1"],
    ["v0.3.tar.gz", "btsbot-v0.3"],
  ])("reads the authors' %s, every weight of its shape", async (file, profile) => {
    const model = await importSavedModel(read(file), { name: file, version: "1", profile });
    expect(model.definition.inputs.map(({ name }) => name)).toEqual(["triplet", "metadata"]);
    expect(model.definition.output.layer).toBe("fc_out");
  });

  it("finds in v1.0.1 the network of the paper", async () => {
    const { definition } = await importSavedModel(read("v1.0.1.tar.gz"), {
      name: "a",
      version: "1",
      profile: "btsbot-v1",
    });
    const byName = (layers: typeof definition.layers) => [...layers].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(definition.layers)).toEqual(byName(mmCnn().layers));
  });
});
