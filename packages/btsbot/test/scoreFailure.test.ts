import type * as Core from "@btsbot/core";
import { expect, it, vi } from "vitest";
import { fillCache, makeAlert, writePacket } from "./support/packets.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

vi.mock("@btsbot/core", async (original) => ({
  ...(await original<typeof Core>()),
  createScorer: () => ({
    // eslint-disable-next-line require-yield -- fails before it has anything to give
    scoreAlerts: async function* () {
      throw new Error("the engine ran out of memory");
    },
    dispose: () => {
      throw new Error("the engine is gone");
    },
  }),
}));

it("tells the first error, not that of letting the engine go", async () => {
  const file = writePacket(temporaryFolder(), "a.avro", [makeAlert(0)]);
  const { status, stderr } = await run(["score", file], { cache: await fillCache(temporaryFolder()) });
  expect(status).toBe(70);
  expect(stderr).toContain("the engine ran out of memory");
  expect(stderr).not.toContain("the engine is gone");
});
