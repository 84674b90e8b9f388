import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openNpy } from "@btsbot/train";
import { beforeEach, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readSn2023tyk } from "../../../test/support/sn2023tyk.js";
import { createNpyWriter } from "../src/createNpyWriter.js";
import { float64Npy, npyBytes, temporaryFolder } from "./support/writeSet.js";

let path: string;
beforeEach(async () => {
  path = join(await temporaryFolder(), "array.npy");
});

const write = (header: string, bytes: number): Promise<void> =>
  writeFile(path, npyBytes(header, new Uint8Array(bytes)));

describe("openNpy", () => {
  it("reads rows of float64 in any order", async () => {
    await writeFile(
      path,
      float64Npy(
        [3, 2, 2],
        Float32Array.from({ length: 12 }, (_, place) => place / 8),
      ),
    );
    const npy = await openNpy(path, [2, 2]);
    expect([npy.shape, npy.rowLength]).toEqual([[3, 2, 2], 4]);
    expect(await npy.readRow(2)).toEqual(Float32Array.of(1, 1.125, 1.25, 1.375));
    expect(await npy.readRow(0)).toEqual(Float32Array.of(0, 0.125, 0.25, 0.375));
    await expect(npy.readRow(3)).rejects.toThrow(RangeError);
    await npy.close();
  });

  it("reads what is written here: float32", async () => {
    const writer = await createNpyWriter(path, [2]);
    await writer.write(Float32Array.of(1, 2));
    await writer.write(Float32Array.of(3, 4));
    await expect(openNpy(path)).rejects.toMatchObject({ code: "file-unreadable" });
    await writer.finish();
    expect((await readFile(path)).subarray(10, 75).toString()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2,), }     ",
    );
    const npy = await openNpy(path, [2]);
    expect([npy.shape, await npy.readRow(1)]).toEqual([[2, 2], Float32Array.of(3, 4)]);
    await npy.close();
  });

  it("reads formats 2 and 3, whose headers may be longer", async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }";
    for (const version of [2, 3]) {
      await writeFile(path, npyBytes(header, Uint8Array.of(0, 0, 128, 63), version));
      const npy = await openNpy(path);
      expect(await npy.readRow(0)).toEqual(Float32Array.of(1));
      await npy.close();
    }
  });

  it.each([
    [
      "another type",
      "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2), }",
      16,
      { got: ">f4", expected: expect.stringContaining("<f8") },
    ],
    ["whole numbers", "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }", 16, { got: "<i4" }],
    [
      "a record",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }",
      16,
      { expected: expect.stringContaining("<f4") },
    ],
    ["another order", "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16, { got: "Fortran order" }],
    [
      "another shape",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      24,
      { expected: "(N, 2)", got: "(2, 3)" },
    ],
    ["other axes", "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", 16, { got: "(4)" }],
    ["a single number", "{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4, { got: "()" }],
    [
      "bytes missing",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
      15,
      { expected: expect.stringMatching(/bytes/) },
    ],
    [
      "bytes left over",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }",
      17,
      { expected: expect.stringMatching(/bytes/) },
    ],
  ])("refuses %s", async (_, header, bytes, details) => {
    await write(header, bytes);
    await expect(openNpy(path, [2])).rejects.toMatchObject({ code: "npy-invalid", path, ...details });
  });

  it("refuses what is no NumPy array, or ends in its header", async () => {
    for (const bytes of ["", "PK\u0003\u0004 an npz is a zip"]) {
      await writeFile(path, bytes);
      await expect(openNpy(path)).rejects.toMatchObject({ code: "npy-invalid" });
    }
    await write("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 16);
    await truncate(path, 30);
    await expect(openNpy(path)).rejects.toMatchObject({ code: "npy-invalid" });
  });

  it("names the row that holds NaN", async () => {
    await writeFile(path, float64Npy([2, 2], Float32Array.of(1, 2, 3, NaN)));
    const npy = await openNpy(path);
    await npy.readRow(0);
    await expect(npy.readRow(1)).rejects.toMatchObject({ code: "npy-invalid", path: `${path}, row 1` });
    await npy.close();
  });

  it("says when a file becomes shorter", async () => {
    await writeFile(path, float64Npy([2, 2], Float32Array.of(1, 2, 3, 4)));
    const npy = await openNpy(path);
    await truncate(path, 90);
    await expect(npy.readRow(1)).rejects.toMatchObject({ code: "npy-invalid" });
    await npy.close();
  });
});

describeWithData("openNpy, on the authors' sample", (folder) => {
  it("reads the triplets of SN 2023tyk", async () => {
    const npy = await openNpy(`${folder}/sn2023tyk/triplets.npy`, [63, 63, 3]);
    const { triplets } = readSn2023tyk(folder);
    for (const row of [22, 0, 7])
      expect(await npy.readRow(row)).toEqual(triplets.slice(row * 11907, (row + 1) * 11907));
    await npy.close();
  });
});
