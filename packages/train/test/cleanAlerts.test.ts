import { cleanAlerts, CUTS } from "@btsbot/train";
import { expect, it } from "vitest";
import { makeAlert } from "./support/makeAlerts.js";

const alerts = [
  makeAlert(0),
  makeAlert(1, { hasImage: false, fid: 3 }),
  makeAlert(2, { fid: 3 }),
  makeAlert(3, { objectId: "ZTF20aaaaaac", positive: false }),
  makeAlert(4, { positive: null }),
  makeAlert(5, { hasPs1: false }),
  makeAlert(6, { hasFeatures: false }),
  makeAlert(7, { objectId: "ZTF18abdiasx", label: 0 }),
  makeAlert(8, { objectId: "ZTF18abdiasx", label: 1 }),
  makeAlert(9, { objectId: "ZTF19excluded" }),
  makeAlert(10, { fid: 2, label: 1 }),
];

it("makes every cut, each alert counted once, by the first that removes it", () => {
  const { kept, counts } = cleanAlerts(alerts, { exclude: ["ZTF19excluded"] });
  expect(kept.map(({ row }) => row)).toEqual([0, 10]);
  expect(Object.fromEntries(counts.map(({ cut, alerts: count, sources }) => [cut, [count, sources]]))).toEqual({
    "corrupt-stamp": [1, 1],
    "ambiguous-label": [2, 1],
    "excluded-source": [1, 1],
    "i-band": [1, 1],
    "negative-difference": [2, 2],
    "ps1-absent": [1, 1],
    "feature-missing": [1, 1],
  });
  expect(counts.map(({ cut }) => cut)).toEqual(CUTS);
});

it("leaves out what no network can read even if only other cuts are asked for", () => {
  const { kept } = cleanAlerts(alerts, { cuts: ["i-band"] });
  expect(kept.map(({ row }) => row)).toEqual([0, 3, 4, 5, 7, 8, 9, 10]);
});

it("does not change what it is given", () => {
  const before = structuredClone(alerts);
  cleanAlerts(alerts);
  expect(alerts).toEqual(before);
});
