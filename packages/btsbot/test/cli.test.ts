import { spawn } from "node:child_process";
import { once } from "node:events";
import { beforeAll, expect, it } from "vitest";
import { root } from "../../../test/support/packages.js";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { temporaryFolder } from "./support/runInProcess.js";

/** Enough lines to fill a pipe that nobody empties. */
const ALERTS = 200;

beforeAll(async () => {
  const { setup } = await import("../../../test/setup.js");
  setup(() => undefined);
});

function start(args: readonly string[], cache: string): ReturnType<typeof spawn> {
  return spawn(process.execPath, [`${root}packages/btsbot/dist/cli.js`, ...args], {
    env: { ...process.env, BTSBOT_CACHE: cache },
  });
}

it("runs as a program, with the exit status of what it did", async () => {
  const child = start(["score", "nowhere.avro"], await fillCache(temporaryFolder()));
  let text = "";
  child.stdout!.on("data", (data: Buffer) => (text += data.toString()));
  const [status] = (await once(child, "close")) as [number];
  expect(status).toBe(1);
  expect(JSON.parse(text)).toMatchObject({ file: "nowhere.avro", error: { code: "file-unreadable" } });
});

it("ends in one line when its reader has read enough", async () => {
  const file = writePacket(
    temporaryFolder(),
    "many.avro",
    Array.from({ length: ALERTS }, (_, place) => makeAlert(place)),
  );
  const child = start(["score", file, file, file, "--batch", "1"], await fillCache(temporaryFolder()));
  let errors = "";
  child.stderr!.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdout!.once("data", () => child.stdout!.destroy());
  const [status] = (await once(child, "close")) as [number];
  expect([status, errors]).toEqual([
    1,
    "btsbot: standard output: its reader closed it before everything was written\n",
  ]);
});
