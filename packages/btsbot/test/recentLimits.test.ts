import type { Alert } from "@btsbot/alert";
import { expect, it } from "vitest";
import { recentLimits } from "../src/terminal/recentLimits.js";

const limit = (jd: number): { jd: number; fid: number; diffmaglim: number } => ({ jd, fid: 2, diffmaglim: 20.1 });
const detection = (jd: number): { jd: number; fid: number; magpsf: number } => ({ jd, fid: 1, magpsf: 18.9 });
const alertAt = (jd: number, history: Alert["prv_candidates"]): Alert => ({
  objectId: "A",
  candid: BigInt(jd),
  candidate: detection(jd),
  prv_candidates: history!,
});

it("gives the limits since the detection before, and all of them to the first", () => {
  const history = [limit(1), limit(2), detection(3), limit(4), detection(5), limit(6)];
  const alerts = [3, 5, 7].map((jd) =>
    alertAt(
      jd,
      history.filter((each) => each.jd < jd),
    ),
  );
  expect(alerts.map((alert) => recentLimits(alert).map(({ jd }) => jd))).toEqual([[1, 2], [4], [6]]);
});

it("leaves out what is no limit or not before the alert", () => {
  expect(recentLimits(alertAt(7, [{ jd: 2, fid: 1 }, { jd: 3, fid: 1, diffmaglim: NaN }, limit(7), limit(8)]))).toEqual(
    [],
  );
  expect(recentLimits(alertAt(7, null))).toEqual([]);
});
