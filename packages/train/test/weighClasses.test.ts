import { weighClasses } from "@btsbot/train";
import { expect, it } from "vitest";
import { makeAlert } from "./support/makeAlerts.js";

const alerts = [1, 1, 0, 0, 0, 0, 0, 0].map((label, row) => makeAlert(row, { label, objectId: `s${label}${row % 2}` }));

it("gives classes equal parts in the loss, by alerts or by sources", () => {
  expect(weighClasses(alerts, 2)).toEqual([8 / 12, 2]);
  expect(weighClasses(alerts, 2, "sources")).toEqual([1, 1]);
  const [no, yes] = weighClasses(alerts, 2);
  expect(6 * no).toBe(2 * yes);
});

it("gives 0 to a class that nothing belongs to", () => {
  expect(weighClasses(alerts, 3)).toEqual([8 / 18, 8 / 6, 0]);
  expect(weighClasses([], 2)).toEqual([0, 0]);
});
