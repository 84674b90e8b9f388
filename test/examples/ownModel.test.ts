import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { encodeAlerts } from "@btsbot/alert";
import { simulateSurvey } from "@btsbot/simulate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { setup } from "../setup.js";
import { root } from "../support/packages.js";
import { readPage } from "../support/readPage.js";
import { describeWithData } from "../support/testData.js";

const folder = `${root}node_modules/.cache/btsbot-own-model-${process.pid}/`;
const snippets = readPage(readFileSync(`${root}docs/own-model.md`, "utf8"));

describeWithData("docs/own-model.md, with files that Keras 3 and its converter wrote", (data) => {
  beforeAll(() => {
    setup(() => undefined);
    mkdirSync(`${folder}mine`, { recursive: true });
    copyFileSync(`${data}/cases/keras3/functional.keras`, `${folder}mine.keras`);
    for (const name of ["model.json", "group1-shard1of1.bin"])
      copyFileSync(`${data}/cases/tfjs-keras3/${name}`, `${folder}mine/${name}`);
    const [{ alert }] = simulateSurvey({ nights: 1, sources: 1, seed: 7 });
    writeFileSync(`${folder}alert.avro`, encodeAlerts([alert]));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(["importKeras", "readLayersModel"])("scores by %s", async (name) => {
    const snippet = snippets.find(({ code, runs }) => !runs && code.includes(`${name}(`))!;
    const program = `${folder}${name}.mjs`;
    writeFileSync(program, snippet.code);
    const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder });
    expect(stdout).toContain("status: 'scored'");
  });
});
