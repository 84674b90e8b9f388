import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setup } from "../setup.js";
import { root } from "../support/packages.js";

/** What the landing page has a newcomer type, line by line; what it has installed is tried with the tarballs. */
const commands = [...readFileSync(`${root}docs/site/landing.md`, "utf8").matchAll(/^```sh\n(.*?)^```/gms)]
  .flatMap(([, block]) => block.replaceAll("\\\n", "").trim().split("\n"))
  .filter((line) => !line.startsWith("npm install"));

let folder: string;

beforeAll(() => {
  setup(() => undefined);
  folder = mkdtempSync(join(tmpdir(), "btsbot-landing-"));
  mkdirSync(join(folder, "cache"));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(process.platform === "win32")("a night is scanned as the landing page says", { timeout: 120_000 }, () => {
  expect(commands.length).toBeGreaterThanOrEqual(4);
  const env = {
    ...process.env,
    NO_COLOR: "1",
    PATH: `${root}node_modules/.bin${delimiter}${process.env.PATH}`,
    BTSBOT_CACHE: join(folder, "cache"),
  };
  const said = commands.map((line) =>
    execFileSync("sh", ["-c", line], { cwd: folder, env, encoding: "utf8", stdio: "pipe" }),
  );
  const decisions = readFileSync(join(folder, "decisions.jsonl"), "utf8").trim().split("\n");
  expect(decisions.length).toBeGreaterThan(10);
  expect(decisions.every((line) => "policy" in (JSON.parse(line) as object))).toBe(true);
  expect(said.at(-1)).toContain("bts_p1");
});
