import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/packages.js";
import { setup } from "../setup.js";
import { runProgram } from "./runProgram.js";
import type { Outcome } from "./runProgram.js";

/** A line of the table: source, magnitude, score, when the policies fired, verdict, truth. */
const ROW =
  /^(ZTF\d\d[a-z]{7}) +(\d+\.\d\d) +(\d\.\d{3}) +(\d\d \w{3} \d\d:\d\d)? +(\d\d \w{3} \d\d:\d\d)? *([✓✗]) {2}(.+)$/;

describe("npm run demo", () => {
  let outcome: Outcome;
  let rows: string[][];
  let page: string;

  beforeAll(async () => {
    setup(() => undefined);
    // The cache is a folder that is not there: the demo needs no other model than the one that ships.
    outcome = await runProgram(["examples/demo.js"], "/nonexistent");
    rows = outcome.stdout.split("\n").flatMap((line) => {
      const cells = ROW.exec(line);
      return cells === null ? [] : [cells.slice(1)];
    });
    page = readFileSync(`${root}examples/out/demo.html`, "utf8");
  });

  it("ends well, in silence but for its table", () => {
    expect([outcome.status, outcome.stderr]).toEqual([0, ""]);
    expect(outcome.stdout).toContain("SYNTHETIC");
    expect(outcome.stdout).toContain("btsbot-mini");
  });

  it("picks what has two alerts of 0.5 or more, and in the order of the decisions", () => {
    expect(rows.length).toBeGreaterThan(10);
    for (const [, mag, score, first, second] of rows) {
      expect(Number(score)).toBeGreaterThanOrEqual(0.5);
      expect(Number(mag)).toBeLessThanOrEqual(19);
      expect(first).toBeDefined();
      // bts_p2 asks for one more thing: 18.5 mag or brighter, once.
      if (second !== undefined) expect(Number(mag)).toBeLessThanOrEqual(18.5);
    }
    const moments = rows.map(([, , , first]) => Date.parse(`${first} 2023 UTC`));
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
  });

  it("counts what is right by the truth beside it", () => {
    const right = rows.filter(([, , , , , verdict]) => verdict === "✓");
    expect(outcome.stdout).toContain(`✓ ${right.length} of ${rows.length} are what the survey wants`);
    for (const [, , , , , , truth] of right) expect(truth).toMatch(/^(SN |TDE).*, peak (1[0-7]\.\d|18\.[0-5]) on /);
    // Most of what is picked is right: chance alone would give a sixth.
    expect(right.length / rows.length).toBeGreaterThan(0.5);
  });

  it("writes a page that loads nothing from elsewhere, with stamps, light curve and reasons of each", () => {
    expect(page.match(/(src|href|url)[=(]["']?(?!data:)[^"')\s]+/g) ?? []).toEqual([]);
    const [, picked] = page.split("<section>");
    const cards = picked.split("<article ").slice(1);
    expect(cards).toHaveLength(rows.length);
    for (const [place, [source, , , , second, verdict]] of rows.entries()) {
      expect(cards[place]).toMatch(new RegExp(`^class="${verdict === "✓" ? "right" : "wrong"}">\\s*<h3>${source}`));
      expect(cards[place]).toContain("url(data:image/png;base64,");
      expect(cards[place]).toContain("<svg");
      expect(cards[place]).toMatch(/<b>bts_p1<\/b> trigger, priority 1.*2 of 2 alerts/);
      expect(cards[place].includes("<b>bts_p2</b>")).toBe(second !== undefined);
    }
  });
});
