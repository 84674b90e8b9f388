import { parseAlertJson, safeParseAlertJson } from "@btsbot/alert";
import { describe, expect, it } from "vitest";
import { JsonScanner } from "../src/json/JsonScanner.js";
import { parseExactJson } from "../src/json/parseExactJson.js";

/** Scans and parses a text, in pieces as a stream has it. */
function readExactly(text: string, piece = Infinity): unknown {
  const bytes = new TextEncoder().encode(text);
  const scanner = new JsonScanner({ values: 1e9, bytes: 1e9 });
  for (let end = piece; !scanner.scan(bytes.subarray(0, end), end >= bytes.length); end += piece)
    if (end >= bytes.length) throw new Error("the end was not found");
  expect(scanner.at).toBe(bytes.length);
  return parseExactJson(bytes, scanner.marks);
}

const document = (candid: string, more = ""): string =>
  `{"objectId":"ZTF99aaaaaaa","candid":${candid},"candidate":{"jd":2459000.5,"fid":1${more}}}`;

describe("parseAlertJson", () => {
  it.each([
    "1127495406315015005",
    "-121540793515135001",
    "9007199254740993",
    "9223372036854775807",
    "\n 1127495406315015005 ",
  ])("reads %s exactly", (candid) => {
    expect(parseAlertJson(document(candid)).candid).toBe(BigInt(candid));
  });

  it("leaves other numbers and strings alone", () => {
    const alert = parseAlertJson(
      document(
        "1",
        ',"ra":123.45678901234567890,"dec":-1.2345678901234567e1,"ssnamenr":"12345678901234567890, NaN \\" 12345678901234567890","programpi":"\\\\","x":1e22',
      ),
    );
    expect(alert.candidate).toMatchObject({
      ra: 123.45678901234568,
      dec: -12.345678901234567,
      ssnamenr: '12345678901234567890, NaN " 12345678901234567890',
      programpi: "\\",
      x: 1e22,
    });
  });

  it("reads a number of more digits than an id has as a number, whatever the field", () => {
    const digits = "-243373480014250000";
    const { candidate } = parseAlertJson(document("1", `,"sky":${digits},"x":${digits},"y":${digits}000000`));
    expect(candidate).toMatchObject({ sky: Number(digits), x: BigInt(digits), y: Number(`${digits}000000`) });
  });

  it("reads the NaN and Infinity of Python", () => {
    expect(parseAlertJson(document("1", ',"magpsf":NaN,"sky":-Infinity,"magnr":Infinity')).candidate).toMatchObject({
      magpsf: NaN,
      sky: -Infinity,
      magnr: Infinity,
    });
  });

  it("reads one alert in an array", () => {
    expect(parseAlertJson(`[${document("5")}]`).candid).toBe(5n);
    expect(safeParseAlertJson(`[${document("5")},${document("6")}]`)).toMatchObject({
      error: { code: "alert-count", got: "more than one" },
    });
  });

  it.each(["", "{", '{"a":"', '{"a":"\\', "nothing", "[1,]"])("refuses %j", (text) => {
    expect(safeParseAlertJson(text)).toMatchObject({ success: false, error: { code: "json-invalid" } });
  });

  it("refuses what is not an alert", () => {
    expect(safeParseAlertJson("7")).toMatchObject({ error: { code: "alert-invalid" } });
  });
});

describe("parseExactJson", () => {
  it("is JSON.parse where that is exact", () => {
    const text = JSON.stringify({
      a: [1, -2.5, 1e300, '"\\\u2028', null, true, 9007199254740991],
      "12345678901234567890": {},
    });
    expect(readExactly(text)).toEqual(JSON.parse(text));
    for (const piece of [1, 2, 7, 33]) expect(readExactly(text, piece)).toEqual(JSON.parse(text));
  });

  it("takes long strings in linear time", () => {
    const text = JSON.stringify({
      stamp: "A".repeat(2_000_000),
      slashes: "\\".repeat(200_000),
      quotes: '"'.repeat(200_000),
    });
    expect(readExactly(text)).toEqual(JSON.parse(text));
  });
});
