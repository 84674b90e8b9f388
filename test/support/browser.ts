import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { chromium } from "playwright-core";
import type { BrowserContext } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Whether there is a browser to test in; CI must have one, so that there the tests run and fail. */
export const hasBrowser = existsSync(CHROMIUM) || process.env.CI !== undefined;

/** A headless browser with a profile of its own. */
export interface TestBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/**
 * Starts Debian's Chromium; it reaches nothing but this machine.
 *
 * @param flags - command line flags beyond the usual ones
 */
export async function openBrowser(flags: readonly string[] = ["--disable-gpu"]): Promise<TestBrowser> {
  const profile = mkdtempSync(`${tmpdir()}/btsbot-browser-`);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...flags,
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** A server on a free loopback port that knows the files given and nothing else. */
export interface TestServer {
  /** Address with its slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** What a {@link TestServer} serves: bytes or text by path, without the leading slash. */
export type ServedFiles = ReadonlyMap<string, Uint8Array | string>;

/**
 * Serves files.
 *
 * @param files - the files
 * @param policy - the content security policy that they are served with
 * @param headers - other headers that each of them gets
 */
export async function serveFiles(
  files: ServedFiles,
  policy: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname.slice(1) || "index.html";
    const body = files.get(path);
    const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": type,
      "content-security-policy": policy,
      ...headers,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  wasm: "application/wasm",
};
