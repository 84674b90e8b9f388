import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "@btsbot/chance";
import { BtsbotError } from "@btsbot/errors";
import { openNpy } from "@btsbot/train";
import { describe, expect, it } from "vitest";
import { mutateBytes } from "../../../test/support/mutate.js";
import { npyBytes, temporaryFolder } from "./support/writeSet.js";

const HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 2,), }  \n";
const GOOD = npyBytes(HEADER, new Uint8Array(new Float32Array(12).fill(0.5).buffer));

/** What the header says where something else is meant. */
const SHAPES = [
  "()",
  "(3)",
  "(3,,2)",
  "(-1, 2)",
  "(3 3)",
  "(0, 2, 2)",
  "(1e9,)",
  "(9999999999999999999999, 2)",
  "(3, 0)",
];

/** Reads all rows: values that are numbers, or an error of the registry. */
async function readAll(path: string, rowShape?: readonly number[]): Promise<void> {
  try {
    const npy = await openNpy(path, rowShape);
    try {
      expect(npy.shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0)).toBe(true);
      for (let row = 0; row < Math.min(npy.shape[0], 10); row += 1) {
        const values = await npy.readRow(row);
        expect(values.length).toBe(npy.rowLength);
        expect(values.every(Number.isFinite)).toBe(true);
      }
    } finally {
      await npy.close();
    }
  } catch (error) {
    if (!(error instanceof BtsbotError)) throw error;
    expect(["npy-invalid", "file-unreadable"]).toContain(error.code);
  }
}

describe("a .npy file that is damaged", () => {
  it("is read or refused by a typed error, whichever bytes are changed", async () => {
    const path = join(await temporaryFolder(), "array.npy");
    const random = createRandom(16);
    for (let round = 0; round < 1500; round += 1) {
      await writeFile(path, mutateBytes(GOOD, random));
      await readAll(path, round % 2 === 0 ? undefined : [2, 2]);
    }
  });

  it.each(SHAPES)("with the shape %s", async (shape) => {
    const path = join(await temporaryFolder(), "array.npy");
    const header = HEADER.replace("(3, 2, 2,)", shape).padEnd(80).concat("\n");
    await writeFile(path, npyBytes(header, new Uint8Array(48)));
    await readAll(path);
    await readAll(path, [2, 2]);
  });

  it("that is a folder is refused by its name", async () => {
    const path = join(await temporaryFolder(), "array.npy");
    await mkdir(path);
    await expect(openNpy(path)).rejects.toMatchObject({ name: "BtsbotError", code: "file-unreadable" });
  });
});
