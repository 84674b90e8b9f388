import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as files from "node:fs/promises";
import { parseAlert } from "@btsbot/alert";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { run, temporaryFolder } from "./support/runInProcess.js";

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof files>();
  return { ...real, writeFile: vi.fn(real.writeFile) };
});

const SURVEY = ["--nights", "2", "--sources", "12", "--seed", "7"];
let folder: string;

beforeEach(() => {
  folder = join(temporaryFolder(), "night");
});

describe("btsbot simulate", () => {
  it("writes a packet a file, named by its id, the schema, and a truth table of every source", async () => {
    const { status, stdout, stderr } = await run(["simulate", ...SURVEY, "--out", folder]);
    expect([status, stdout]).toEqual([0, ""]);
    const names = readdirSync(folder);
    const packets = names.filter((name) => name.endsWith(".avro"));
    expect(names.filter((name) => !packets.includes(name)).sort()).toEqual(["alert.avsc", "truth.csv"]);
    const [header, ...rows] = readFileSync(join(folder, "truth.csv"), "utf8").trim().split("\n");
    expect(header).toBe("objectId,label,class,peakmag,peakjd,redshift,ra,dec,saveJd,triggerJd");
    const alerts = packets.map((name) => [name, parseAlert(readFileSync(join(folder, name)))] as const);
    expect(alerts.map(([name]) => name)).toEqual(alerts.map(([, { candid }]) => `${candid}.avro`));
    expect(rows.map((row) => row.split(",")[0]).sort()).toEqual(
      [...new Set(alerts.map(([, { objectId }]) => objectId))].sort(),
    );
    expect(rows).toHaveLength(12);
    expect(stderr).toBe(
      `${packets.length} alerts of 12 sources in ${folder}, and the truth in ${join(folder, "truth.csv")}\n`,
    );
    expect(JSON.parse(readFileSync(join(folder, "alert.avsc"), "utf8"))).toMatchObject({
      name: "alert",
      version: "4.02",
    });
  });

  it("writes the same bytes again", async () => {
    const other = join(temporaryFolder(), "again");
    await run(["simulate", ...SURVEY, "--out", folder]);
    await run(["simulate", ...SURVEY, "--out", other]);
    expect(readdirSync(other)).toEqual(readdirSync(folder));
    for (const name of readdirSync(folder))
      expect(readFileSync(join(other, name)).equals(readFileSync(join(folder, name))), name).toBe(true);
  });

  it("does not mix two surveys", async () => {
    await run(["simulate", "--sources", "1", "--out", folder]);
    const { status, stderr } = await run(["simulate", "--sources", "1", "--out", folder]);
    expect(status).toBe(2);
    expect(stderr).toContain("holds files already");
  });

  it("says so where it cannot write", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const { status, stderr } = await run(["simulate", "--sources", "1", "--out", join(file, "night")]);
    expect(status).toBe(1);
    expect(stderr).toContain("cannot be written");
  });

  it("leaves whole packets on a full disk, and no other", async () => {
    const real = vi.mocked(files.writeFile).getMockImplementation()!;
    let left = 2;
    vi.mocked(files.writeFile).mockImplementation(async (...args) => {
      left -= 1;
      if (left >= 0) return real(...args);
      writeFileSync(args[0] as string, "half");
      throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    });
    const { status, stderr } = await run(["simulate", ...SURVEY, "--out", folder]);
    vi.mocked(files.writeFile).mockImplementation(real);
    expect(status).toBe(1);
    expect(stderr).toContain("no room left");
    expect(readdirSync(folder)).toHaveLength(2);
    for (const name of readdirSync(folder))
      expect(parseAlert(readFileSync(join(folder, name))).objectId).toMatch(/^ZTF/);
  });
});
