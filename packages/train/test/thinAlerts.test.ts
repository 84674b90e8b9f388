import { thinAlerts } from "@btsbot/train";
import type { TrainingAlert } from "@btsbot/train";
import { describe, expect, it } from "vitest";
import { makeAlert } from "./support/makeAlerts.js";

const many = (objectId: string, length: number, className: string | null, first = 0): TrainingAlert[] =>
  Array.from({ length }, (_, place) => makeAlert(first + place, { objectId, className }));
const rows = (alerts: readonly TrainingAlert[]): number[] => alerts.map(({ row }) => row);

describe("thinAlerts", () => {
  it("in training, keeps so many of a transient by lot, over all of its life", () => {
    const kept = rows(thinAlerts(many("ZTF20aaelulu", 4000, "SN Ia"), "train", { max: 1000 }));
    expect(kept.length).toBe(1000);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    // Uniform: each quarter of the life has a quarter of them, up to four standard deviations.
    for (let quarter = 0; quarter < 4; quarter++) {
      const own = kept.filter((row) => Math.floor(row / 1000) === quarter).length;
      expect(Math.abs(own - 250)).toBeLessThan(4 * Math.sqrt(1000 * 0.25 * 0.75));
    }
  });

  it("in every part, keeps the latest of what lives long", () => {
    for (const split of ["train", "validation", "test"] as const) {
      expect(rows(thinAlerts(many("ZTF18agn", 30, "AGN").reverse(), split, { max: 4 }))).toEqual([29, 28, 27, 26]);
    }
  });

  it("in validation and test, keeps all of the others", () => {
    for (const split of ["validation", "test"] as const) {
      expect(thinAlerts(many("ZTF20aaelulu", 30, "SN Ia"), split, { max: 4 }).length).toBe(30);
    }
  });

  it("leaves sources with N_max or fewer as they are, and takes 100 and no limit", () => {
    const alerts = [...many("a", 100, null), ...many("b", 101, null, 100)];
    expect(thinAlerts(alerts, "train").length).toBe(200);
    expect(thinAlerts(alerts, "train", { max: Infinity })).toEqual(alerts);
  });

  it("chooses the same whatever the order and the other sources, and others by another seed", () => {
    const own = many("ZTF20aaelulu", 50, null);
    const kept = rows(thinAlerts(own, "train", { max: 10 }));
    const mixed = [...many("ZTF20aajcdad", 70, null, 100), ...own.toReversed()];
    expect(
      rows(thinAlerts(mixed, "train", { max: 10 }))
        .filter((row) => row < 50)
        .sort((a, b) => a - b),
    ).toEqual(kept);
    expect(rows(thinAlerts(own, "train", { max: 10, seed: 1 }))).not.toEqual(kept);
  });
});
