import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TOKENS } from "../../../test/support/skyportal/createPortal.js";
import { startFakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import type { FakeSkyPortal } from "../../../test/support/skyportal/fakeSkyPortal.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const ID = "ZTF23aaaaaaa";
const AT = "2026-12-01T00:00:00.000000";
const rule = {
  policy: "bts_p1",
  save: { groupIds: [5] },
  request: { instrument: "SEDM", allocationId: 1, payload: { observation_type: "IFU" } },
};
let fake: FakeSkyPortal;
beforeEach(async () => {
  fake = await startFakeSkyPortal();
});
afterEach(() => fake.close());

async function decide(rules: readonly object[] | undefined, token: string = TOKENS.bot) {
  const folder = temporaryFolder();
  const alerts = [0, 2, 3].map((day) => alertOf({ objectId: ID, day }));
  writeFileSync(join(folder, "alerts.avro"), encodeAlerts(alerts));
  writeFileSync(join(folder, "portal.json"), JSON.stringify({ url: fake.url }));
  writeFileSync(join(folder, "rules.json"), JSON.stringify(rules ?? []));
  const named = rules === undefined ? [] : ["--rules", join(folder, "rules.json")];
  const args = ["decide", join(folder, "alerts.avro"), "--filter", "none", "-p", "bts_p1", ...named];
  const cache = await fillAgeModel(temporaryFolder());
  return run([...args, "--portal", join(folder, "portal.json")], { cache, env: { SKYPORTAL_TOKEN: token } });
}

describe("btsbot decide --portal", () => {
  it("plans by what SkyPortal knows", async () => {
    const { portal } = fake;
    const fresh = await decide([rule]);
    expect(fresh.status).toBe(0);
    expect(fresh.lines()).toMatchObject([{ plan: [{ kind: "save" }, { kind: "request" }] }]);
    const obj = { id: ID, ra: 120, dec: 20, score: 1, origin: null, at: AT, tnsInfo: null, assigned: false };
    portal.objs.set(ID, { ...obj, tnsName: "SN 2026abc" });
    portal.saves.push({ objId: ID, groupId: 5, active: true, requested: false, at: AT });
    const known = await decide([rule]);
    expect(known.lines()).toMatchObject([
      {
        plan: [
          { kind: "none", code: "already-saved" },
          { kind: "none", code: "tns-classified" },
        ],
      },
    ]);
  });

  it("decides nothing where SkyPortal lacks what the rules name, does not take the token, or is asked for nothing", async () => {
    const lacking = await decide([{ ...rule, save: { groupIds: [99] } }]);
    expect([lacking.status, lacking.stdout]).toEqual([2, ""]);
    expect(lacking.stderr).toContain("in no group 99, which the rule of bts_p1 names");
    const stranger = await decide([rule], "nobody");
    expect([stranger.status, stranger.stdout]).toEqual([1, ""]);
    expect((await decide(undefined)).status).toBe(2);
  });
});
