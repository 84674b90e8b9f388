import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJson } from "@btsbot/alert";
import { expect, it } from "vitest";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

/** Clears the screen; sets the title; the same two in C1; returns to the start of the line. */
const EVIL = "a\u001B[2J\u001B]0;x\u0007\u009B2J\u009D\r\u007Fz";
const SHOWN = "a\uFFFD[2J\uFFFD]0;x\uFFFD\uFFFD2J\uFFFD\uFFFD\uFFFDz";
/** What a terminal obeys, less the line feed. */
const CONTROLS = /(?!\n)\p{Cc}/u;

/** An alert that carries controls wherever a packet may have text. */
function evilJson(): string {
  const alert = makeAlert(0);
  const candidate = { ...alert.candidate, ssnamenr: EVIL, [`${EVIL}field`]: EVIL };
  return JSON.stringify(toJson({ ...alert, objectId: EVIL, schemavsn: EVIL, publisher: EVIL, candidate }));
}

it("shows no control characters of an alert", async () => {
  const file = join(temporaryFolder(), "a.json");
  // Two of them, so that they are listed, and one that is no alert.
  writeFileSync(
    file,
    `[${evilJson()},${evilJson()},{"objectId":${JSON.stringify(EVIL)},"candid":${JSON.stringify(EVIL)}}]`,
  );
  const inspected = await run(["inspect", file], { isTTY: true, columns: 140 });
  expect(inspected.status).toBe(0);
  const text = plain(inspected.stdout);
  expect(text.split(SHOWN).length).toBeGreaterThan(6);
  expect(text).not.toMatch(CONTROLS);
  const scored = await run(["score", file], { cache: await fillCache(temporaryFolder()), isTTY: true, columns: 140 });
  expect(plain(scored.stdout)).toContain("a\uFFFD[2J");
  expect(plain(scored.stdout)).not.toMatch(CONTROLS);
});

it.skipIf(process.platform === "win32")("shows no control characters of a path", async () => {
  const folder = temporaryFolder();
  const cache = await fillCache(temporaryFolder());
  const file = join(folder, `${EVIL}.avro`);
  renameSync(writePacket(folder, "a.avro", [makeAlert(0)]), file);
  const bad = join(folder, `${EVIL}.json`);
  writeFileSync(bad, `[${EVIL}`);
  const empty = join(folder, `${EVIL}-empty.json`);
  writeFileSync(empty, "[]");
  for (const args of [
    ["inspect", file],
    ["inspect", file, "--index", "3"],
    ["inspect", file, "--png", join(folder, `${EVIL}.png`)],
    ["inspect", bad],
    ["inspect", join(folder, EVIL, "absent")],
    ["score", "--format", "table", bad, empty, join(folder, EVIL, "absent")],
    ["score", "--model", EVIL, file],
    ["score", `--${EVIL}`, file],
    ["models", "pull", "--from", join(folder, EVIL)],
  ]) {
    const { stdout, stderr } = await run(args, { cache: args[0] === "models" ? temporaryFolder() : cache });
    expect(stdout + stderr, args.join(" ")).toContain("a\uFFFD[2J");
    expect(stdout + stderr, args.join(" ")).not.toMatch(CONTROLS);
  }
});
