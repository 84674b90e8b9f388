import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { getProfile } from "@btsbot/features";
import { loadDefaultModel, readLayersModel } from "@btsbot/model";
import { beforeEach, describe, expect, it } from "vitest";
import { fillCache } from "./support/packets.js";
import { describeWithData } from "../../../test/support/testData.js";
import { plain, run, temporaryFolder } from "./support/runInProcess.js";

let cache: string;

beforeEach(() => {
  cache = temporaryFolder();
});

describe("models list", () => {
  it("gives each published model, and what is in the cache besides", async () => {
    await fillCache(cache);
    const { status, lines } = await run(["models", "list"], { cache });
    expect(status).toBe(0);
    const [first] = lines();
    expect(Object.keys(first)).toEqual(["name", "version", "pulled", "bytes", "license", "profile", "title"]);
    expect(first).toMatchObject({
      name: "btsbot-v1.0.1",
      version: "1.0.1",
      pulled: true,
      license: "MIT",
      profile: "btsbot-v1",
    });
    expect(lines().find(({ name }) => name === "btsbot-v1.0")).toMatchObject({ pulled: false });
    expect(lines().at(-1)).toEqual({ name: "small", pulled: false, imported: true });
    expect(lines().at(-2)).toMatchObject({
      name: "btsbot-mini",
      pulled: false,
      shipped: true,
      license: "MIT",
      profile: "btsbot-v1",
    });
  });

  it("is a table on a terminal", async () => {
    const { stdout } = await run(["models", "list"], { cache, isTTY: true, columns: 80, env: { NO_COLOR: "1" } });
    expect(stdout).toMatch(/^name +version +here +size +licence +features/);
    expect(stdout).toMatch(/^btsbot-v1\.0\.1 +1\.0\.1 +no +3\.11 MB +MIT +btsbot-v1/m);
    expect(stdout).toMatch(/^btsbot-mini +\S+ +yes +MIT +btsbot-v1/m);
    for (const line of stdout.split("\n").slice(0, 3)) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("models pull", () => {
  it("has nothing to do for the model that ships", async () => {
    const { status, stdout, stderr } = await run(["models", "pull", "btsbot-mini"], { cache });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("nothing to pull");
    expect(readdirSync(cache)).toEqual([]);
  });

  it("refuses a mirror's file of another SHA-256, and leaves nothing", async () => {
    const from = temporaryFolder();
    writeFileSync(join(from, "v1.0.1.tar.gz"), "another file");
    const { status, stdout, stderr } = await run(["models", "pull", "btsbot-v1.0.1", "--from", from], { cache });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("SHA-256");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(cache)).toEqual([]);
  });

  it("tries the other models when a mirror lacks one", async () => {
    const { status, stderr } = await run(["models", "pull", "all", "--from", temporaryFolder()], { cache });
    expect(status).toBe(1);
    expect(stderr).toContain("btsbot-v1.0.1 is not pulled");
    expect(stderr).toContain("btsbot-v1.0 is not pulled");
  });
});

describe("models show", () => {
  it("tells of a model that is not here what is published", async () => {
    const { status, stdout } = await run(["models", "show"], { cache });
    expect(status).toBe(0);
    for (const part of [
      "bf4dea74ff43b3338a763573d19a29b264266646b762941fcc7021ba7cbd0348",
      "MIT",
      "Rehemtulla",
      "https://",
      "btsbot models pull",
    ]) {
      expect(stdout).toContain(part);
    }
  });

  it("says of a model whose weights are dead in part what they do not see, pulled or not", async () => {
    const told = "It does not look at the image.";
    expect((await run(["models", "show", "alerce-stamp"], { cache })).stdout).toContain(told);
    expect((await run(["models", "show", "alerce-images"], { cache })).stdout).not.toContain(told);
  });

  it("tells of a model that is here its inputs, layers and features", async () => {
    await fillCache(cache);
    const { status, stdout } = await run(["models", "show", "small"], { cache });
    expect(status).toBe(0);
    expect(stdout).toMatch(/triplet +63 x 63 x 3/);
    // 100 of the batch normalization, 27 + 25 + 1 of the dense layer.
    expect(stdout).toContain("5 layers, 153 parameters");
    expect(stdout).toMatch(/fc_out +(join)? +1 +53/);
    expect(stdout).toContain("btsbot-v1, 25 features");
    expect(stdout).toMatch(/18 +new_drb/);
  });

  it("tells the range of each feature, in the width of the terminal", async () => {
    const { stdout } = await run(["models", "show", "btsbot-mini"], { cache, isTTY: true, columns: 80 });
    const list = plain(stdout).split("\n").slice(-29);
    for (const { name, range, unit } of getProfile("btsbot-v1").features) {
      const [, least, greatest, rest] = list
        .map((line) => new RegExp(` ${name} +(\\S+) to (\\S+)(.*)`).exec(line))
        .find((found) => found !== null)!;
      expect([Number(least), Number(greatest)], name).toEqual([range!.least, range!.greatest]);
      expect(rest.trim().startsWith(unit)).toBe(true);
    }
    expect(list.filter((line) => line.length > 80)).toEqual([]);
    expect(list.join("\n")).toContain("outside");
  });
});

it("shows and exports the model that ships, with the same weights", async () => {
  const { status, stdout } = await run(["models", "show", "btsbot-mini"], { cache });
  const model = await loadDefaultModel();
  expect(status).toBe(0);
  for (const part of [model.sha256, "MIT", "ships with btsbot", "btsbot-v1, 25 features"])
    expect(stdout).toContain(part);
  const to = join(temporaryFolder(), "out");
  expect((await run(["models", "export", "btsbot-mini", "--to", to], { cache })).status).toBe(0);
  const again = await readLayersModel((file) => readFile(join(to, file)));
  expect([again.sha256, again.definition]).toEqual([model.sha256, model.definition]);
});

describe("models export", () => {
  it.each([
    ["all", ["model.json", "small.onnx", "weights.bin"]],
    ["tfjs", ["model.json", "weights.bin"]],
    ["onnx", ["small.onnx"]],
  ])("writes %s", async (format, files) => {
    await fillCache(cache);
    const to = join(temporaryFolder(), "out");
    const { status, stdout } = await run(["models", "export", "small", "--to", to, "--format", format], { cache });
    expect(status).toBe(0);
    expect(readdirSync(to).sort()).toEqual(files);
    for (const path of stdout.trim().split("\n")) expect(existsSync(path)).toBe(true);
  });

  it("says that a model must be pulled first", async () => {
    const { status, stderr } = await run(["models", "export", "btsbot-v1.0.1", "--to", temporaryFolder()], { cache });
    expect(status).toBe(2);
    expect(stderr).toContain("btsbot models pull btsbot-v1.0.1");
  });
});

describeWithData("models pull from a mirror", (dataFolder) => {
  it("converts a model, says so, and has nothing to do the second time", async () => {
    const args = ["models", "pull", "btsbot-v1.0.1", "--from", `${dataFolder}/models`];
    const first = await run(args, { cache });
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(first.stdout).toContain("pulled");
    expect((await run(args, { cache })).stdout).toContain("here already");
    const model = await readLayersModel((file) => readFile(join(cache, "btsbot-v1.0.1", file)));
    expect(model.definition.layers.at(-1)?.name).toBe("fc_out");
    expect((await run(["models", "show"], { cache })).stdout).toContain(model.sha256);
  });
});

describeWithData("ALeRCE's published models", (folder) => {
  it("are pulled; the one that does not see the stamps says so when it is pulled, shown and scores", async () => {
    const names = ["alerce-stamp", "alerce-images", "alerce-images-reg"];
    const pulled = await run(["models", "pull", ...names, "--from", join(folder, "models")], { cache });
    expect(pulled.status).toBe(0);
    expect(pulled.stdout.match(/It does not look at the image/g)).toHaveLength(1);
    const shown = await run(["models", "show", "alerce-stamp"], { cache });
    expect(shown.stdout).toMatch(/images +21 x 21 x 3 .*changes no answer/);
    expect(shown.stdout).not.toMatch(/features +26 .*changes no answer/);
    const packet = join(folder, "alerts", "000010510007802576.avro");
    const scored = await run(["score", packet, ...names.flatMap((name) => ["--model", name])], { cache });
    const [{ scores }] = scored.lines() as [{ scores: Record<string, { flags: string[] }> }];
    expect(scores["alerce-stamp"].flags).toContain("input-ignored:images");
    for (const name of names.slice(1)) expect(scores[name].flags).toEqual([]);
  });
});
