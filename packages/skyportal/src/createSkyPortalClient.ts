import { BtsbotError, checkArgument, checkOptions, OptionsError } from "@btsbot/errors";
import type { Platform } from "@btsbot/errors";
import { classifyAnswer } from "./classifyAnswer.js";
import type { RawAnswer, Verdict } from "./classifyAnswer.js";
import { createPacer } from "./createPacer.js";
import { PLATFORM_TIME } from "./platformTime.js";
import { redactToken } from "./redactToken.js";
import { retryDelay } from "./retryDelay.js";
import { SKYPORTAL_OPTIONS } from "./types.js";
import type { PortalReply, PortalRequest, SkyPortalClient, SkyPortalOptions } from "./types.js";

const RATE = 4;
const TIMEOUT_MS = 45_000;
const TRIES = 8;

/**
 * Makes a client of a SkyPortal: calls at the rate that it takes, again with growing pauses where it could not answer,
 * with its token in no error and no message.
 *
 * @param options - its address, the token, and how patient to be
 * @returns the client; nothing is asked yet
 * @throws BtsbotError `skyportal-address` for an address that is not one, or would show the token to others
 * @throws OptionsError for a rate, a number of tries or a time that is not above 0
 *
 * @example
 * ```ts
 * import { createSkyPortalClient } from "@btsbot/skyportal";
 *
 * const answer = { status: "success", data: [{ id: 5, name: "BTS" }] };
 * const client = createSkyPortalClient({ url: "https://fritz.science", token: "secret", fetch: async () => Response.json(answer) });
 * await client.call({ method: "GET", path: "/api/filters" }); // => {"state":"ok","data":[{"id":5,"name":"BTS"}]}
 * ```
 */
export function createSkyPortalClient(options: SkyPortalOptions): SkyPortalClient {
  checkOptions("createSkyPortalClient", options, SKYPORTAL_OPTIONS);
  const { token, time = PLATFORM_TIME, random = Math.random, onNotice } = options;
  const { rate = RATE, tries = TRIES, timeoutMs = TIMEOUT_MS } = options;
  checkPositive({ rate, tries, timeoutMs });
  const url = originOf(options.url);
  const wait = createPacer(rate, time);
  const clean = (text: string): string => redactToken(text, token);
  const call = async (request: PortalRequest): Promise<PortalReply> => {
    checkArgument("SkyPortalClient.call", "request", request, "object", ["method", "path"]);
    const { method, path, signal, repeatable = method === "GET" || method === "HEAD" } = request;
    const body = toJson(request);
    const name = `${method} ${path.split("?")[0]}`;
    for (let tried = 1; ; tried += 1) {
      await wait(signal);
      const [verdict, status, retryAfter] = await ask({ ...options, timeoutMs }, url, request, body);
      if (verdict.kind === "ok") return { state: "ok", data: verdict.data };
      const message = clean(verdict.message);
      if (verdict.kind === "refused") return { state: "refused", status, message };
      if (verdict.kind === "unauthorized") throw toUnauthorized(name, message);
      if (verdict.kind === "unsure" && !repeatable) return { state: "unsure", message };
      if (tried >= tries) throw toSilent(url, name, message, tried);
      const againMs = retryDelay(tried, retryAfter, time.now(), random());
      onNotice?.({ call: name, why: message, againMs });
      await time.sleep(againMs, signal);
    }
  };
  return { url, call };
}

/** A rate of 0 would be none, and one that is not a number no limit. */
function checkPositive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!(value > 0 && value < Infinity))
      throw new OptionsError(`createSkyPortalClient: expected \`${name}\` to be a number above 0, got ${value}`);
}

/** One try: what came, the status, and for how long to wait if it says so. */
async function ask(
  { token, timeoutMs, fetch: get = fetch }: SkyPortalOptions & { readonly timeoutMs: number },
  url: string,
  { method, path, signal }: PortalRequest,
  body: string | undefined,
): Promise<[Verdict, number, string | null]> {
  const tired = AbortSignal.timeout(Math.ceil(timeoutMs));
  const ending: Platform<"AbortSignal"> = signal === undefined ? tired : AbortSignal.any([signal, tired]);
  try {
    const response = await get(`${url}${path}`, {
      method,
      headers: { Authorization: `token ${token}`, ...(body !== undefined && { "Content-Type": "application/json" }) },
      ...(body !== undefined && { body }),
      // A token goes to the address that it was given for, and to no other.
      redirect: "manual",
      signal: ending,
    });
    const answer: RawAnswer = {
      isHead: method === "HEAD",
      status: response.status,
      text: await response.text(),
      retryAfter: response.headers.get("retry-after"),
    };
    return [classifyAnswer(answer), answer.status, answer.retryAfter];
  } catch (error) {
    signal?.throwIfAborted();
    if (tired.aborted) return [{ kind: "unsure", message: `no answer within ${timeoutMs} ms` }, 0, null];
    // A connection that was refused carried nothing; one that broke may have.
    const { message, isRefused } = describeFailure(error);
    return [{ kind: isRefused ? "undone" : "unsure", message }, 0, null];
  }
}

function describeFailure(error: unknown): { readonly message: string; readonly isRefused: boolean } {
  const cause = (error as { readonly cause?: { readonly code?: unknown; readonly message?: string } }).cause;
  const code = typeof cause?.code === "string" ? cause.code : undefined;
  const message = code ?? cause?.message ?? (error as Error).message;
  return {
    message,
    isRefused: code !== undefined && /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/.test(code),
  };
}

/** Numbers that JSON does not have would be written as null. */
function toJson({ body, method, path }: PortalRequest): string | undefined {
  if (body === undefined) return undefined;
  return JSON.stringify(body, (key, value: unknown) => {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    throw new BtsbotError("skyportal-body", "a number that JSON does not have cannot be sent to SkyPortal", {
      path: `${method} ${path}: ${key}`,
      expected: "a finite number",
      got: String(value),
    });
  });
}

function originOf(text: string): string {
  const refuse = (hint: string, cause?: unknown): BtsbotError =>
    new BtsbotError("skyportal-address", "this is not the address of a SkyPortal", {
      path: "url",
      expected: "https://HOST",
      hint,
      cause,
    });
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw refuse("Give it with https:// in front.", cause);
  }
  if (url.username !== "" || url.password !== "") throw refuse("Leave user and password out: the token says who asks.");
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))
    throw refuse("Without https, others on the way could read the token.");
  return url.origin;
}

function toUnauthorized(call: string, got: string): BtsbotError {
  return new BtsbotError("skyportal-unauthorized", "SkyPortal does not take the token, or it lacks a right", {
    path: call,
    got,
    hint: "Check the token, and its rights (Upload data, Comment, Annotate, Classify) in SkyPortal's profile page.",
  });
}

function toSilent(url: string, call: string, got: string, tries: number): BtsbotError {
  return new BtsbotError("skyportal-unreachable", `SkyPortal could not answer in ${tries} tries`, {
    path: `${call} at ${url}`,
    got,
    hint: "See whether it can be reached from here, and ask again later.",
  });
}
