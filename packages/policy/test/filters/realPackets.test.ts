import { toLightCurve } from "@btsbot/alert";
import { beforeAll, expect, it } from "vitest";
import { describeWithData } from "../../../../test/support/testData.js";
import { readReferenceAlerts } from "../../../../test/support/reference.js";
import { applyFilter, FILTERS, getFilter } from "../../src/index.js";
import type { FilterResult } from "../../src/index.js";
import { toGalactic } from "@btsbot/sky";

/** Of the 132 packets, how many each filter lets through. */
const PASSED = {
  "bts-2020": 8,
  "bts-production": 7,
  "bts-simplified": 8,
  "acai-paper": 0,
  "acai-fritz": 11,
  "btsbot-nearby-sedm": 6,
  "btsbot-nearby-swift": 6,
  bright: 95,
  "galactic-latitude": 113,
  "real-bogus": 100,
  stationary: 59,
  "not-asteroid": 116,
  "not-bright-star": 97,
  "not-point-source": 47,
  "not-variable": 55,
  none: 132,
};

/** What rejects a supernova: by its numbers, never by a cut on what it is. */
const LOST: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "acai-paper": {
    "1105522281015015000": "ndethist 8 >= 5",
    "1127495406315015005": "ndethist 31 >= 5",
    "1127536316315015004": "ndethist 33 >= 5",
    "1127561442515015001": "ndethist 76 >= 5",
  },
  // Their last upper limits are 7.0, 10.0, 10.0 and 21.2 days old: these filters are for younger ones.
  "btsbot-nearby-sedm": Object.fromEntries(
    ["1105522281015015000", "1127495406315015005", "1127536316315015004", "1127561442515015001"].map((candid) => [
      candid,
      "recentlimit: upper limits under 3.5 d before: 0 < 1",
    ]),
  ),
  "btsbot-nearby-swift": {
    "1105522281015015000": "recentlimit: upper limits under 3.5 d before: 0 < 1",
    // Seen last 2.95 days before.
    "1127495406315015005":
      "stationary: positive detections over 0.007 and under 2.5 d before, magpsf under 99: 0 < 1; recentlimit: upper limits under 3.5 d before: 0 < 1",
    "1127536316315015004": "recentlimit: upper limits under 3.5 d before: 0 < 1",
    "1127561442515015001": "recentlimit: upper limits under 3.5 d before: 0 < 1",
  },
};
const SUPERNOVAE = ["ZTF20aaelulu", "ZTF20aajcdad", "ZTF20aafsnpp"];

