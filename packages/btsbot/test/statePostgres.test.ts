import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Alert } from "@btsbot/alert";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setup } from "../../../test/setup.js";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.js";
import type { PostgresServer } from "../../../test/support/postgres.js";
import { alertOf } from "./support/decideAlerts.js";
import { fillAgeModel, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

describeWithPostgres("a state in a server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    // Another process runs what is built.
    setup(() => undefined);
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it("is decided by, told of, written out, tidied, as a folder's", async () => {
    const [url, folder, cache] = [await server.newSchema(), temporaryFolder(), await fillAgeModel(temporaryFolder())];
    const alerts = [0, 1, 2].map((night): Alert => alertOf({ day: night }));
    const decide = (state: string, given: readonly Alert[]) =>
      run(["decide", "--filter", "none", "-p", "gt1", "--state", state, writePacket(folder, "night.avro", given)], {
        cache,
      });
    const first = await decide(url, alerts.slice(0, 2));
    expect([first.status, first.lines().length]).toEqual([0, 1]);
    expect(first.stderr).toContain(`a new state begins in ${url}\n`);
    const again = await decide(url, alerts);
    expect([again.status, again.stdout]).toEqual([0, ""]);
    expect(again.stderr).not.toContain("a new state");
    const filed = await decide(join(folder, "state"), alerts.slice(0, 2));
    expect(first.lines()).toEqual(filed.lines());

    const info = await run(["store", "info", url]);
    expect(info.lines()).toEqual([
      expect.objectContaining({ path: url, sources: 1, outbox: expect.objectContaining({}) as unknown }),
    ]);
    const points = await run(["store", "export", url, "--table", "alerts", "--non-public"]);
    expect(points.lines()).toHaveLength(3);
    expect((await run(["store", "prune", url, "--before", "2026-01-01"])).stdout).toContain(" of 1 source\n");
    expect((await run(["store", "import", url])).status).toBe(1);
  });

  it("is refused with a password in its address, which is not repeated", async () => {
    const { status, stdout, stderr } = await run(["store", "info", "postgresql://me:s3cret@localhost/db"]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^btsbot: the address of the store holds a password.*PGPASSWORD/);
    expect(stderr).not.toContain("s3cret");
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("leaves pg unread where no such state is opened", () => {
    const program = `
      const { openStore } = await import("@btsbot/store");
      const { mkdtempSync, rmSync } = await import("node:fs");
      const { createRequire } = await import("node:module");
      const count = () => Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes("/pg/")).length;
      const { tmpdir } = await import("node:os");
      const folder = mkdtempSync(tmpdir() + "/btsbot-none-");
      await (await openStore(folder)).close();
      rmSync(folder, { recursive: true });
      const before = count();
      await openStore("postgresql://me@127.0.0.1:1/db").catch(() => undefined);
      console.log(before, count() > 0);`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    expect(stdout.trim()).toBe("0 true");
  });
});
