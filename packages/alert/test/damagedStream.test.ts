import { encodeAlerts, readAlerts, readAlertStream } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import type { SafeResult } from "@btsbot/errors";
import fc from "fast-check";
import { expect, it } from "vitest";
import { makeAlert } from "./support/makeAlert.js";

const CANDIDS = [1n, 2n, 3n, 4n];
const PACKETS = CANDIDS.map((candid) => encodeAlerts([{ ...makeAlert(), candid }]));
const PACKET = PACKETS[0].length;

/** The packets one after the other; of the second, bytes are something else, or gone. */
function damage(from: number, replaced: Uint8Array, lost: number): Uint8Array {
  const second = PACKETS[1].slice();
  second.set(replaced.subarray(0, second.length - from), from);
  const kept = [second.subarray(0, from + replaced.length), second.subarray(from + replaced.length + lost)];
  return Buffer.concat([PACKETS[0], ...kept, PACKETS[2], PACKETS[3]]);
}

async function* cut(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

it("loses nothing but the packet that is damaged, and says how much that was", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(PACKET - 1),
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(200),
      fc.integer({ min: 97, max: 5000 }),
      async (from, replaced, lost, size) => {
        const bytes = damage(from, replaced, lost);
        const outcomes: SafeResult<Alert>[] = [];
        for await (const outcome of readAlertStream(cut(bytes, size))) outcomes.push(outcome);
        const candids = outcomes.flatMap((each) => (each.success ? [each.data.candid] : []));
        expect(candids.filter((candid) => [1n, 3n, 4n].includes(candid))).toEqual([1n, 3n, 4n]);
        // Another value of a field may be as good as the one that was there.
        expect(candids.length).toBeLessThanOrEqual(4);
        expect(outcomes.length - candids.length).toBeLessThanOrEqual(1);
        // Where a length is too large, the message says what was left: that depends on how the stream was cut.
        const inShort = (each: (typeof outcomes)[number]) => (each.success ? each.data.candid : "damaged");
        expect([...readAlerts(bytes)].map(inShort)).toEqual(outcomes.map(inShort));
      },
    ),
    { numRuns: 100, seed: 5 },
  );
});

it.each([
  ["the magic", 0],
  ["the schema", Buffer.from(PACKETS[1]).indexOf("{")],
  ["the marker at the end", PACKET - 1],
])("says where the reading goes on after damage to %s", (_, at) => {
  const bytes = damage(at, Uint8Array.of(PACKETS[1][at] ^ 0xff), 0);
  const [first, error, ...others] = [...readAlerts(bytes)];
  expect([first, ...others].map(({ success }) => success)).toEqual([true, true, true]);
  const { message, hint } = error.success ? { message: "" } : error.error.problems[0];
  expect(message).toMatch(
    new RegExp(`\\d+ bytes skipped; the reading goes on with the container at byte ${2 * PACKET}`),
  );
  expect(hint).toContain("skipped");
});

it("gives the error alone where nothing follows", () => {
  const outcomes = [...readAlerts(Buffer.concat([PACKETS[0], PACKETS[1].subarray(0, PACKET - 9)]))];
  expect(outcomes.map((each) => each.success || each.error.code)).toEqual([true, "avro-truncated"]);
  expect(JSON.stringify(outcomes[1])).not.toContain("skipped");
});

it("gives up what only looks like containers", () => {
  const bytes = new Uint8Array(1 << 22);
  for (let at = 0; at < bytes.length; at += 4) bytes.set([0x4f, 0x62, 0x6a, 1], at);
  const since = performance.now();
  expect([...readAlerts(bytes)]).toHaveLength(1);
  expect(performance.now() - since).toBeLessThan(2000);
});
