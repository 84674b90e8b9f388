import { readTruth } from "@btsbot/tables";
import { describe, expect, it } from "vitest";

async function read(text: string, needsLabel = false) {
  const chunks = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  return readTruth("t.csv", { chunks, needsLabel });
}

describe("a label", () => {
  it.each(["1", "1.0", "true", "True", "TRUE", "yes", "t", "1e0"])("%s is 1", async (label) => {
    expect(await read(`objectId,label\nA,${label}`)).toEqual([{ objectId: "A", label: 1, className: null }]);
  });

  it.each(["0", "0.0", "false", "False", "no", "f"])("%s is 0", async (label) => {
    expect(await read(`objectId,label\nA,${label}`)).toMatchObject([{ label: 0 }]);
  });

  it.each(["2", "", "maybe", "0.5", "NaN", "-1"])("%j is refused, with its place", async (label) => {
    await expect(read(`objectId,label\nA,1\nB,${label}`)).rejects.toMatchObject({
      code: "label-invalid",
      path: "t.csv:3: label",
      expected: "0 or 1",
    });
  });

  it("of JSON is a number or a truth value", async () => {
    const rows = await read('{"objectId":"A","label":true}\n{"objectId":"B","label":0}');
    expect(rows.map(({ label }) => label)).toEqual([1, 0]);
  });

  it("is needed only where it is asked for", async () => {
    expect(await read("objectId,class\nA,SN Ia")).toEqual([{ objectId: "A", label: null, className: "SN Ia" }]);
    await expect(read("objectId,class\nA,SN Ia", true)).rejects.toThrow("there is no such column (expected 0 or 1");
  });
});

describe("a class", () => {
  it.each(["class", "classification", "type"])("stands in a column %s", async (column) => {
    expect(await read(`objectId,${column},label\nA,SN Ia,1`)).toMatchObject([{ className: "SN Ia" }]);
    expect(await read(`{"objectId":"A","${column}":"SN Ia"}`)).toMatchObject([{ className: "SN Ia" }]);
  });

  it("stands once, or twice alike", async () => {
    expect(await read("objectId,class,type\nA,SN Ia,SN Ia")).toMatchObject([{ className: "SN Ia" }]);
    await expect(read("objectId,class,type\nA,SN Ia,AGN")).rejects.toThrow("type: the value cannot be used");
  });
});

it("reads dates of saves and triggers, and junk", async () => {
  const [a, b] = await read("objectId,label,saveJd,triggerJd,junk\nA,1,2459300.5,99999999999,True\nB,0,,nan,0.0");
  expect(a).toEqual({ objectId: "A", label: 1, className: null, saveJd: 2459300.5, junk: true });
  expect(b).toEqual({ objectId: "B", label: 0, className: null });
  await expect(read("objectId,label,saveJd\nA,1,59300")).rejects.toThrow("a Julian date");
});

it("takes a source that comes again alike, and refuses one that does not", async () => {
  expect(await read("objectId,label\nA,1\nA,1.0")).toHaveLength(1);
  await expect(read("objectId,label\nA,1\nA,0")).rejects.toThrow(
    "t.csv:3: objectId: the source comes again with different values (expected the values of line 2, got A)",
  );
});
