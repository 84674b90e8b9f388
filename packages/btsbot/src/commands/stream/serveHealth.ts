import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BtsbotError } from "@btsbot/errors";
import type { Registry } from "prom-client";

/** What is answered. */
interface HealthParts {
  readonly registry: Registry;
  /** Whether alerts are read: the broker can be reached, and the store is open. */
  readonly isReady: () => boolean;
}

/**
 * Answers `/healthz` while the process lives, `/readyz` while it reads, and `/metrics`.
 *
 * @returns where it listens, and what ends it
 * @throws BtsbotError `config-invalid` where it cannot listen there
 *
 * @internal
 */
export async function serveHealth(
  { host, port }: { readonly host: string; readonly port: number },
  { registry, isReady }: HealthParts,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string, type = "text/plain"): void =>
      void response.writeHead(status, { "content-type": type }).end(text);
    if (request.method !== "GET") answer(405, "only GET is answered\n");
    else if (request.url === "/healthz") answer(200, "ok\n");
    else if (request.url === "/readyz") answer(isReady() ? 200 : 503, isReady() ? "ok\n" : "not reading\n");
    else if (request.url === "/metrics")
      registry.metrics().then(
        (text) => answer(200, text, registry.contentType),
        (error: unknown) => answer(500, `${String(error)}\n`),
      );
    else answer(404, "/healthz, /readyz, /metrics\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: Error) =>
      reject(new BtsbotError("config-invalid", "cannot listen there", { path: "http", got: cause.message, cause })),
    );
    server.listen(port, host, resolve);
  });
  const { address, port: actual } = server.address() as AddressInfo;
  return {
    address: `${address}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
