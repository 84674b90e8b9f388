import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { createRandom, shuffle } from "@btsbot/chance";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { describeWithKafka } from "../../../test/support/kafkaBroker.js";
import { root } from "../../../test/support/packages.js";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { nightProgram } from "./nightProgram.js";
import type { NightSettings } from "./nightProgram.js";
import { openBroker } from "./openBroker.js";
import type { OpenBroker } from "./openBroker.js";

const CONSUMERS = 3;
const KILLS = process.env.CI ? 15 : 6;
const [ALERTS, SOURCES] = [600, 24];

function makeNight(): (readonly [string, Uint8Array])[] {
  const random = createRandom(11);
  const alerts = Array.from({ length: ALERTS }, (_, i) => {
    const objectId = `s${i % SOURCES}`;
    const candidate = { jd: 2460000.75 + Math.floor(i / SOURCES), fid: 1, magpsf: 18 + (i % 3) / 10, programid: 1 };
    return [objectId, encodeAlerts([{ objectId, candid: 9007199254740993n + BigInt(i), candidate }])] as const;
  });
  return shuffle([...alerts, ...alerts.filter(() => random() < 0.1)], random);
}

describeWithPostgres("a night that several consumers share", () => {
  describeWithKafka("of which any may be killed", () => {
    let server: PostgresServer;
    let opened: OpenBroker;
    let topic: string;
    let base: string;
    beforeAll(async () => {
      setup(() => undefined);
      base = await mkdtemp(join(tmpdir(), "btsbot-night-"));
      server = await startPostgres();
      opened = await openBroker();
      topic = await opened.makeTopic(4);
      await opened.produce(topic, makeNight());
    });
    afterAll(async () => {
      await opened.close();
      await server.stop();
      await rm(base, { recursive: true });
    });

    const prepare = async (folder: string): Promise<NightSettings> => {
      const name = randomUUID();
      const out = { alert: `${name}-a`, decision: `${name}-d`, failure: `${name}-f` };
      for (const each of Object.values(out)) await opened.makeTopic(2, each);
      return { broker: opened.broker.address, topic, out, folder, group: name, outbox: name };
    };
    const start = (settings: NightSettings): ChildProcess =>
      spawn(process.execPath, ["--input-type=module", "-e", nightProgram(settings, root)], {
        cwd: import.meta.dirname,
        stdio: ["ignore", "inherit", "inherit"],
      });
    const readOut = async ({ out }: NightSettings) => ({
      alerts: (await opened.readAll(out.alert)).map(({ value }) => Buffer.from(value!).toString("hex")).sort(),
      decisions: (await opened.readAll(out.decision))
        .map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as { key: string; revised?: true })
        .filter(({ revised }) => revised !== true)
        .map(({ key }) => key)
        .sort(),
    });

    it(`says what one alone says, each once, after ${KILLS} deaths`, async () => {
      const alone = await prepare(join(base, "alone"));
      expect(await ended(start(alone))).toBe(0);
      const whole = await readOut(alone);
      expect(whole.alerts).toHaveLength(ALERTS);
      const shared = { ...(await prepare(await server.newSchema())), goesOn: true } as const;
      const random = createRandom(3);
      const consumers = Array.from({ length: CONSUMERS }, () => start(shared));
      for (let kills = 0; kills < KILLS; kills += 1) {
        // The moment of a death is what is drawn; nothing waits for it.
        await new Promise((resolve) => setTimeout(resolve, 300 + 900 * random()));
        const at = Math.floor(random() * CONSUMERS);
        consumers[at].kill("SIGKILL");
        await ended(consumers[at]);
        consumers[at] = start(shared);
      }
      while (new Set((await readOut(shared)).alerts).size < ALERTS);
      for (const each of consumers) each.kill("SIGTERM");
      for (const each of consumers) await ended(each);
      expect(await readOut(shared)).toEqual(whole);
    }, 180_000);
  });
});

function ended(child: ChildProcess): Promise<NodeJS.Signals | number> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.signalCode ?? child.exitCode!);
  return new Promise((resolve) => child.once("exit", (status, signal) => resolve(signal ?? status!)));
}
