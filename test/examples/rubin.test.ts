import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LSST, toAlert } from "@btsbot/alert";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setup } from "../setup.js";
import { frameRubin, makeRubinPacket } from "../support/rubin.js";
import { dataFolder } from "../support/testData.js";
import { runProgram } from "./runProgram.js";

const PROGRAM = "examples/rubin/score.mjs";
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-rubin-"));
  setup(() => undefined);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly objectId?: string;
  readonly error?: string;
  readonly scores?: Readonly<Record<string, { readonly status: string; readonly score?: number }>>;
}

async function score(...files: string[]): Promise<{ status: number; lines: Line[] }> {
  const { status, stdout, stderr } = await runProgram([PROGRAM, ...files], folder);
  expect(stderr).toBe("");
  return {
    status,
    lines: stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line),
  };
}

it("examples/rubin/score.mjs scores its own alert, and framed ones", async () => {
  const { status, lines } = await score();
  expect(status).toBe(0);
  expect(lines).toMatchObject([{ objectId: "170055001640894469", scores: { "rubin-mine": { status: "scored" } } }]);
  const packet = makeRubinPacket({ diaSourceId: 7n, diaObjectId: 5n, mjd: 61000.25, band: "z", flux: 3631 });
  const file = join(folder, "framed.avro");
  writeFileSync(file, frameRubin(toAlert(packet, { surveys: [LSST] })));
  const bad = join(folder, "bad.avro");
  writeFileSync(bad, "no alert");
  const framed = await score(file, bad);
  expect(framed).toMatchObject({
    status: 1,
    lines: [{ objectId: "5", scores: { "rubin-mine": { status: "scored" } } }, { error: expect.any(String) as string }],
  });
});

it.skipIf(dataFolder === undefined)("and a real one (needs the data folder)", async () => {
  const { status, lines } = await score(`${dataFolder}/brokers/rubin-confluent-900.avro`);
  expect(status).toBe(0);
  expect(lines[0].scores!["rubin-mine"].status).toBe("scored");
});
