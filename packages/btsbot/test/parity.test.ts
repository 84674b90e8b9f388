import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";
import { run, temporaryFolder } from "./support/runInProcess.js";

const MODEL = "btsbot-v1.0.1";
/** Largest difference of a score from the reference, which is computed in float64. */
const TOLERANCE = 1e-5;

interface Reference {
  readonly file: string;
  readonly index: number;
  readonly candid: string;
  readonly scores?: Readonly<Record<string, number | null>>;
}

interface Line {
  readonly file: string;
  readonly index: number;
  readonly candid: string;
  readonly scores: Readonly<
    Record<string, { readonly status: string; readonly score: number; readonly reasons: readonly unknown[] }>
  >;
}

describeWithData("btsbot score on real packets", (dataFolder) => {
  it("gives every alert of the folder the reference's score, or a reason where it has none", async () => {
    const cache = temporaryFolder();
    await run(["models", "pull", MODEL, "--from", `${dataFolder}/models`], { cache });
    const { status, lines } = await run(["score", `${dataFolder}/alerts`], { cache });
    expect(status).toBe(0);
    const found = new Map((lines() as unknown as Line[]).map((line) => [`${basename(line.file)}/${line.index}`, line]));
    const references = JSON.parse(readFileSync(`${dataFolder}/reference/scores.json`, "utf8")) as Reference[];
    expect(found.size).toBe(references.length);
    for (const { file, index, candid, scores } of references) {
      const line = found.get(`${file}/${index}`)!;
      const expected = scores?.[MODEL] ?? null;
      const { status: outcome, score, reasons } = line.scores[MODEL];
      expect([line.candid, outcome], file).toEqual([candid, expected === null ? "unscored" : "scored"]);
      if (expected === null) expect(reasons.length, file).toBeGreaterThan(0);
      else expect(Math.abs(score - expected), file).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