describeWithData("the packets of the data folder through every ready filter", (folder) => {
  let packets: ReturnType<typeof readReferenceAlerts>;
  const results = new Map<string, FilterResult[]>();

  beforeAll(() => {
    packets = readReferenceAlerts(folder);
    for (const filter of FILTERS) {
      results.set(
        filter.name,
        packets.map(({ alert, reference }) => applyFilter(filter, alert, { scores: numbersOf(reference.scores) })),
      );
    }
  });

  it.each(Object.entries(PASSED))("%s lets %i through, and gives the others a reason", (name, passed) => {
    const all = results.get(name)!;
    expect(all).toHaveLength(132);
    expect(all.filter(({ pass }) => pass)).toHaveLength(passed);
    for (const { pass, reason, checks } of all) {
      expect(pass).toBe(checks.every((check) => check.pass));
      expect(reason).toMatch(pass ? /^every check holds: / : /(is|are) missing|[<>]=? |is not |isdiffpos is /);
    }
  });

  it("covers every ready filter", () => {
    expect(Object.keys(PASSED)).toEqual(FILTERS.map(({ name }) => name));
  });

  it.each(FILTERS.map(({ name }) => [name]))(
    "%s keeps SN 2020oi, SN 2020bcq and SN 2020zi, or rejects them by their numbers",
    (name) => {
      const supernovae = packets.flatMap(({ reference }, index) =>
        SUPERNOVAE.includes(reference.objectId) ? [index] : [],
      );
      expect(supernovae).toHaveLength(4);
      for (const index of supernovae) {
        const { pass, reason } = results.get(name)![index];
        expect(pass ? undefined : reason, packets[index].reference.objectId).toBe(
          LOST[name]?.[packets[index].reference.candid],
        );
      }
    },
  );

  it("rejects every packet that lies on a known solar-system object, by that", () => {
    const asteroids = packets.flatMap(({ alert: { candidate } }, index) => {
      const [distance, magnitude] = [candidate.ssdistnr, candidate.ssmagnr].map(Number);
      return distance >= 0 && distance < 12 && magnitude < 20 ? [index] : [];
    });
    expect(asteroids).toHaveLength(16);
    const rocks = {
      "bts-2020": "rock",
      "bts-production": "rock",
      "bts-simplified": "rock",
      "acai-paper": "rock",
      "acai-fritz": "norock",
      "btsbot-nearby-sedm": "norock",
      "btsbot-nearby-swift": "norock",
      "not-asteroid": "rock",
    };
    for (const [name, check] of Object.entries(rocks)) {
      const rejected = results
        .get(name)!
        .flatMap(({ checks }, index) => (checks.some((each) => each.name === check && !each.pass) ? [index] : []));
      expect(rejected, name).toEqual(asteroids);
    }
  });

  it("says of the 2017 packet, which has neither drb nor a bright star of Gaia, what is missing", () => {
    const old = packets.findIndex(({ reference }) => reference.file === "ipac__121540793515135000.avro");
    expect(results.get("bts-production")![old].reason).toBe(
      "real: drb is missing, so lowest; brightstar: |neargaiabright| is missing, so lowest and |maggaiabright| is missing, so lowest",
    );
    expect(results.get("bts-2020")![old].missing).toEqual(expect.arrayContaining(["drb", "neargaiabright"]));
  });

  it("has the Galactic latitudes of an independent implementation, to 1e-4 degrees", () => {
    const differences = packets.flatMap(({ alert: { candidate }, reference }) => {
      const expected = reference.features_alerce?.gal_lat;
      return typeof expected === "number"
        ? [Math.abs(toGalactic(candidate.ra!, candidate.dec!).latitude - expected)]
        : [];
    });
    expect(differences.length).toBeGreaterThan(120);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });

  it("comes to the same with the packet's own history given", () => {
    for (const name of ["bts-2020", "bts-production", "btsbot-nearby-sedm"]) {
      const filter = getFilter(name);
      const given = packets.map(({ alert }) => applyFilter(filter, alert, { history: toLightCurve(alert) }));
      expect(given).toEqual(results.get(name));
    }
  });

  it("gives reasons that read true, with the alert's own numbers in them", () => {
    let read = 0;
    for (const { checks } of [...results.values()].flat()) {
      for (const { reason, values } of checks) {
        const clauses = reason.split(" and ").filter((clause) => COMPARISON.test(clause));
        for (const clause of clauses) read += Number(readsTrue(clause, values));
      }
    }
    expect(read).toBeGreaterThan(10_000);
  });
});

const NUMBER = "-?\\d[\\d.e-]*";
const COMPARISON = new RegExp(`(${NUMBER}) (<=|>=|<|>|==|is not) (.*: |[^ ]+ )?(${NUMBER})$`);

/** Checks one clause, such as "0 <= ssdistnr 3.2 < 12"; of a chain, the last two sides. */
function readsTrue(clause: string, values: Readonly<Record<string, number | null>>): boolean {
  const [whole, left, operator, , right] = COMPARISON.exec(clause)!;
  const [a, b] = [Number(left), Number(right)];
  const holds = { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a === b, "is not": a !== b }[operator];
  expect(holds, clause).toBe(true);
  const label = /([^ ]+) $/.exec(clause.slice(0, clause.length - whole.length))?.[1];
  if (label !== undefined && values[label] !== undefined) expect(a, clause).toBe(Number(values[label]!.toPrecision(6)));
  return true;
}

function numbersOf(scores: object | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(scores ?? {}).filter(([, value]) => typeof value === "number"));
}
