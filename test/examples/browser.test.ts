import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseAlert, toJson } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import type { ScoredAlert } from "@btsbot/core";
import { createModel, initializeWeights, mmCnn } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import { exportModel, openCache } from "@btsbot/weights";
import { gzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePackets } from "../../examples/makePackets.js";
import { setup } from "../setup.js";
import { hasBrowser, openBrowser } from "../support/browser.js";
import { packParquet } from "../support/packParquet.js";
import type { TestBrowser } from "../support/browser.js";
import { makeCache } from "./makeCache.js";
import { runProgram } from "./runProgram.js";

const PROGRAM = "examples/browser/build.mjs";
const CLASSES = ["here", "there", "elsewhere"];
/** The page shows four digits. */
const DIGITS = 4;

const packets = makePackets();
const [first, , , , , , , damaged] = packets;

it.each([["--help"], ["out", "more"], ["out", "--minify"]])(
  "build.mjs refuses what it does not know: %s %s",
  async (...args) => {
    const { status, stdout, stderr } = await runProgram(
      [PROGRAM, ...args.filter((each) => each !== undefined)],
      "none",
    );
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`build.mjs takes one folder and nothing else: ${args.at(-1)}\n`);
  },
);

describe.skipIf(!hasBrowser)("examples/browser (needs Chromium)", () => {
  let folder: string;
  let models: string[];
  let browser: TestBrowser;
  let page: Page;
  const requested: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "btsbot-examples-"));
    setup(() => undefined);
    const cache = join(folder, "cache");
    models = [...(await makeCache(cache)), "untrained-classes"].sort();
    const definition = withClasses(mmCnn("untrained-classes", "0"));
    await exportModel(await createModel(definition, initializeWeights(definition, 2)), join(cache, definition.name), {
      formats: ["tfjs"],
    });
    expect(await runProgram([PROGRAM, join(folder, "page")], cache)).toMatchObject({ status: 0, stderr: "" });
    mkdirSync(join(folder, "damaged", "broken"), { recursive: true });
    writeFileSync(join(folder, "damaged", "broken", "model.json"), "{}");
    const bare = await runProgram([PROGRAM, join(folder, "bare")], join(folder, "damaged"));
    expect(bare).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^broken is left out: .*not a tfjs layers model/) as string,
    });
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.on("request", (request) => requested.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await open("page");
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (out: string): Promise<unknown> => page.goto(pathToFileURL(join(folder, out, "index.html")).href);
  const done = (): Promise<void> => page.getByText(/alerts? shown in/).waitFor();

  it("puts each model of the cache beside the page", () => {
    for (const name of models) expect(existsSync(join(folder, "page", "models", `${name}.js`)), name).toBe(true);
  });

  it("opens from a disk, and decodes, draws and scores a chosen packet with every model", async () => {
    await page
      .getByLabel("Choose files")
      .setInputFiles({ name: first.name, mimeType: "", buffer: Buffer.from(first.bytes) });
    await done();
    const card = page.getByRole("article").first();
    expect(await card.getByRole("heading", { level: 2 }).textContent()).toBe("ZTF99galaxsn");
    for (const kind of ["Science", "Template", "Difference"]) {
      const stamp = card.getByRole("img", { name: `${kind} stamp of ZTF99galaxsn` });
      expect(await grays(stamp)).toBeGreaterThan(50);
    }
    await card
      .getByRole("img", {
        name: "Light curve of ZTF99galaxsn: 6 detections, 6 upper limits.",
      })
      .waitFor();

    const scores = (await scoreInNode(first.bytes, models)).scores;
    for (const name of models) {
      const row = card.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
      const shown = await row.getByRole("cell").first().locator(".number").allTextContents();
      const result = scores[name];
      if (result.status !== "scored") throw new Error(`${name} is not scored`);
      const expected = result.classes ? Object.values(result.classes) : [result.score];
      expect(shown.map((text) => Number.parseFloat(text))).toEqual(
        expected.map((value) => expect.closeTo(value ?? NaN, DIGITS) as number),
      );
      if (result.classes) expect(shown.map((text) => text.replace(/.* /, ""))).toEqual(CLASSES);
    }
    expect(await page.getByRole("status").textContent()).toContain("scored on wasm");
  });

  it("takes what is dropped: what is damaged is said in words, and does not hide the rest", async () => {
    await open("page");
    const files = [
      { name: "notes.txt", bytes: [...Buffer.from("no alert")] },
      { name: damaged.name, bytes: [...damaged.bytes] },
    ];
    const data = await page.evaluateHandle((given) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of given) transfer.items.add(new File([Uint8Array.from(bytes)], name));
      return transfer;
    }, files);
    await page.dispatchEvent("#drop", "drop", { dataTransfer: data });
    await done();
    const error = page.getByRole("alert");
    expect(await error.getByRole("heading").textContent()).toBe("notes.txt cannot be read");
    expect(await error.textContent()).toContain("not an Avro object container, a framed message or JSON");
    const card = page.getByRole("article").filter({ hasText: "ZTF99damaged" });
    expect(await card.locator("canvas").count()).toBe(2);
    expect(await card.getByRole("figure").nth(1).textContent()).toContain(
      "The stamp's bytes end before its image does.",
    );
    expect(await card.getByText("not scored").count()).toBe(models.length);
  });

  it("takes archives and Parquet, and names in them what cannot be read", async () => {
    await open("page");
    const member = (name: string, body: Uint8Array) => ({
      header: { name, size: body.length, type: "file" as const },
      body,
    });
    const good = first.bytes;
    const tar = await packTar([member("a.avro", good), member("notes.json", Buffer.from("no alert"))]);
    await page.getByLabel("Choose files").setInputFiles(
      [
        { name: "night.tar.gz", bytes: gzipSync(tar) },
        { name: "night.zip", bytes: zipSync({ "b.AVRO": good }) },
        { name: "rows.parquet", bytes: packParquet([parseAlert(good)]) },
        { name: "lines.jsonl", bytes: Buffer.from(`${JSON.stringify(toJson(parseAlert(good)))}\n`) },
      ].map(({ name, bytes }) => ({ name, mimeType: "", buffer: Buffer.from(bytes) })),
    );
    await done();
    expect(await page.getByRole("status").textContent()).toMatch(/^4 alerts shown .*1 could not be read/);
    expect(await page.getByRole("alert").getByRole("heading").textContent()).toBe(
      "night.tar.gz/notes.json cannot be read",
    );
    const titles = await page.getByRole("article").getByRole("heading", { level: 2 }).allTextContents();
    expect(titles).toEqual(Array.from({ length: 4 }, () => "ZTF99galaxsn"));
  });

  it("is read by keyboard, in light and in dark, on a small screen", async () => {
    await open("page");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("files");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await done();
    await page.setViewportSize({ width: 360, height: 700 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await page.evaluate(findFaint)).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  it("scores with the model that ships where no other is usable, and says how to have one", async () => {
    await open("bare");
    expect(await page.locator("#models").textContent()).toContain("btsbot models pull");
    await page.getByRole("button", { name: "a new source beside a galaxy" }).click();
    await done();
    expect(await page.getByRole("article").getByRole("heading", { level: 2 }).textContent()).toBe("ZTF99galaxsn");
    expect(await page.getByRole("table").textContent()).toMatch(/btsbot-mini.*0\.\d/);
  });

  it("asks for nothing but its own files, and complains of nothing", () => {
    expect(requested.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  async function scoreInNode(bytes: Uint8Array, names: readonly string[]): Promise<ScoredAlert> {
    const scorer = await createScorer({ models: names, store: openCache({ cache: join(folder, "cache") }) });
    const scored = await scorer.scoreAlert(bytes);
    scorer.dispose();
    return scored;
  }
});

/** How many different grays a canvas shows. */
function grays(canvas: ReturnType<Page["getByRole"]>): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
    return new Set(data).size;
  });
}

/** Runs in the page: texts whose contrast is under 4.5 to 1 (WCAG 2.1, 1.4.3). */
function findFaint(): string[] {
  const parse = (color: string): number[] => color.match(/[\d.]+/g)!.map(Number);
  const luminance = (color: string): number => {
    const [red, green, blue] = parse(color).map((value) =>
      value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element: Element | null): string => {
    if (element === null) return "rgb(255, 255, 255)";
    const { backgroundColor } = getComputedStyle(element);
    return parse(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor;
  };
  const texts = [...document.querySelectorAll("body *:not(title, noscript)")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== ""),
  );
  return texts
    .filter((element) => {
      const style = getComputedStyle(element);
      const [low, high] = [
        luminance(element instanceof SVGElement ? style.fill : style.color),
        luminance(ground(element)),
      ].sort((a, b) => a - b);
      return element.getClientRects().length > 0 && (high + 0.05) / (low + 0.05) < 4.5;
    })
    .map((element) => element.textContent!.trim());
}

/** The same network with a probability for each of three classes. */
function withClasses(definition: ModelDefinition): ModelDefinition {
  const { layer } = definition.output;
  return {
    ...definition,
    layers: definition.layers.map((each) =>
      each.name === layer && each.type === "dense"
        ? { ...each, units: CLASSES.length, activation: "softmax" as const }
        : each,
    ),
    output: { kind: "classes", layer, classes: CLASSES },
  };
}
