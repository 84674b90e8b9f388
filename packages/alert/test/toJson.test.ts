import { parseAlertJson, toAlert, toJson } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "../src/json/base64.js";
import { makeAlert } from "./support/makeAlert.js";

describe("toJson", () => {
  it("gives what toAlert and parseAlertJson read back equal, NaN, -0 and 64-bit ids included", () => {
    const alert = makeAlert(3);
    expect(toAlert(toJson(alert))).toEqual(alert);
    expect(parseAlertJson(JSON.stringify(toJson(alert)))).toEqual(alert);
  });

  it("writes ids as digits and stamps as base64", () => {
    const json = toJson(makeAlert(3));
    expect(json.candid).toBe(`${makeAlert(3).candid}`);
    expect(json.candidate.objectidps1).toBe("-9223372036854775808");
    expect(json.cutoutScience).toEqual({
      fileName: "science.fits.gz",
      stampData: Buffer.from(makeAlert(3).cutoutScience?.stampData ?? []).toString("base64"),
    });
  });

  it("keeps what brokers add, at the top and in records", () => {
    const alert = {
      ...makeAlert(4),
      extra: { coordinates: { l: 1.5 }, big: 2n ** 60n, bytes: Uint8Array.of(1, 2), list: [1n, NaN, null, "x"] },
    };
    const added = { ...alert, candidate: { ...alert.candidate, psfFlux: -Infinity, other: 5n } };
    expect(parseAlertJson(JSON.stringify(toJson(added)))).toEqual(added);
    expect(toJson(added).coordinates).toEqual({ l: 1.5 });
  });

  it("keeps fields named like members of Object.prototype", () => {
    const names = ["constructor", "toString", "hasOwnProperty", "__proto__"];
    const added = (value: unknown): string => names.map((name) => `"${name}": ${JSON.stringify(value)}`).join(", ");
    const text = `{"objectId": "ZTF1", "candid": 5, "candidate": {"jd": 1, "fid": 1, ${added({ magpsf: 1 })}}, ${added([1, { a: 2 }])}}`;
    const alert = parseAlertJson(text);
    expect(Object.keys(alert.extra ?? {})).toEqual(names);
    expect(Object.keys(alert.candidate)).toEqual(["jd", "fid", ...names]);
    // Nothing of it has become a prototype.
    expect(alert.candidate.magpsf).toBeUndefined();
    const written = JSON.stringify(toJson(alert));
    expect(JSON.stringify(toJson(parseAlertJson(written)))).toBe(written);
    expect(Object.entries(JSON.parse(written) as object)).toEqual(
      expect.arrayContaining(Object.entries(JSON.parse(`{${added([1, { a: 2 }])}}`) as object)),
    );
  });

  it("leaves out what is undefined", () => {
    const alert = { objectId: "Z", candid: 1n, candidate: { jd: 1, fid: 1 }, fp_hists: undefined };
    expect(Object.keys(toJson(alert as unknown as Alert))).toEqual(["objectId", "candid", "candidate"]);
  });
});

describe("base64", () => {
  it("is that of Node", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 91 + length) & 255);
      const text = Buffer.from(bytes).toString("base64");
      expect(encodeBase64(bytes)).toBe(text);
      expect(decodeBase64(text)).toEqual(bytes);
    }
    const long = Uint8Array.from({ length: 20_001 }, (_, i) => (i * 7) & 255);
    expect(encodeBase64(long)).toBe(Buffer.from(long).toString("base64"));
  });

  it.each(["A", "AB", "ABC", "A===", "AB=C", "ABC-", "ABC\u0100", "===="])("refuses %j", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
