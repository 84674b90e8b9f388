import type { Candidate } from "@btsbot/alert";
import { applyAlerceRules } from "@btsbot/core";
import { describe, expect, it } from "vitest";

const SN = { AGN: 0.1, SN: 0.6, VS: 0.1, asteroid: 0.1, bogus: 0.1 };
const AGN = { ...SN, AGN: 0.7 };
const ALL = { solarSystem: true, negativeSupernovae: true, supernovaeOnStars: true };

function alert(change: Partial<Candidate> = {}): { candidate: Candidate } {
  return { candidate: { jd: 2461000, fid: 1, isdiffpos: "t", ssdistnr: -999, sgscore1: 0.1, distpsnr1: 5, ...change } };
}

describe("applyAlerceRules", () => {
  it("changes nothing unless asked to", () => {
    const all = alert({ isdiffpos: "f", ssdistnr: 1, sgscore1: 0.9, distpsnr1: 0.1 });
    expect(applyAlerceRules(all, SN)).toEqual({ dropped: false, classes: SN });
    expect(applyAlerceRules(alert(), SN, ALL)).toEqual({ dropped: false, classes: SN });
  });

  it("calls what has a known object beside it an asteroid, before all else", () => {
    const asteroid = { AGN: 0, SN: 0, VS: 0, asteroid: 1, bogus: 0 };
    expect(applyAlerceRules(alert({ ssdistnr: 12, isdiffpos: "f" }), SN, ALL)).toEqual({
      dropped: false,
      classes: asteroid,
    });
    for (const ssdistnr of [-999, null, undefined]) {
      expect(applyAlerceRules(alert({ ssdistnr }), AGN, { solarSystem: true })).toEqual({
        dropped: false,
        classes: AGN,
      });
    }
  });

  it.each(["f", "0", -1])("drops likely supernovae of a negative difference, written %s", (isdiffpos) => {
    const negative = alert({ isdiffpos } as Partial<Candidate>);
    expect(applyAlerceRules(negative, SN, ALL)).toEqual({ dropped: true, rule: "negativeSupernovae" });
    expect(applyAlerceRules(negative, AGN, ALL).dropped).toBe(false);
    expect(applyAlerceRules(negative, SN, { supernovaeOnStars: true }).dropped).toBe(false);
  });

  it("drops likely supernovae on stars", () => {
    const rules = { supernovaeOnStars: true };
    expect(applyAlerceRules(alert({ sgscore1: 0.51, distpsnr1: 0.99 }), SN, rules)).toEqual({
      dropped: true,
      rule: "supernovaeOnStars",
    });
    for (const change of [
      { sgscore1: 0.5, distpsnr1: 0 },
      { sgscore1: 1, distpsnr1: 1 },
      { sgscore1: -999, distpsnr1: -999 },
      { sgscore1: null },
      { sgscore1: 1, distpsnr1: null },
    ]) {
      expect(applyAlerceRules(alert(change), SN, rules).dropped).toBe(false);
    }
  });
});
