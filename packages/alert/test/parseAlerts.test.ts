import { encodeAlerts, parseAlert, parseAlerts, safeParseAlert, safeParseAlerts } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { makeAlert } from "./support/makeAlert.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const one = '{"objectId":"ZTF1","candid":1,"candidate":{"jd":1,"fid":1}}';

describe("parseAlerts", () => {
  it("gives all alerts", () => {
    const alerts = [1, 2, 3].map((seed) => makeAlert(seed));
    expect(parseAlerts(encodeAlerts(alerts)).map(({ candid }) => candid)).toEqual(alerts.map(({ candid }) => candid));
    expect(parseAlerts(text("[]"))).toEqual([]);
  });

  it("gathers the problems of all records, each with its index", () => {
    const result = safeParseAlerts(text(`[${one}, {"objectId":"ZTF1","candid":2,"candidate":{}}, 7]`));
    expect(result.success ? [] : result.error.problems).toMatchObject([
      {
        code: "alert-invalid",
        path: "[1].candidate.jd",
        message: expect.stringMatching(/^\[1\]\.candidate\.jd: /) as string,
      },
      { code: "alert-invalid", path: "[1].candidate.fid" },
      { code: "alert-invalid", path: "[2]", message: expect.stringMatching(/^\[2\]: /) as string },
    ]);
  });

  it("gathers a hundred problems of a record and a thousand of an input", () => {
    const bad = `{"objectId":"ZTF1","candid":2,"candidate":{"jd":1,"fid":1},"prv_candidates":[${Array.from({ length: 10_000 }, () => "{}").join()}]}`;
    const count = (result: ReturnType<typeof safeParseAlerts>): number =>
      result.success ? 0 : result.error.problems.length;
    const result = safeParseAlerts(text(`[${one},${bad}]`));
    expect(count(result)).toBe(100);
    expect(result.success ? "" : result.error.message.length).toBeLessThan(2000);
    expect(count(safeParseAlerts(text(`[${Array.from({ length: 20 }, () => bad).join()}]`)))).toBe(1000);
  });

  it("names the place in a single document without an index", () => {
    expect(safeParseAlerts(text('{"objectId":"ZTF1","candid":2,"candidate":{"jd":1}}'))).toMatchObject({
      error: { path: "candidate.fid" },
    });
  });

  it("is all or nothing", () => {
    const bytes = encodeAlerts([1, 2].map((seed) => makeAlert(seed, 40_000))).slice(0, -1);
    expect(safeParseAlerts(bytes)).toMatchObject({ success: false, error: { code: "avro-truncated" } });
    expect(() => parseAlerts(bytes)).toThrow("the file ends inside a block");
  });
});

describe("parseAlert", () => {
  it("gives the one alert", () => {
    expect(parseAlert(text(one)).candid).toBe(1n);
  });

  it("refuses none and more than one", () => {
    expect(safeParseAlert(encodeAlerts([]))).toMatchObject({ error: { code: "alert-count", got: "none" } });
    expect(safeParseAlert(text(`[${one},${one}]`))).toMatchObject({
      error: { code: "alert-count", got: "more than one" },
    });
    expect(safeParseAlert(text(`${one}\n7`))).toMatchObject({ error: { code: "alert-count" } });
  });

  it("tells the damage behind a first good record", () => {
    expect(safeParseAlert(encodeAlerts([makeAlert(1, 40_000), makeAlert(2, 40_000)]).slice(0, -1))).toMatchObject({
      error: { code: "avro-truncated" },
    });
  });

  it("tells why the input cannot be read", () => {
    expect(safeParseAlert(new Uint8Array(0))).toMatchObject({ error: { code: "input-empty" } });
    expect(() => parseAlert(text("7"))).toThrow("this is not an alert packet");
  });
});
