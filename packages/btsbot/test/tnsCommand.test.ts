import { openStore } from "@btsbot/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startFakeTns, TNS_KEY } from "../../../test/support/fakeTns.js";
import type { FakeTns } from "../../../test/support/fakeTns.js";
import { withTnsNames } from "../src/portal/tnsNames.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const ID = "ZTF26aaaaaaa";
const JD = 2461010.75;
let folder: string;
let fake: FakeTns;
beforeEach(async () => {
  folder = temporaryFolder();
  fake = await startFakeTns();
  fake.busy = 0;
  const store = await openStore(folder);
  const unit = await store.begin();
  const alertOf = (candid: bigint, day: number, programid: number) => ({
    file: "a",
    alert: {
      objectId: ID,
      candid,
      candidate: { jd: JD + day, fid: 1, magpsf: 18.3, sigmapsf: 0.1, isdiffpos: "t", programid },
    },
  });
  const latest = { jd: JD, candid: "1", position: { ra: 120, dec: 20 } };
  await unit.save({
    alerts: [alertOf(1n, 0, 1), alertOf(2n, -2, 2)],
    states: new Map([[ID, { policies: {}, latest }]]),
  });
  await unit.commit();
  await store.close();
});
afterEach(() => fake.close());

const who = ["--reporter", "A. Person (Somewhere)", "--group", "74", "--archive", "nothing in PS1"];
const tns = (...args: string[]) =>
  run(["tns", ID, "--store", folder, ...who, ...args], { env: { TNS_API_KEY: TNS_KEY } });

describe("btsbot tns", () => {
  it("prints a report of what is public alone, and sends nothing", async () => {
    const { status, stdout } = await tns();
    const { at_report } = JSON.parse(stdout) as { at_report: Record<string, Record<string, unknown>> };
    expect([status, Object.keys(at_report)]).toEqual([0, ["0"]]);
    // The earlier detection is not public.
    expect(at_report["0"]).toMatchObject({ internal_name: ID, discovery_datetime: "2025-12-01 06:00:00.000" });
    expect(fake.reports).toEqual([]);
    const wrong = await run(["tns", ID, "--store", folder, ...who.slice(0, 4)]);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("no limit precedes the discovery")]);
  });

  it("reports once, keeps the name, and tells it to who plans", async () => {
    const send = () => tns("--url", fake.url, "--bot", "7:btsbot");
    const first = await send();
    expect([first.status, first.lines()]).toEqual([
      0,
      [{ objectId: ID, name: "AT 2026aaa", wasKnown: false, message: "Transient object was inserted." }],
    ]);
    expect((await send()).lines()).toEqual([{ objectId: ID, name: "AT 2026aaa" }]);
    expect(fake.reports).toHaveLength(1);
    const store = await openStore(folder, { access: "watch" });
    const known = await withTnsNames(store, undefined).know([ID, "ZTF26aaaaaab"]);
    expect([...known].map(([id, { tns }]) => [id, tns?.name])).toEqual([[ID, "AT 2026aaa"]]);
    await store.close();
  });

  it("asks for the answer of a report whose run ended before it came, and reports nothing again", async () => {
    fake.statuses.push(200);
    // The report's id is lost: TNS is asked again, and says what it has.
    const lost = await tns("--url", fake.url, "--bot", "7:btsbot");
    expect([lost.status, lost.stderr]).toEqual([1, expect.stringContaining("did not say whether it has the report")]);
    const sent = await openStore(folder);
    const unit = await sent.begin();
    await unit.save({ cursors: [{ source: `tns/${ID}`, value: '{"report":1,"place":0}' }] });
    await unit.commit();
    await sent.close();
    fake.names.set(ID, { prefix: "SN", objname: "2025zz" });
    await fetch(`${fake.url}/api/set/bulk-report`, {
      method: "POST",
      headers: { "User-Agent": "tns_marker{}" },
      body: new URLSearchParams({
        api_key: TNS_KEY,
        data: JSON.stringify({ at_report: { 0: { internal_name: ID } } }),
      }),
    });
    expect((await tns("--url", fake.url, "--bot", "7:btsbot")).lines()).toMatchObject([{ name: "SN 2025zz" }]);
    expect(fake.reports).toHaveLength(1);
  });

  it("is wrong without a bot or a key", async () => {
    expect((await tns("--sandbox")).stderr).toContain("which bot reports");
    const { status, stderr } = await run(["tns", ID, "--store", folder, ...who, "--sandbox", "--bot", "7:btsbot"]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("there is no token of TNS")]);
  });
});
