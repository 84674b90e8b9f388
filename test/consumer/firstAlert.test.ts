import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { encodeAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { alertOf } from "../../packages/btsbot/test/support/decideAlerts.js";
import { fillAgeModel } from "../../packages/btsbot/test/support/packets.js";
import { openBroker } from "../../packages/stream/test/openBroker.js";
import type { OpenBroker } from "../../packages/stream/test/openBroker.js";
import { setup } from "../setup.js";
import { hasRegistry, installIn, pack } from "../support/consumer.js";
import { describeWithKafka } from "../support/kafkaBroker.js";
import { root } from "../support/packages.js";

const canInstall = await hasRegistry();
const started = mkdtempSync(join(tmpdir(), "btsbot-first-"));
afterAll(() => rmSync(started, { recursive: true, force: true }));

/** The three lines of a page, from an empty machine to a stream that runs. */
function linesOf(page: string): string[] {
  const block = /```sh\n(npm install -g btsbot [\s\S]*?)\n```/.exec(readFileSync(root + page, "utf8"));
  return block![1].split("\n");
}

it("is three lines, the same on both pages", () => {
  expect(linesOf("README.md")).toHaveLength(3);
  expect(linesOf("docs/live.md")).toEqual(linesOf("README.md"));
});

/** Stars of Gaia's, far away: what is missing counts as the lowest. */
const GAIA = { neargaia: 90, maggaia: 18, neargaiabright: 90, maggaiabright: 15 };

/** An alert that the default filter passes: public, real, and seen before that night. */
function passing(): Alert {
  const alert = alertOf({ day: 0, candidate: { programid: 1, rb: 0.9, ...GAIA } });
  const { jd, fid } = alert.candidate;
  return { ...alert, prv_candidates: [{ jd: jd - 0.1, fid, magpsf: 18.4, sigmapsf: 0.1, isdiffpos: "t" }] };
}

describeWithKafka("from npm install to the first enriched alert", () => {
  let opened: OpenBroker;
  beforeAll(async () => {
    setup(() => undefined);
    opened = await openBroker();
  });
  afterAll(() => opened.close());

  it("takes those lines, Node, and a broker's address", { timeout: 300_000 }, async ({ skip }) => {
    skip(!canInstall, "needs a registry");
    // In place of the first line: the packages as packed, and a model that needs no network.
    const folder = join(started, "machine");
    await installIn(folder, await pack(started), ["btsbot"]);
    const cache = await fillAgeModel(join(started, "cache"));
    const topic = await opened.makeTopic(1, "ztf_20230225_programid1");
    await opened.produce(topic, [["a", encodeAlerts([passing()])]]);
    const [, ...lines] = linesOf("README.md");
    const script = lines
      .join("\n")
      .replace("127.0.0.1:9092", opened.broker.address)
      .replace(/\nbtsbot/, "\nexec btsbot");
    writeFileSync(join(folder, "lines.sh"), script);
    // The command and Node alone are in its path, beside what the system has.
    const PATH = [join(folder, "node_modules", ".bin"), join(process.execPath, ".."), "/usr/bin", "/bin"].join(
      delimiter,
    );
    const child = spawn("bash", ["lines.sh"], { cwd: folder, env: { PATH, HOME: folder, BTSBOT_CACHE: cache } });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said += data.toString()));
    const closed = once(child, "close");
    const isSent = async (): Promise<boolean> =>
      (await opened.client.topics()).has("scores") && (await opened.client.ranges("scores"))[0]?.high > 0n;
    while (child.exitCode === null && !(await isSent())) await pause(100);
    expect(child.exitCode, said).toBeNull();
    const [message] = await opened.readAll("scores");
    expect(JSON.parse(new TextDecoder().decode(message.value!))).toMatchObject({
      objectId: "ZTF23aaaaaaa",
      model: "btsbot-v1.0.1",
      reasons: [],
    });
    child.kill("SIGTERM");
    expect((await closed)[1], said).toBe("SIGTERM");
    expect(said).toContain('"event":"stopped"');
  });
});
