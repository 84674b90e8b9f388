/** An answer as it came. */
export interface RawAnswer {
  /** Whether only its head was asked for. */
  readonly isHead: boolean;
  /** The HTTP status. */
  readonly status: number;
  /** The body; empty for HEAD. */
  readonly text: string;
  /** Value of the `Retry-After` header, if there is one. */
  readonly retryAfter: string | null;
}

/**
 * What an answer says: carried out; refused; the token is not taken; surely not carried out, and to be tried again; or
 * perhaps carried out.
 *
 * @internal
 */
export type Verdict =
  | { readonly kind: "ok"; readonly data: unknown }
  | { readonly kind: "refused" | "unauthorized" | "undone" | "unsure"; readonly message: string };

/**
 * A 500 that is the call's fault: SkyPortal could not read it, or its database could not hold it. Measured against
 * SkyPortal 1.4.0; any other 500 may pass.
 */
const OUR_FAULT = [
  /JSON decode of request body failed/,
  /ensure posted data is of type application\/json/,
  /codec can't decode byte/,
  /IN expression list, SELECT construct/,
  /missing \d+ required positional argument/,
  /psycopg\.errors\.(?:UndefinedFunction|InvalidTextRepresentation|UniqueViolation|NotNullViolation|ForeignKeyViolation)/,
  /psycopg\.DataError/,
];

/** What stands in for an app that is down answers so, and the app itself in JSON. */
const NO_METHOD = 405;
const UNAUTHORIZED = 401;
/** The call did not come in whole within the time that was given it (RFC 9110, 15.5.9). */
const TIMED_OUT = 408;
const TOO_MANY = 429;
const UNAVAILABLE = 503;
/** Longest part of a message that is passed on. */
const MOST = 400;

/**
 * Tells what an answer means.
 *
 * @param answer - the answer
 * @returns what it says
 *
 * @internal
 */
export function classifyAnswer({ status, text, isHead }: RawAnswer): Verdict {
  const body = parse(text);
  const message = tell(status, body, text);
  if (status >= 200 && status < 300) {
    if (isHead) return { kind: "ok", data: null };
    // The page of a proxy or of a login is not SkyPortal's answer.
    return body?.status === "success" ? { kind: "ok", data: body.data } : { kind: "unsure", message };
  }
  if (status === UNAUTHORIZED) return { kind: "unauthorized", message };
  if (status === TOO_MANY || status === TIMED_OUT) return { kind: "undone", message };
  // Of a head, nobody can tell: asking again harms nothing.
  if (status === NO_METHOD && body === undefined) return { kind: "undone", message };
  if (status === UNAVAILABLE && isBeforehand(body)) return { kind: "undone", message };
  if (status < 500) return { kind: "refused", message };
  return { kind: OUR_FAULT.some((each) => each.test(message)) ? "refused" : "unsure", message };
}

/** Said before anything was done: the app is starting, or finds no database to look the token up in. */
function isBeforehand(body: Envelope | undefined): boolean {
  return /^System provisioning$|Database is temporarily unavailable/.test(String(body?.message));
}

interface Envelope {
  readonly status?: unknown;
  readonly message?: unknown;
  readonly data?: unknown;
}

function parse(text: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function tell(status: number, body: Envelope | undefined, text: string): string {
  if (typeof body?.message === "string") return body.message.slice(0, MOST);
  const title = /<title>([^<]*)<\/title>/.exec(text)?.[1];
  return title ?? `HTTP ${status}`;
}
