import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGate } from "./createGate.js";
import { createPortal } from "./createPortal.js";
import { DATA_ROUTES } from "./dataRoutes.js";
import { NOTE_ROUTES } from "./noteRoutes.js";
import { OBJECT_ROUTES } from "./objectRoutes.js";
import { PLACE_ROUTES } from "./placeRoutes.js";
import type { Fields, Portal, PortalAnswer, PortalRoute } from "./portal.js";
import { readBody } from "./readBody.js";
import { REQUEST_ROUTES } from "./requestRoutes.js";

const ROUTES: readonly PortalRoute[] = [
  ...PLACE_ROUTES,
  ...OBJECT_ROUTES,
  ...NOTE_ROUTES,
  ...DATA_ROUTES,
  ...REQUEST_ROUTES,
];

/** What is wrong with the whole: the database is down; the app, behind nginx; and what stands in for it too. */
export type Outage = "database" | "app" | "all";

/**
 * What goes wrong with one call. `lost`: it is carried out, and the answer never comes. `late`: the connection breaks,
 * and it is carried out so many ms later. `doubled`: it is carried out twice. `unheard`: the connection breaks, and
 * nothing is done. `silent`: nothing is done and nothing said. `refused`: a status and a text, with nothing done.
 */
export type Fault =
  | { readonly kind: "lost" | "doubled" | "unheard" | "silent" }
  | { readonly kind: "late"; readonly ms: number }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A call as it came in. */
export interface HeardCall {
  readonly method: string;
  readonly path: string;
  readonly body: Fields | undefined;
  /** Ms since 1970 by the portal's clock. */
  readonly at: number;
  /** The answer's status; absent while there is none. */
  status?: number;
}

/** How the fake is made. */
export interface FakeOptions {
  readonly portal?: Portal;
  /** Whether nginx counts calls; no by default. */
  readonly isLimited?: boolean;
  /** What goes wrong with a call; nothing by default. */
  readonly faultOf?: (call: HeardCall, number: number) => Fault | undefined;
}

/** A SkyPortal on loopback. */
export interface FakeSkyPortal {
  readonly url: string;
  readonly portal: Portal;
  readonly calls: readonly HeardCall[];
  /** Begins and ends an outage. */
  outage: Outage | undefined;
  /** What goes wrong with a call. */
  faultOf: FakeOptions["faultOf"];
  /** Ends it, with whatever is under way. */
  close(): Promise<void>;
}

/** The largest body, bytes. */
const MOST_BYTES = 100 * 2 ** 20;

const VERSION = "1.4.0";
const NO_METHOD = "<html><title>405: Method Not Allowed</title><body>405: Method Not Allowed</body></html>";

/**
 * Starts a SkyPortal that behaves as the recorded one does: its checks in their order, its shapes, its rate limit, what
 * it takes twice and what it doubles. `fakeSkyPortal.test.ts` holds it against the recordings.
 *
 * @param options - what it holds, and what goes wrong
 * @returns the server
 */
export async function startFakeSkyPortal(options: FakeOptions = {}): Promise<FakeSkyPortal> {
  const portal = options.portal ?? createPortal();
  const calls: HeardCall[] = [];
  const pass = createGate(portal.now);
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/" } = request;
    if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES)
      return html(response, 413, "Request Entity Too Large");
    const read = await readBody(request);
    const call: HeardCall = { method, path: url, body: read.body, at: portal.now() };
    calls.push(call);
    response.on("close", () => (call.status = response.statusCode));
    const header = request.headers.authorization ?? "";
    if (options.isLimited === true && !pass(header)) return html(response, 429, "Too Many Requests");
    if (fake.outage === "all") return html(response, 502, "Bad Gateway");
    if (fake.outage === "app")
      return method === "GET"
        ? json(response, 503, { status: "error", message: "System provisioning" })
        : send(response, 405, "text/html; charset=UTF-8", NO_METHOD);
    const work = (): PortalAnswer | Promise<PortalAnswer> =>
      answer(portal, { method, url, header, ...read }, fake.outage);
    const fault = fake.faultOf?.(call, calls.length);
    await (fault === undefined ? reply(response, await work()) : fail(response, fault, work));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const fake: FakeSkyPortal = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    portal,
    calls,
    outage: undefined,
    faultOf: options.faultOf,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

async function fail(
  response: ServerResponse,
  fault: Fault,
  work: () => PortalAnswer | Promise<PortalAnswer>,
): Promise<void> {
  switch (fault.kind) {
    case "silent":
      return;
    case "unheard":
      response.destroy();
      return;
    case "lost":
      await work();
      response.destroy();
      return;
    case "late":
      response.destroy();
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      await work();
      return;
    case "doubled":
      await work();
      reply(response, await work());
      return;
    case "refused":
      send(response, fault.status, "text/html", fault.text ?? "<html></html>", fault.headers);
  }
}

interface ReadCall {
  readonly method: string;
  readonly url: string;
  readonly header: string;
  readonly body: Fields | undefined;
  readonly wrong?: PortalAnswer;
}

function answer(portal: Portal, call: ReadCall, outage: Outage | undefined): PortalAnswer | Promise<PortalAnswer> {
  const { method, url, header, body, wrong } = call;
  if (outage === "database")
    return {
      status: 503,
      message: "HTTP 503: Service Unavailable (Database is temporarily unavailable; please retry shortly.)",
    };
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const fits = ROUTES.filter(([, path]) => path.test(pathname));
  if (fits.length === 0) return { status: 400, message: "Invalid API endpoint" };
  const route = fits.find(([verb]) => verb === method);
  if (route === undefined) return { status: 405, message: "HTTP 405: Method Not Allowed" };
  const [, path, acl, handle] = route;
  const params = path
    .exec(pathname)!
    .slice(1)
    .map((each) => (each === undefined ? each : decodeURIComponent(each)));
  const token = /^token (.+)$/.exec(header)?.[1];
  const known = token === undefined ? undefined : portal.tokens.get(token);
  if (acl !== "none") {
    if (token === undefined)
      return {
        status: 401,
        message: 'HTTP 401: Unauthorized (Credentials malformed; expected form "Authorization: token abc123")',
      };
    if (known === undefined || (acl !== undefined && !known.acls.includes(acl)))
      return { status: 401, message: "HTTP 401: Unauthorized" };
  }
  if (wrong !== undefined) return { ...wrong, message: wrong.message?.replace("PATH", pathname) ?? "" };
  const { user, acls } = known ?? [...portal.tokens.values()][0];
  return handle(portal, { method, token: token ?? "", user, acls, params, query: searchParams, body: body ?? {} });
}

function reply(response: ServerResponse, { status, data, message = "" }: PortalAnswer): void {
  if (status === 200) return json(response, 200, { status: "success", data, version: VERSION });
  return json(response, status, { status: "error", message, data: {}, version: VERSION });
}

function json(response: ServerResponse, status: number, body: Fields): void {
  send(response, status, "application/json", JSON.stringify(body));
}

function html(response: ServerResponse, status: number, title: string): void {
  const name = `${status} ${title}`;
  send(
    response,
    status,
    "text/html",
    `<html>\r\n<head><title>${name}</title></head>\r\n<body>\r\n<center><h1>${name}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`,
  );
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "Content-Type": type, ...headers });
  response.end(text);
}
