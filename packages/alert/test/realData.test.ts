import { readdirSync, readFileSync } from "node:fs";
import { encodeAlerts, parseAlertJson, parseAlerts, schemaOf, toAlert, toJson, toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { readWithAvsc } from "./support/avscOracle.js";

interface Reference {
  readonly file: string;
  readonly index: number;
  readonly objectId: string;
  readonly candid: string;
  /** Absent for the packet of 2017. */
  readonly custom?: { readonly n_detections: number };
}

describeWithData("real packets", (folder) => {
  const files = readdirSync(`${folder}/alerts`)
    .filter((name) => name.endsWith(".avro"))
    .sort();
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/alerts/${file}`));
  const reference = JSON.parse(readFileSync(`${folder}/reference/scores.json`, "utf8")) as Reference[];

  it("are 66 files with 132 alerts", () => {
    expect(files).toHaveLength(66);
    expect(files.flatMap((file) => parseAlerts(read(file)))).toHaveLength(132);
  });

  it("have the ids and the numbers of detections of the reference", () => {
    const alerts = new Map<string, Alert[]>(files.map((file) => [file, parseAlerts(read(file))]));
    const found = reference.map(({ file, index, custom }) => {
      const alert = alerts.get(file)?.[index];
      if (!alert) throw new Error(`${file} [${index}] is not there`);
      return {
        file,
        index,
        objectId: alert.objectId,
        candid: `${alert.candid}`,
        n: custom && toLightCurve(alert).detections.length,
      };
    });
    expect(found).toEqual(
      reference.map(({ file, index, objectId, candid, custom }) => ({
        file,
        index,
        objectId,
        candid,
        n: custom?.n_detections,
      })),
    );
  });

  describe.each(files)("%s", (file) => {
    const bytes = read(file);
    const alerts = parseAlerts(bytes);
    const expected = comparable(alerts);

    it("is what avsc reads", async () => {
      const records = await readWithAvsc(bytes);
      expect(expected).toEqual(comparable(records.map(ofAvsc)));
    });

    it("is equal when written and read again, with its own schema and each codec", () => {
      for (const codec of ["null", "deflate", "snappy"] as const) {
        expect(comparable(parseAlerts(encodeAlerts(alerts, { schema: schemaOf(bytes), codec })))).toEqual(expected);
      }
    });

    it("is equal through JSON", () => {
      const texts = alerts.map((alert) => JSON.stringify(toJson(alert)));
      expect(comparable(texts.map((text) => parseAlertJson(text)))).toEqual(expected);
      expect(comparable(texts.map((text) => toAlert(JSON.parse(text))))).toEqual(expected);
    });
  });
});

/** A record of avsc with the id where an alert has it. */
function ofAvsc(record: unknown): unknown {
  const plain = record as { candid?: bigint; candidate: { candid: bigint } };
  return { ...plain, candid: plain.candid ?? plain.candidate.candid };
}

/** A value with every byte array as a string, which is compared a hundred times faster. */
function comparable(value: unknown): unknown {
  return mapBytes(
    value,
    (bytes) => `bytes ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")}`,
  );
}

function mapBytes(value: unknown, map: (bytes: Uint8Array) => unknown): unknown {
  if (ArrayBuffer.isView(value)) return map(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (Array.isArray(value)) return value.map((entry) => mapBytes(entry, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapBytes(entry, map)]));
}
