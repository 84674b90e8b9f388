import {
  encodeAlerts,
  parseAlert,
  parseAlertJson,
  parseAlerts,
  readAlerts,
  readAlertStream,
  safeParseAlert,
  schemaOf,
} from "@btsbot/alert";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { makeAlert } from "../support/makeAlert.js";

const alert = makeAlert(1);
const bytes = new Uint8Array(encodeAlerts([alert]));
const shifted = new Uint8Array(bytes.length + 3);
shifted.set(bytes, 3);

const FORMS: readonly (readonly [string, Parameters<typeof parseAlert>[0]])[] = [
  ["a Uint8Array", bytes],
  ["a view into a longer buffer", shifted.subarray(3)],
  ["an ArrayBuffer", bytes.slice().buffer],
  ["a DataView", new DataView(shifted.buffer, 3)],
  ["Node's Buffer", Buffer.from(bytes)],
  [
    "an ArrayBuffer of another realm",
    runInNewContext("new Uint8Array(given).buffer", { given: [...bytes] }) as ArrayBuffer,
  ],
];

describe("bytes", () => {
  it.each(FORMS)("may be %s", async (_, input) => {
    expect(parseAlert(input).candid).toBe(alert.candid);
    expect(parseAlerts(input)).toHaveLength(1);
    expect([...readAlerts(input)]).toMatchObject([{ success: true }]);
    expect(schemaOf(input)).toBe(schemaOf(bytes));
    for await (const outcome of readAlertStream(input)) expect(outcome).toMatchObject({ success: true });
    async function* chunks(): AsyncGenerator<typeof input> {
      yield await Promise.resolve(input);
    }
    let read = 0;
    for await (const outcome of readAlertStream(chunks())) read += Number(outcome.success);
    expect(read).toBe(1);
  });

  it("may be a Blob or a File where the call is asynchronous", async () => {
    for (const source of [new Blob([bytes]), new File([bytes], "a.avro")]) {
      let read = 0;
      for await (const outcome of readAlertStream(source)) read += Number(outcome.success);
      expect(read).toBe(1);
      expect(safeParseAlert(source as never)).toMatchObject({
        error: { code: "input-invalid", problems: [{ hint: expect.stringContaining("readAlertStream") as string }] },
      });
    }
  });

  it.each<[string, unknown]>([
    ["a string", "a.avro"],
    ["an array", [1, 2]],
    ["undefined", undefined],
    ["wider numbers", new Float32Array(8)],
  ])("are not %s", async (_, input) => {
    expect(safeParseAlert(input as never)).toMatchObject({ success: false, error: { code: "input-invalid" } });
    const outcomes = [];
    for await (const outcome of readAlertStream(input as never)) outcomes.push(outcome);
    expect(outcomes).toMatchObject([{ success: false, error: { code: "input-invalid" } }]);
  });

  it("are not in a stream of text, either", async () => {
    async function* words(): AsyncGenerator<never> {
      yield await Promise.resolve("Obj" as never);
    }
    for await (const outcome of readAlertStream(words()))
      expect(outcome).toMatchObject({ success: false, error: { code: "input-invalid" } });
  });

  it("come with the options that there are", () => {
    expect(() => parseAlert(bytes, { limit: { values: 3 } } as never)).toThrow("Did you mean `limits`?");
    expect(() => parseAlert(bytes, { limits: { value: 3 } } as never)).toThrow("Did you mean `limits.values`?");
    expect(() => parseAlertJson("{}", { schemas: {} } as never)).toThrow("no option `schemas`");
  });
});
