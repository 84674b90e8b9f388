import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CODES } from "@btsbot/errors";
import { expect, it } from "vitest";
import { root } from "../support/packages.js";
import { makeCodesPage } from "./makeCodesPage.js";

it("docs/codes.md is what the registry says (UPDATE=1 writes it)", () => {
  const path = `${root}docs/codes.md`;
  const page = makeCodesPage(CODES);
  if (process.env.UPDATE) writeFileSync(path, page);
  expect(existsSync(path) ? readFileSync(path, "utf8") : "", "run again with UPDATE=1 to write the page").toBe(page);
});
