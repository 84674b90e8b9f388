import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeAlerts } from "@btsbot/alert";
import { createScorer } from "@btsbot/core";
import { createModel, initializeWeights } from "@btsbot/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAlert } from "../../packages/pool/test/makeAlert.js";
import { setup } from "../setup.js";
import { hasBrowser, openBrowser, serveFiles } from "../support/browser.js";
import type { TestBrowser, TestServer } from "../support/browser.js";
import { bundlePage } from "../support/bundlePage.js";
import { packages } from "../support/packages.js";
import { poolNetwork } from "../support/poolNetwork.js";
import type { PoolPageOutcome } from "./poolPage.js";

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
/** Workers from text are allowed or not; where they are, the file need not be there. */
const POLICIES = {
  "from their text": `${POLICY}; worker-src 'self' blob:`,
  "from their file, where the policy forbids text": POLICY,
};
const ALERTS = Array.from({ length: 9 }, (_, i) => makeAlert(i * 11));

describe.skipIf(!hasBrowser).each(Object.entries(POLICIES))(
  "a pool of web workers in headless Chromium (needs Chromium), started %s",
  (_, policy) => {
    let browser: TestBrowser;
    let server: TestServer;
    let outcome: PoolPageOutcome;
    const expected: number[] = [];

    beforeAll(async () => {
      setup(() => undefined);
      const model = await createModel(poolNetwork, initializeWeights(poolNetwork, 1));
      const scorer = await createScorer({ models: [model] });
      for await (const result of scorer.scoreAlerts(ALERTS)) {
        const scored = result.success ? result.data.scores[poolNetwork.name] : undefined;
        expected.push(scored?.status === "scored" ? scored.score! : NaN);
      }
      scorer.dispose();
      const pool = packages.find(({ folder }) => folder === "pool")!;
      const file = readFileSync(`${pool.path}dist/bundle/webWorker.js`, "utf8");
      server = await serveFiles(
        new Map([
          ["index.html", '<!doctype html><title>test</title><script type="module" src="page.js"></script>'],
          ["page.js", await bundlePage(fileURLToPath(new URL("poolPage.ts", import.meta.url)))],
          // Where the page's script says that it is, beside itself.
          ...(policy === POLICY ? ([["bundle/webWorker.js", file]] as const) : []),
          // What the test's own `spawn` starts.
          ["webWorker.js", file],
          [
            "breakingWorker.js",
            'onmessage = ({ data: { kind } }) => { if (kind === "score") throw new Error("broken"); postMessage({ kind: "ready" }); };',
          ],
          [
            "packets.json",
            JSON.stringify(ALERTS.map((alert) => Buffer.from(encodeAlerts([alert])).toString("base64"))),
          ],
        ]),
        policy,
      );
      browser = await openBrowser();
      const page = await browser.context.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => window.poolOutcome !== undefined, undefined, { timeout: 60_000 });
      outcome = await page.evaluate(() => window.poolOutcome!);
    });

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    it("scores as a scorer in Node does, in order, also when a worker breaks", () => {
      expect(outcome.error).toBeUndefined();
      expect(new Set(expected).size).toBe(ALERTS.length);
      expect(outcome.scores).toHaveLength(2 * ALERTS.length);
      outcome.scores.forEach((score, i) => expect(score).toBeCloseTo(expected[i % ALERTS.length], 6));
    });

    it("replaces the one that broke", () => {
      expect(outcome.started).toBe(3);
    });
  },
);
