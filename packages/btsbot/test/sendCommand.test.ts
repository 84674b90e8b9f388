import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "@btsbot/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commentOf, entriesOf, requestOf, saveOf } from "../../../test/support/skyportal/actions.js";
import { TOKENS } from "../../../test/support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { FakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const [A, B] = ["ZTF26aaaaaaa", "ZTF26aaaaaab"];
const JD = 2461010.75;
const env = { SKYPORTAL_TOKEN: TOKENS.bot };
let folder: string;
let fake: FakeSkyPortal;

beforeEach(async () => {
  folder = temporaryFolder();
  fake = await startFakeSkyPortal();
});
afterEach(() => fake.close());

/** Two sources to be saved, one of them asked for; of the other, one point is not public. */
async function fill(programid = 1): Promise<void> {
  const store = await openStore(folder);
  const unit = await store.begin();
  const alertOf = (objectId: string, candid: bigint, program: number) => ({
    file: "a",
    alert: { objectId, candid, candidate: { jd: JD, fid: 1, magpsf: 18.3, sigmapsf: 0.1, programid: program } },
  });
  const matches = [[{ candid: "2836353843215015007", jd: JD, magpsf: 18.3, score: 0.93 }]];
  const policies = { bts_p1: { policy: "bts_p1", rule: "", objectId: A, matches } };
  const latest = { jd: JD, candid: "2836353843215015007", position: { ra: 120, dec: 20 } };
  await unit.save({
    alerts: [alertOf(A, 2836353843215015007n, 1), alertOf(B, 2n, programid)],
    states: new Map([[A, { policies, latest }]]),
    entries: entriesOf([saveOf(B), saveOf(A), commentOf(A), requestOf(A, 4)]),
  });
  await unit.commit();
  await store.close();
}

function send(...args: string[]) {
  return run(["send", "--store", folder, "--url", fake.url, ...args], { env });
}

describe("btsbot send", () => {
  it("carries out what waits, the most urgent source first, and has nothing to do then", async () => {
    await fill();
    const { status, lines, stderr } = await send();
    expect([status, stderr]).toEqual([
      0,
      "btsbot: 4 actions carried out, 0 refused, 0 to be sent again, 0 held for a person\n",
    ]);
    expect(
      lines()
        .map(({ action, objectId, state }) => `${String(action)} ${String(objectId)} ${String(state)}`)
        .sort(),
    ).toEqual([`comment ${A} done`, `request ${A} done`, `save ${A} done`, `save ${B} done`]);
    expect(fake.portal.requests).toHaveLength(1);
    const again = await send();
    expect([again.status, again.stdout]).toEqual([0, ""]);
    expect(fake.portal.requests).toHaveLength(1);
  });

  it("tells what the store knows, by names that it looks up first", async () => {
    await fill();
    const portal = join(folder, "..", `${folder.split("/").at(-1)}.yaml`);
    const config = { url: fake.url, filters: ["BTS all"], instrument: "ZTF", streams: ["ZTF Public"] };
    writeFileSync(portal, JSON.stringify(config));
    const { status, stderr } = await run(["send", "--store", folder, "--portal", portal], { env });
    expect([status, stderr]).toEqual([0, expect.stringContaining("4 actions carried out")]);
    expect(fake.portal.candidates).toMatchObject([{ objId: A, filterId: 1, alertId: "2836353843215015007" }]);
    const [point] = fake.portal.photometry.filter(({ objId }) => objId === A);
    expect(point.body).toMatchObject({ filter: "ztfg", mjd: 61010.25, instrument_id: 2 });
    // 18.3 mag is 10^((23.9 - 18.3) / 2.5) = 173.78 microjansky.
    expect(point.body.flux).toBeCloseTo(173.78, 2);
    writeFileSync(portal, JSON.stringify({ ...config, filters: ["BTS al"] }));
    const wrong = await run(["send", "--store", folder, "--portal", portal], { env });
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean "BTS all"?')]);
  });

  it("says what it would send, or which calls that takes, and sends nothing", async () => {
    await fill();
    const dry = await send("--dry-run");
    expect(dry.lines().map(({ key }) => key)).toEqual(
      [saveOf(A), commentOf(A), requestOf(A), saveOf(B)].map(({ key }) => key),
    );
    const printed = await run(["send", "--store", folder, "--format", "skyportal"]);
    expect(printed.lines()[0]).toEqual({
      key: saveOf(A).key,
      method: "POST",
      path: "/api/sources",
      body: { id: A, ...saveOf(A).position, group_ids: [5], origin: "btsbot" },
    });
    expect(fake.portal.saves).toEqual([]);
    expect((await send()).stderr).toContain("4 actions carried out");
  });

  it("keeps back sources with points that are not public, unless told otherwise", async () => {
    await fill(2);
    expect((await send()).stderr).toMatch(/^btsbot: 1 action of sources that are not public waits\nbtsbot: 3 actions/);
    expect(fake.portal.objs.has(B)).toBe(false);
    await send("--non-public");
    expect(fake.portal.objs.has(B)).toBe(true);
  });

  it("takes the token from a file that nobody else can read, and shows it nowhere", async () => {
    await fill();
    const file = join(folder, "..", `${folder.split("/").at(-1)}.token`);
    writeFileSync(file, `${TOKENS.bot}\n`, { mode: 0o644 });
    const args = ["send", "--store", folder, "--url", fake.url, "--token-file", file];
    const open = await run(args);
    expect([open.status, open.stderr]).toEqual([
      2,
      expect.stringContaining("others can read the token (expected mode 600, got mode 644)"),
    ]);
    chmodSync(file, 0o600);
    fake.portal.tokens.get(TOKENS.bot)!.user.cannotSave.add(5);
    const { stdout, stderr, status } = await run(args);
    expect([status, stdout.split("\n").length]).toEqual([0, 5]);
    for (const text of [stdout, stderr, open.stderr]) expect(text).not.toContain(TOKENS.bot);
    expect(readFileSync(join(folder, "btsbot.db")).includes(TOKENS.bot)).toBe(false);
  });

  it("ends where there is no token, no SkyPortal, or the token is not taken", async () => {
    await fill();
    const without = await run(["send", "--store", folder, "--url", fake.url]);
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining("there is no token of SkyPortal")]);
    const nowhere = await run(["send", "--store", folder], { env });
    expect([nowhere.status, nowhere.stderr]).toEqual([2, expect.stringContaining("name one with --url or --portal")]);
    const unknown = await run(["send", "--store", folder, "--url", fake.url], { env: { SKYPORTAL_TOKEN: "abc" } });
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining("does not take the token")]);
    expect((await send()).stderr).toContain("4 actions carried out");
  });
});
