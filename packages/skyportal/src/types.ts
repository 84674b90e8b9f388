import type { OptionNames, Platform, PlatformFunction } from "@btsbot/errors";

/** The time that passes: given, so that tests and replays need not wait. */
export interface PortalTime {
  /** Now, ms since 1970. */
  now(): number;
  /**
   * Waits.
   *
   * @param ms - how long
   * @param signal - ends the waiting with its reason
   */
  sleep(ms: number, signal?: Platform<"AbortSignal">): Promise<void>;
}

/** Something that was waited for, for whoever reports it. */
export interface PortalNotice {
  /** Method and path. */
  readonly call: string;
  /** What came, without the token. */
  readonly why: string;
  /** In how many ms it is tried again. */
  readonly againMs: number;
}

/** How a SkyPortal is reached. */
export interface SkyPortalOptions {
  /** Its address, such as `https://fritz.science`. */
  readonly url: string;
  /** The token of whoever asks. It is in no error, message or notice. */
  readonly token: string;
  /** What fetches; the platform's by default. */
  readonly fetch?: PlatformFunction<"fetch">;
  /** Calls a second; 4 by default, as SkyPortal's nginx lets 5 through. */
  readonly rate?: number;
  /** How long an answer is waited for, ms; 45,000 by default: SkyPortal waits 30 s for a facility. */
  readonly timeoutMs?: number;
  /** How often a call is made that SkyPortal could not answer; 8 by default. */
  readonly tries?: number;
  /** The time; the platform's by default. */
  readonly time?: PortalTime;
  /** A number from 0 to 1, for the length of pauses; `Math.random` by default. */
  readonly random?: () => number;
  /** Shown what is waited for. */
  readonly onNotice?: (notice: PortalNotice) => void;
}

/**
 * The names of {@link SkyPortalOptions}.
 *
 * @internal
 */
export const SKYPORTAL_OPTIONS: OptionNames<SkyPortalOptions> = {
  url: "string!",
  token: "string!",
  fetch: "function",
  rate: "number",
  timeoutMs: "number",
  tries: "number",
  time: "object",
  random: "function",
  onNotice: "function",
};

/** A call of SkyPortal's API. */
export interface PortalRequest {
  /** The HTTP method. */
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** The path from `/api/` on, with its query. */
  readonly path: string;
  /** The body, sent as JSON; numbers that JSON does not have are refused. */
  readonly body?: unknown;
  /**
   * Whether it may be carried out twice. Such a call is made again until it is answered; another one ends `unsure` where
   * nobody can know whether it was carried out. By default GET and HEAD may.
   */
  readonly repeatable?: boolean;
  /** Ends the waiting. */
  readonly signal?: Platform<"AbortSignal">;
}

/** What became of a call. */
export type PortalReply =
  | {
      /** It was carried out. */
      readonly state: "ok";
      /** What SkyPortal gives; null for HEAD. */
      readonly data: unknown;
    }
  | {
      /** It was refused: the same call would be refused again. */
      readonly state: "refused";
      /** The HTTP status. */
      readonly status: number;
      /** Why, in SkyPortal's words without the token. */
      readonly message: string;
    }
  | {
      /** It may have been carried out, or may still be: look before asking again. */
      readonly state: "unsure";
      /** What came instead of an answer. */
      readonly message: string;
    };

/** A client of one SkyPortal with one token. */
export interface SkyPortalClient {
  /** The address, without a path. */
  readonly url: string;
  /**
   * Makes a call, at the rate that SkyPortal takes, and again where it could not answer.
   *
   * @param request - the call
   * @returns what became of it
   * @throws BtsbotError `skyportal-unauthorized` where the token is not taken; `skyportal-unreachable` where SkyPortal
   * did not answer in all tries; `skyportal-body` for a body that JSON cannot hold; the signal's reason
   */
  call(request: PortalRequest): Promise<PortalReply>;
}
