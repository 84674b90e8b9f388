import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isInstalled } from "../setup.js";

it("notices a package whose folder is gone while npm's record names it", () => {
  const folder = `${mkdtempSync(join(tmpdir(), "btsbot-setup-"))}/`;
  const record = JSON.stringify({ packages: { "node_modules/one": { version: "1.0.0" } } });
  mkdirSync(`${folder}node_modules/one`, { recursive: true });
  writeFileSync(`${folder}package-lock.json`, record);
  writeFileSync(`${folder}node_modules/.package-lock.json`, record);
  expect(isInstalled(folder)).toBe(true);
  rmSync(`${folder}node_modules/one`, { recursive: true });
  expect(isInstalled(folder)).toBe(false);
  rmSync(folder, { recursive: true });
});
