import { toLightCurve } from "@btsbot/alert";
import { DECISION } from "@btsbot/core";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { toSafe } from "@btsbot/errors";
import { extractFeatures, getProfile } from "@btsbot/features";
import { createTfjsEngine } from "@btsbot/tfjs";
import { expect, it } from "vitest";
import { readPublishedModel } from "../support/publishedModel.js";
import { readReferenceAlerts } from "../support/reference.js";
import { describeWithData } from "../support/testData.js";

describeWithData("BOOM's two mistakes of age, one by one, as docs/parity.md tells", (folder) => {
  it("flips 5 decisions by the sign, 8 by the first date, and the same 8 by both", async () => {
    const prepared = await createTfjsEngine().prepare(await readPublishedModel(folder));
    const counts = { scored: 0, sign: 0, first: 0, both: 0, firstOrBoth: 0 };
    for (const { alert } of readReferenceAlerts(folder)) {
      const context = { alert, history: toLightCurve(alert) };
      const { names, values, reasons } = extractFeatures(getProfile("btsbot-v1"), context);
      const triplet = toSafe(() => toTriplet(readStamps(alert)));
      if (!triplet.success || reasons.length > 0) continue;
      const boom = extractFeatures(getProfile("boom-2025"), context).values;
      const [age, toPeak] = [names.indexOf("age"), names.indexOf("days_to_peak")];
      const decide = async (changes: ReadonlyMap<number, number>): Promise<boolean> => {
        const metadata = Float32Array.from(values, (value, place) => changes.get(place) ?? value);
        const [score] = await prepared.predict({ triplet: triplet.data.pixels, metadata }, 1);
        return score >= DECISION;
      };
      const base = await decide(new Map());
      const first =
        base !==
        (await decide(
          new Map([
            [age, -boom[age]],
            [toPeak, boom[toPeak]],
          ]),
        ));
      const both =
        base !==
        (await decide(
          new Map([
            [age, boom[age]],
            [toPeak, boom[toPeak]],
          ]),
        ));
      counts.scored += 1;
      counts.sign += Number(base !== (await decide(new Map([[age, -values[age]]]))));
      counts.first += Number(first);
      counts.both += Number(both);
      counts.firstOrBoth += Number(first || both);
    }
    prepared.dispose();
    expect(counts).toEqual({ scored: 130, sign: 5, first: 8, both: 8, firstOrBoth: 8 });
  });
});
