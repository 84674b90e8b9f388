import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { scoreAlerts, toJsonResult } from "@btsbot/core";
import type { JsonResult } from "@btsbot/core";
import { openCache } from "@btsbot/weights";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePackets } from "../../examples/makePackets.js";
import { setup } from "../setup.js";
import { makeCache } from "./makeCache.js";
import { near } from "./near.js";
import { runProgram } from "./runProgram.js";

const PROGRAM = "examples/node/score.mjs";
/** As in the program: two ways of unpacking find a damaged stamp with different words. */
const gunzip = (bytes: Uint8Array, maxBytes: number): Uint8Array => gunzipSync(bytes, { maxOutputLength: maxBytes });

type Line = JsonResult & {
  readonly file: string;
  readonly index: number;
  readonly error?: { readonly code: string; readonly message: string };
};

const packets = makePackets();
let folder: string;
let models: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-examples-"));
  setup(() => undefined);
  models = await makeCache(join(folder, "cache"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (stdout: string): Line[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);

describe("examples/node/score.mjs", () => {
  it("scores the synthetic packets with every model of the cache, one line each, in order", async () => {
    const { status, stdout, stderr } = await runProgram([PROGRAM], join(folder, "cache"));
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const lines = read(stdout);
    expect(lines.map(({ file }) => file)).toEqual(packets.map(({ name }) => name));

    const options = { models, store: openCache({ cache: join(folder, "cache") }), gunzip };
    for await (const outcome of scoreAlerts(
      packets.map(({ bytes }) => bytes),
      options,
    )) {
      if (!outcome.success) throw outcome.error;
      const { scores, ...rest } = lines[outcome.input];
      const expected = toJsonResult(outcome.data);
      expect(rest).toMatchObject({ index: 0, objectId: expected.objectId, candid: expected.candid, jd: expected.jd });
      expect(Object.keys(scores)).toEqual(models);
      for (const name of models) expect(scores[name]).toEqual(near(expected.scores[name]));
    }
  });

  it("gives an error for what cannot be read, goes on, and exits with 1", async () => {
    const [good, text] = [join(folder, "good.avro"), join(folder, "text.avro")];
    writeFileSync(good, packets[0].bytes);
    writeFileSync(text, "no alert");
    const absent = join(folder, "absent.avro");
    const { status, stdout } = await runProgram([PROGRAM, absent, text, good], join(folder, "cache"));
    expect(status).toBe(1);
    const lines = read(stdout);
    expect(lines.map(({ file }) => file)).toEqual([absent, text, good]);
    expect(lines.map(({ error }) => error?.code)).toEqual(["ENOENT", "input-unrecognized", undefined]);
    expect(lines[2].objectId).toBe("ZTF99galaxsn");
  });

  it("scores with the model that ships where none was pulled", async () => {
    const { status, stdout, stderr } = await runProgram([PROGRAM], join(folder, "nothing"));
    expect([status, stderr]).toEqual([0, ""]);
    expect(read(stdout).map(({ scores }) => Object.keys(scores))).toEqual(packets.map(() => ["btsbot-mini"]));
  });
});
