import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { mmCnn } from "@btsbot/model";
import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainNetwork, withoutDropout } from "../../packages/simd/test/plugin/trainNetwork.js";
import { hasBrowser, openBrowser, serveFiles } from "../support/browser.js";
import type { ServedFiles, TestBrowser } from "../support/browser.js";
import { bundlePage } from "../support/bundlePage.js";

const WASM_FILES = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];

/** The policy under which pages run; threads of tfjs start from blobs, and generate code. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const LOOSE = "default-src 'self' blob: 'unsafe-eval'";
/** What gives a page memory that threads share. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

describe.skipIf(!hasBrowser)("training with the plug-in in headless Chromium (needs Chromium)", () => {
  let browser: TestBrowser;
  let files: ServedFiles;
  let truth: readonly number[];

  beforeAll(async () => {
    enableProdMode();
    await setBackend("cpu");
    truth = (await trainNetwork(withoutDropout(mmCnn("mm", "0", 14)), 2, 0.01)).losses;
    const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
    files = new Map<string, Uint8Array | string>([
      ["index.html", '<!doctype html><title>test</title><script type="module" src="page.js"></script>'],
      ["page.js", await bundlePage(fileURLToPath(new URL("trainingPage.ts", import.meta.url)))],
      ...WASM_FILES.map((name) => [`wasm/${name}`, readFileSync(`${folder}/${name}`)] as const),
    ]);
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    ["one thread, under a content security policy", STRICT, {}, false],
    ["threads that share memory", LOOSE, ISOLATED, true],
  ] as const)("gives the cpu backend's losses: %s", async (_, policy, headers, shared) => {
    const server = await serveFiles(files, policy, headers);
    const page = await browser.context.newPage();
    try {
      await page.goto(server.url);
      await page.waitForFunction(() => window.trainingOutcome !== undefined, undefined, { timeout: 50_000 });
      const outcome = await page.evaluate(() => window.trainingOutcome!);
      expect(outcome.error).toBeUndefined();
      expect(outcome).toMatchObject({ backend: "wasm", shared, undone: true });
      outcome.losses!.forEach((loss, step) => expect(loss).toBeCloseTo(truth[step], 4));
    } finally {
      await page.close();
      await server.close();
    }
  });
});
