import { fileURLToPath } from "node:url";
import { initializeWeights, inputLength, mmCnn } from "@btsbot/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasBrowser, openBrowser, serveFiles } from "../support/browser.js";
import type { TestBrowser, TestServer } from "../support/browser.js";
import { bundlePage } from "../support/bundlePage.js";
import { naiveForward } from "../support/naiveForward.js";
import { noise, noisyWeights, SMALL_NETWORKS } from "../support/networks.js";

// A graphics card may keep fewer digits than float32 has; the software adapters here keep them all.
const TOLERANCE = 1e-4;

describe.skipIf(!hasBrowser)("the tfjs engine in headless Chromium (needs Chromium)", () => {
  let browser: TestBrowser;
  let server: TestServer;
  let truth: number[];

  beforeAll(async () => {
    const definition = mmCnn();
    const [triplet, metadata] = [noise(2 * 11907, 1), noise(2 * 25, 2)];
    truth = [0, 1].map((alert) => {
      const inputs = {
        triplet: triplet.subarray(alert * 11907, (alert + 1) * 11907),
        metadata: metadata.subarray(alert * 25, (alert + 1) * 25),
      };
      return naiveForward(definition, initializeWeights(definition, 4), inputs)[0];
    });
    server = await serveFiles(
      new Map([
        ["index.html", '<!doctype html><title>test</title><script type="module" src="page.js"></script>'],
        ["page.js", await bundlePage(fileURLToPath(new URL("gpuPage.ts", import.meta.url)))],
      ]),
      "default-src 'self'; script-src 'self'",
    );
    browser = await openBrowser([
      "--enable-unsafe-webgpu",
      "--enable-unsafe-swiftshader",
      "--use-webgpu-adapter=swiftshader",
    ]);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each(["cpu", "webgl", "webgpu"])(
    "runs MM-CNN and every kind of layer on the %s backend and leaks no tensor",
    async (backend) => {
      const page = await browser.context.newPage();
      await page.goto(`${server.url}?backend=${backend}`);
      await page.waitForFunction(() => window.gpuOutcome !== undefined, undefined, { timeout: 50_000 });
      const outcome = await page.evaluate(() => window.gpuOutcome!);
      await page.close();
      expect(outcome.error).toBeUndefined();
      expect(outcome).toMatchObject({ backend, leaked: 0, smallLeaked: 0 });
      outcome.scores!.forEach((score, alert) => {
        expect(Math.abs(score - truth[alert])).toBeLessThan(TOLERANCE);
      });
      for (const [name, definition] of Object.entries(SMALL_NETWORKS)) {
        const inputs = Object.fromEntries(
          definition.inputs.map((input, place) => [input.name, noise(inputLength(input), place)]),
        );
        naiveForward(definition, noisyWeights(definition, 5), inputs).forEach((value, place) => {
          expect(Math.abs(outcome.small![name][place] - value), name).toBeLessThan(TOLERANCE);
        });
      }
    },
  );
});
