import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importPublished, openCache, pullModel, PUBLISHED_MODELS } from "@btsbot/weights";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeWithData } from "../../../test/support/testData.js";

describe("the registry", () => {
  it("has the hashes of every model's weights and definition", () => {
    for (const { name, hashes } of PUBLISHED_MODELS) {
      expect(hashes?.weights, name).toMatch(/^[0-9a-f]{64}$/);
      expect(hashes?.definition, name).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

describeWithData("the hashes in the registry", (folder) => {
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "btsbot-hashes-"));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  it.each(PUBLISHED_MODELS)("are those of $name", async (published) => {
    const files = await Promise.all(
      published.files.map(({ mirrorPath }) => readFile(join(folder, "models", mirrorPath))),
    );
    const { sha256, definitionSha256 } = await importPublished(published, files);
    expect({ weights: sha256, definition: definitionSha256 }).toEqual(published.hashes);
  });

  it("tell a model in the cache whose classes were swapped, and a pull mends it", async () => {
    const options = { cache, from: join(folder, "models") };
    const { folder: pulled } = await pullModel("alerce-stamp", options);
    const path = join(pulled, "model.json");
    const whole = await readFile(path, "utf8");
    const swapped = whole
      .replace('"AGN"', '"swap"')
      .replace('"SN"', '"AGN"')
      .replace('"swap"', '"SN"')
      .replace(/\n.*"definitionSha256".*/, "");
    await writeFile(path, swapped);
    await expect(openCache({ cache }).load("alerce-stamp")).rejects.toMatchObject({
      code: "definition-checksum",
      path,
    });
    await pullModel("alerce-stamp", options);
    expect(await readFile(path, "utf8")).toBe(whole);
    const { definitionSha256 } = await openCache({ cache }).load("alerce-stamp");
    expect(definitionSha256).toBe(PUBLISHED_MODELS.find(({ name }) => name === "alerce-stamp")!.hashes!.definition);
  });
});
