import { beforeAll, describe, expect, it } from "vitest";
import { setup } from "../setup.js";
import { describeWithData } from "../support/testData.js";
import { readdirSync } from "node:fs";

interface Found {
  readonly cases: number;
  readonly problems: readonly { readonly number: number; readonly form: string; readonly problem: string }[];
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Measured {
  readonly what: string;
  readonly got: string;
  readonly ms: number;
  readonly mb: number;
}

/** In CI a minute, elsewhere a moment; `npm run check:long` runs as many cases as one likes. */
const SECONDS = process.env.CI ? 60 : 5;
/** Hostile inputs, a hundred a process. */
const HOSTILE = process.env.CI ? 800 : 100;
/** What a hostile input may take: processor time, ms, and memory over the process's base, MB. */
const [MOST_MS, MOST_MB] = [100, 64];

// Built code: the runs of hours and the processes of their own use it too.
beforeAll(() => setup(() => undefined));

describe("mutated packets, archives, messages, documents and stamps", () => {
  it(
    "give alerts or typed errors, in time, the same as another implementation, and no pixels out of nothing",
    async () => {
      const { fuzz } = (await import("./fuzz.js")) as { fuzz: (options: object) => Promise<Found> };
      const { cases, problems, outcomes } = await fuzz({ seconds: SECONDS });
      expect(problems).toEqual([]);
      expect(cases).toBeGreaterThan(50);
      // Neither all refused nor all read, or little would be tried.
      for (const good of ["container alert", "json alert", "stamp stamp", "datum as avsc", "archive alert"])
        expect(outcomes[good], good).toBeGreaterThan(0);
      expect(Object.keys(outcomes).length).toBeGreaterThan(15);
    },
    (SECONDS + 120) * 1000,
  );
});

describe("hostile inputs", () => {
  const load = async (): Promise<{
    measureHostile: (from: number, count: number) => Measured[];
    measureFiles: (files: readonly string[]) => Measured[];
  }> => (await import("./runHostile.js")) as never;

  it(`take at most ${MOST_MS} ms and ${MOST_MB} MB, and end typed`, async () => {
    const { measureHostile } = await load();
    for (let from = 0; from < HOSTILE; from += 100) {
      const measured = measureHostile(from, 100);
      expect(measured.filter(({ got }) => got.startsWith("untyped"))).toEqual([]);
      // A busy machine makes anything slow, and its collector late: what is above the bars is measured again.
      const isSlow = ({ ms }: Measured): boolean => ms > MOST_MS;
      const slow = measured.flatMap((each, i) => (isSlow(each) ? [from + i] : []));
      // The least of several measurements is what the input itself takes.
      const again = slow.map((seed) => {
        const repeats = Array.from({ length: 4 }, () => measureHostile(seed, 1)[0]);
        return repeats.reduce((least, each) => (each.ms < least.ms ? each : least));
      });
      expect(again.filter(isSlow)).toEqual([]);
      const most = (all: readonly Measured[]): number => Math.max(...all.map(({ mb }) => mb));
      if (most(measured) > MOST_MB) expect(most(measureHostile(from, 100))).toBeLessThan(1.25 * MOST_MB);
    }
  }, 600_000);

  describeWithData("of the data folder", (folder) => {
    it("end typed, within the same bars", async () => {
      const { measureFiles } = await load();
      const files = readdirSync(`${folder}/cases/hostile`).map((file) => `${folder}/cases/hostile/${file}`);
      const measured = measureFiles(files);
      expect(measured.length).toBeGreaterThan(0);
      for (const { what, got, ms, mb } of measured) {
        expect(got, what).toMatch(/^(?:limit-exceeded|avro-length-invalid)$/);
        expect(ms, what).toBeLessThan(MOST_MS);
        expect(mb, what).toBeLessThan(MOST_MB);
      }
    });
  });
});
