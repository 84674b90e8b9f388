import { encodeAlerts } from "@btsbot/alert";
import { createArchiveSource } from "@btsbot/archive";
import type { ArchiveInput } from "@btsbot/archive";
import { gzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { expect, it } from "vitest";
import { packParquet } from "../../../test/support/packParquet.js";
import { describeSource } from "../../../test/support/sourceConformance.js";

const alertOf = (candid: number) => ({
  objectId: "ZTF20aajcdad",
  candid: BigInt(candid),
  candidate: { jd: 2458881, fid: 1 },
});
const packet = (...candids: number[]): Uint8Array => encodeAlerts(candids.map(alertOf));

async function makeInputs(): Promise<ArchiveInput[]> {
  const member = (name: string, body: Uint8Array) => ({
    header: { name, size: body.length, type: "file" as const },
    body,
  });
  const tar = await packTar([
    member("a.avro", packet(1, 2, 3)),
    member("damaged.avro", packet(1).subarray(0, 300)),
    member("b.avro", packet(4)),
  ]);
  const zip = zipSync({
    "c.avro": packet(5, 6),
    "rows.parquet": packParquet([7, 8, 9].map(alertOf), { rowGroupSize: 2 }),
  });
  return [
    { name: "night.tar.gz", bytes: gzipSync(tar) },
    new File([new Uint8Array(zip)], "night.zip"),
    { name: "stream.avro", bytes: () => new Blob([new Uint8Array(packet(10, 11))]).stream() },
    { name: "none.avro", bytes: new Uint8Array(0) },
    { name: "rows.parquet", bytes: packParquet([12, 13].map(alertOf)) },
  ];
}
const inputs = await makeInputs();

for (const batchSize of [1, 2, 5])
  describeSource(`of archives, ${batchSize} a batch`, () => createArchiveSource(inputs, { batchSize }), 15);

it("does not read what comes before a cursor, and refuses one that is not in the inputs", async () => {
  const opened: string[] = [];
  const all = ["a", "b", "c"].map((name, i) => ({
    name,
    bytes: () => {
      opened.push(name);
      return packet(i);
    },
  }));
  const files: string[] = [];
  for await (const { items } of createArchiveSource(all).batches({ after: "b#0" }))
    files.push(...items.map(({ file }) => file));
  expect(files).toEqual(["c"]);
  const read = async (after: string): Promise<void> => {
    for await (const { items } of createArchiveSource(all).batches({ after })) expect(items).toEqual([]);
  };
  await expect(read("elsewhere#0")).rejects.toMatchObject({ code: "position-unknown" });
  await expect(read("b")).rejects.toMatchObject({ code: "position-unknown" });
});
