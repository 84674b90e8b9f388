import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@btsbot/chance";
import { beforeEach, describe, expect, it } from "vitest";
import { mutateBytes, mutateJson } from "../../../test/support/mutate.js";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

let cache: string;
let packet: string;
beforeEach(async () => {
  cache = await fillCache(temporaryFolder(), ["small"]);
  packet = writePacket(temporaryFolder(), "a.avro", [makeAlert(0)]);
});

/** No command ends in a stack, whatever the cache holds. */
async function expectInWords(): Promise<number> {
  const { status, stderr } = await run(["score", "--model", "small", packet], { cache });
  expect(status, stderr).not.toBe(70);
  expect(stderr).not.toMatch(/^\s+at /m);
  if (status !== 0) expect(stderr).toContain("btsbot models pull small");
  expect((await run(["models", "list"], { cache })).status).toBe(0);
  expect((await run(["models", "show", "small"], { cache })).status).not.toBe(70);
  return status;
}

describe("a cache that was damaged", () => {
  it("is told of in words, with what to run, whatever model.json holds", async () => {
    const path = join(cache, "small", "model.json");
    const whole = readFileSync(path);
    const json: unknown = JSON.parse(whole.toString());
    const random = createRandom(15);
    let refused = 0;
    for (let round = 0; round < 60; round++) {
      const text = round % 3 === 0 ? mutateBytes(whole, random) : JSON.stringify(mutateJson(json, random));
      writeFileSync(path, text);
      if ((await expectInWords()) !== 0) refused += 1;
    }
    expect(refused).toBeGreaterThan(30);
  });

  it.each([
    ["a folder in place of model.json", "model.json"],
    ["a folder in place of the weights", "weights.bin"],
  ])("is told of in words with %s", async (_, name) => {
    rmSync(join(cache, "small", name));
    mkdirSync(join(cache, "small", name));
    expect(await expectInWords()).not.toBe(0);
  });
});
