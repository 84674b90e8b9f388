import { encodeAlerts, readAlertStream, toJson } from "@btsbot/alert";
import fc from "fast-check";
import { expect, it } from "vitest";
import { makeAlert } from "./support/makeAlert.js";

const ALERTS = [makeAlert(), makeAlert(), makeAlert()];
/** The same alerts in each form in which they can follow each other. */
const FORMS = {
  "containers one after the other": Buffer.concat(ALERTS.map((alert) => encodeAlerts([alert]))),
  "one container of several blocks": Buffer.from(encodeAlerts(ALERTS)),
  "lines of JSON": Buffer.from(ALERTS.map((alert) => `${JSON.stringify(toJson(alert))}\n`).join("")),
};

/** How many alerts a stream has given when it asks for more than there is as yet. */
async function readUntilSilent(bytes: Uint8Array, cuts: readonly number[]): Promise<number> {
  const ends = [...new Set([...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
  let fallSilent: (given: "silent") => void;
  const silent = new Promise<"silent">((resolve) => (fallSilent = resolve));
  async function* chunks() {
    let from = 0;
    for (const end of ends) {
      yield bytes.subarray(from, end);
      from = end;
    }
    fallSilent("silent");
    await new Promise(() => undefined);
  }
  const outcomes = readAlertStream(chunks());
  for (let given = 0; ; given += 1) {
    const next = await Promise.race([outcomes.next(), silent]);
    if (next === "silent") return given;
    expect(next.value?.success).toBe(true);
  }
}

it.each(Object.entries(FORMS))("%s: whatever has come whole is given, however it was cut", async (_, bytes) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1 << 20), { maxLength: 8 }), async (cuts) => {
      expect(await readUntilSilent(bytes, cuts)).toBe(ALERTS.length);
    }),
    { numRuns: 200 },
  );
});
