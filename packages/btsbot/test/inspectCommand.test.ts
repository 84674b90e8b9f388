import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts, toJson } from "@btsbot/alert";
import { writeFits } from "@btsbot/cutout";
import { beforeEach, expect, it } from "vitest";
import { makeAlert, withCutStamp, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

it.each([80, 140])("shows source, measurements, history, features and stamps in %i columns", async (columns) => {
  const file = writePacket(folder, "a.avro", [makeAlert(1)]);
  const { status, stdout, stderr } = await run(["inspect", file], { isTTY: true, columns });
  expect([status, stderr]).toEqual([0, ""]);
  const text = plain(stdout);
  expect(text).toMatch(/^ZTF20aaaaaab {2}1127495406315015001 {2}2023-02-26 06:00 UT {2}r {2}18\.10 ± 0\.10 mag\n/);
  expect(text).toContain("Avro, deflate, schema 4.02");
  for (const part of [
    "Brightness",
    "Real or bogus",
    "History, 2 detections, 1 upper limits",
    "Features of btsbot-v1",
    "Stamps",
    "63 x 63",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/ra +120 deg/);
  expect(text).toMatch(/age +6/);
  expect(text).toContain("flags  drb-from-packet");
  // The first lines name the file, whose path a test does not choose.
  for (const line of text.split("\n").slice(2)) expect(line.length).toBeLessThanOrEqual(columns);
});

it("says why a stamp cannot be read and why there is no score", async () => {
  const alert = withCutStamp(makeAlert(0));
  const file = writePacket(folder, "a.avro", [
    { ...alert, cutoutScience: null, candidate: { ...alert.candidate, fwhm: null } },
  ]);
  const { status, stdout } = await run(["inspect", file]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/science +cutoutScience: the alert carries no such stamp/);
  expect(stdout).toMatch(/template +cutoutTemplate: the gzip stream ends early/);
  expect(stdout).toMatch(/fwhm +missing/);
  expect(stdout).toContain("cannot be scored");
});

it("names what is odd about stamps that can be read", async () => {
  const pixels = new Float32Array(63 * 63).fill(1);
  pixels[7] = -3.4028234663852886e38;
  const cutoutScience = { fileName: null, stampData: writeFits({ width: 63, height: 63, pixels }) };
  const file = writePacket(folder, "a.avro", [makeAlert(0, { cutoutScience })]);
  const { stdout } = await run(["inspect", file]);
  expect(stdout).toContain("flags  stamp-least-float:cutoutScience");
});

it("lists the alerts of a file and shows the one asked for", async () => {
  const file = writePacket(
    folder,
    "many.avro",
    Array.from({ length: 13 }, (_, place) => makeAlert(place)),
  );
  const { stdout } = await run(["inspect", file, "--index", "11"]);
  expect(stdout).toMatch(/^ZTF20aaaaaal/);
  expect(stdout).toContain("13 alerts");
  expect(stdout).toContain("3 more");
  const beyond = await run(["inspect", file, "--index", "13"]);
  expect(beyond).toMatchObject({ status: 2, stdout: "" });
  expect(beyond.stderr).toContain("holds 13 alerts");
});

it("gives everything as JSON, ids exact", async () => {
  const { status, stdout } = await run(["inspect", "-", "--format", "json"], { stdin: [encodeAlerts([makeAlert(1)])] });
  expect(status).toBe(0);
  const json = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
  expect(Object.keys(json)).toEqual([
    "file",
    "bytes",
    "encoding",
    "alerts",
    "index",
    "alert",
    "history",
    "features",
    "stamps",
    "stampFlags",
  ]);
  expect(json.alert).toMatchObject({ objectId: "ZTF20aaaaaab", candid: "1127495406315015001" });
  expect(json.alert).not.toHaveProperty("cutoutScience");
  expect(json.history.detections).toHaveLength(2);
  expect(json.features.values).toMatchObject({ age: 6, magpsf: Math.fround(18.1) });
  expect(json.stamps.science).toMatchObject({ width: 63, height: 63, nanCount: 0 });
});

it("writes the stamps as one PNG, and says when it cannot", async () => {
  const file = writePacket(folder, "a.avro", [makeAlert(0)]);
  const png = join(folder, "a.png");
  const written = await run(["inspect", file, "--png", png]);
  expect(written.status).toBe(0);
  const bytes = readFileSync(png);
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  // Three stamps of 63 pixels and two gaps of 2, each four times as large.
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([772, 252]);
  const unwritable = await run(["inspect", file, "--png", join(folder, "no", "a.png")]);
  expect(unwritable.status).toBe(1);
  expect(unwritable.stderr).toContain("no such file or folder");
  const cut = writePacket(folder, "cut.avro", [withCutStamp(makeAlert(0))]);
  expect(await run(["inspect", cut, "--png", png])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("cutoutTemplate") as string,
  });
});

it("names the encoding whatever the chunks of standard input", async () => {
  const bytes = encodeAlerts([makeAlert(0)], { codec: "deflate" });
  for (const cut of [1, 3, 40]) {
    const stdin = [bytes.subarray(0, cut), bytes.subarray(cut, cut + 7), bytes.subarray(cut + 7)];
    const { stdout } = await run(["inspect", "-", "--format", "json"], { stdin });
    expect(JSON.parse(stdout)).toMatchObject({ encoding: "Avro, deflate", bytes: bytes.length });
  }
});

it.each([
  ["json", (json: object, deep: string) => `${JSON.stringify(json).slice(0, -1)},"more":${deep}}`],
  [
    "text",
    (json: object, deep: string) => JSON.stringify(json).replace('"candidate":{', `"candidate":{"more":${deep},`),
  ],
])("says in one line that a document nests too deeply, for %s", async (format, nest) => {
  const file = join(folder, "deep.json");
  writeFileSync(file, nest(toJson(makeAlert(0)), "[".repeat(50_000) + "]".repeat(50_000)));
  const { status, stdout, stderr } = await run(["inspect", file, "--format", format]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toBe(`btsbot: ${file}: the document nests too deeply (expected at most 64 levels)\n`);
});

it("says in one line why stamps without pixels are no picture", async () => {
  const card = (text: string): string => text.padEnd(80);
  const stampData = new Uint8Array(2880).fill(0x20);
  const cards = ["SIMPLE  = T", "BITPIX  = -32", "NAXIS   = 2", "NAXIS1  = 0", "NAXIS2  = 100000000", "END"];
  stampData.set(new TextEncoder().encode(cards.map(card).join("")));
  const file = writePacket(folder, "a.avro", [makeAlert(0, { cutoutTemplate: { fileName: null, stampData } })]);
  const { status, stderr } = await run(["inspect", file, "--png", join(folder, "a.png")]);
  expect(status).toBe(1);
  expect(stderr).toBe(
    "btsbot: cutoutTemplate: the FITS image is not a stamp (expected 1 to 1024 pixels on a side, got 0 x 100000000)\n",
  );
});

it.each([
  ["a file that is not there", undefined, "cannot be read (got no such file or folder)"],
  ["no alert", "no alert", "not an alert packet"],
  ["nothing", "", "no bytes"],
  ["the beginning of a gzip stream", Buffer.from([0x1f, 0x8b, 8]), "cut short"],
])("says in one line what is wrong with %s", async (_, content, problem) => {
  const file = join(folder, "x.avro");
  if (content !== undefined) writeFileSync(file, content);
  const { status, stdout, stderr } = await run(["inspect", file]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^btsbot: .*x\.avro.*\n$/);
  expect(stderr).toContain(problem);
});

it("names lines of base64 as what they are", async () => {
  const file = join(folder, "a.b64");
  writeFileSync(
    file,
    [makeAlert(1), makeAlert(2)]
      .map((alert) => encodeAlerts([alert]))
      .map(toBase64)
      .join("\n"),
  );
  const { status, stdout } = await run(["inspect", file, "--format", "json"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ encoding: "lines of base64" });
});

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
