import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { packages, sourceFiles } from "../support/packages.js";

/** What messages count. */
const NOUNS = [
  ..."alerts bytes candidates columns decisions epochs errors features fields files groups inputs items layers".split(
    " ",
  ),
  ..."lines models nights numbers objects packets parameters points problems requests rows scores shards".split(" "),
  ..."sources stamps tensors trials triplets values weights workers".split(" "),
];
const COUNTED = new RegExp(String.raw`\$\{([^{}\`]+)\} (?:${NOUNS.join("|")})\b`, "g");
/** A number of several by its nature, or one of many: a constant, `3 of 5 alerts`, `63 x 63 values`, a written figure. */
const SEVERAL = /^[A-Z_]+(\.[a-z]+)?$|toFixed|toLocaleString/;
const PART = /(\bof|\bx|than the) $/;
/** A noun chosen by hand. */
const CHOSEN = /\} \$\{[^{}]+ === 1 \? "|=== 1 \? [`"]1 /;

function uncounted(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const bare = [...line.matchAll(COUNTED)].filter(
      ({ 1: counted, index }) => !SEVERAL.test(counted) && !PART.test(line.slice(0, index)),
    );
    return bare.length > 0 || CHOSEN.test(line) ? [line.trim()] : [];
  });
}

it("finds a count that would say 1 alerts", () => {
  expect(uncounted("complain(`${errors} inputs could not be read`)")).toHaveLength(1);
  expect(uncounted('`${count} ${count === 1 ? "alert" : "alerts"}`')).toHaveLength(1);
  expect(uncounted('`${countOf(errors, "input")} of ${all} inputs`')).toEqual([]);
});

describe.each(packages.map(({ folder, path }) => [folder, path] as const))("%s", (_, path) => {
  it("counts with countOf of @btsbot/errors", () => {
    const found = sourceFiles(path).flatMap((file) =>
      uncounted(readFileSync(`${path}src/${file}`, "utf8")).map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
  });
});
