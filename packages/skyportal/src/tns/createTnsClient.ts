import { BtsbotError, checkOptions } from "@btsbot/errors";
import type { OptionNames, PlatformFunction } from "@btsbot/errors";
import type { TnsReport } from "@btsbot/policy";
import { PLATFORM_TIME } from "../platformTime.js";
import { redactToken } from "../redactToken.js";
import type { PortalTime } from "../types.js";

/** TNS's server for trials. */
const SANDBOX = "https://sandbox.wis-tns.org";
const TIMEOUT_MS = 60_000;
/** TNS works reports off one after the other: how long between one question and the next, ms, and how many. */
const POLL_MS = 5000;
const TRIES = 60;
/** How long is waited where TNS says that it is asked too often, and not for how long, ms. */
const PAUSE_MS = 60_000;
/** The longest that is waited for a call, ms. */
const MOST_PAUSE_MS = 600_000;

/** Who reports to TNS, and where. */
export interface TnsClientOptions {
  /** The server; `https://sandbox.wis-tns.org`, which is for trials, by default. Reports to the real one are public. */
  readonly url?: string;
  /** Id of the bot, as TNS registered it. */
  readonly botId: number;
  /** Its name. */
  readonly botName: string;
  /** The bot's key. It is in no error and no message. */
  readonly apiKey: string;
  /** What fetches; the platform's by default. */
  readonly fetch?: PlatformFunction<"fetch">;
  /** How long between one question for an answer and the next, ms; 5000 by default. */
  readonly pollMs?: number;
  /** How often is asked; 60 by default. */
  readonly tries?: number;
  /** The time; the platform's by default. */
  readonly time?: PortalTime;
}

/** The names of {@link TnsClientOptions}. */
const TNS_CLIENT_OPTIONS: OptionNames<TnsClientOptions> = {
  url: "string",
  botId: "number!",
  botName: "string!",
  apiKey: "string!",
  fetch: "function",
  pollMs: "number",
  tries: "number",
  time: "object",
};

/** What TNS says of one source of a report. */
export interface TnsAnswer {
  /** The name with its prefix, such as `AT 2026abc`; absent where TNS refuses the source. */
  readonly name?: string;
  /** Whether TNS had it before. */
  readonly wasKnown: boolean;
  /** What TNS says. */
  readonly message: string;
}

/** Reports to TNS. */
export interface TnsClient {
  /**
   * Sends a report.
   *
   * @param report - as `makeTnsReport` makes and checks it
   * @returns TNS's id of it
   * @throws BtsbotError `tns-refused`; `tns-unreachable`, also after silence: TNS may have it then
   */
  send(report: TnsReport): Promise<number>;
  /**
   * Waits until TNS has worked a report off.
   *
   * @param reportId - its id
   * @returns an answer for each source, in the report's order
   * @throws BtsbotError `tns-refused`; `tns-unreachable` where that took too long
   */
  answers(reportId: number): Promise<readonly TnsAnswer[]>;
}

/**
 * Makes a client of the Transient Name Server.
 *
 * Source: TNS, "Bulk API Manual - Automated reporting to the TNS"
 * (https://www.wis-tns.org/sites/default/files/api/TNS_bulk_reports_manual.pdf): `set/bulk-report`, `get/bulk-report-reply`,
 * the marker in the user agent; 100 is a new object, 101 one that is there; 404 while a report is not worked off.
 *
 * @param options - who reports, and where
 * @returns the client; nothing is sent yet
 *
 * @example
 * ```ts
 * import { createTnsClient } from "@btsbot/skyportal";
 *
 * // A TNS that has worked report 7 off. In real life without `fetch`, and with the key from the environment.
 * const at_report = [{ "100": { message: "Transient object was inserted.", objname: "2026abc" } }];
 * const fetch = async () => Response.json({ id_code: 200, data: { feedback: { at_report } } });
 * const client = createTnsClient({ botId: 1, botName: "bot", apiKey: "secret", fetch });
 * (await client.answers(7))[0].name; // => "AT 2026abc"
 * ```
 */
export function createTnsClient(options: TnsClientOptions): TnsClient {
  checkOptions("createTnsClient", options, TNS_CLIENT_OPTIONS);
  const { pollMs = POLL_MS, tries = TRIES, time = PLATFORM_TIME, apiKey } = options;
  const url = (options.url ?? SANDBOX).replace(/\/+$/, "");
  const post = (name: string, fields: Readonly<Record<string, string>>): Promise<Reply> =>
    ask(options, `${url}/api/${name}`, { api_key: apiKey, ...fields }, time);
  const fail = (code: "tns-refused" | "tns-unreachable", summary: string, got: string, hint: string): BtsbotError =>
    new BtsbotError(code, summary, { path: url, got: redactToken(got, apiKey), hint });
  return {
    async send(report) {
      const { status, text, data } = await post("set/bulk-report", { data: JSON.stringify(report) });
      const id = Number(fieldOf(data, "report_id"));
      if (status === 200 && Number.isInteger(id) && id > 0) return id;
      if (status >= 400 && status < 500)
        throw fail("tns-refused", "TNS refuses the report", text, "Check the bot's id, name and key, and its group.");
      throw fail(
        "tns-unreachable",
        "TNS did not say whether it has the report",
        text,
        "Look for the source there. If it is not there, report it again.",
      );
    },
    async answers(reportId) {
      let said = "";
      for (let asked = 0; asked < tries; asked += 1) {
        const { status, text, data } = await post("get/bulk-report-reply", { report_id: String(reportId) });
        if (status === 200) return readFeedback(data);
        // Not found is not worked off yet.
        if (status >= 400 && status < 500 && status !== 404)
          throw fail("tns-refused", "TNS gives no answer to the report", text, "Check the bot's id, name and key.");
        said = text;
        await time.sleep(pollMs);
      }
      throw fail("tns-unreachable", `TNS has not worked report ${reportId} off`, said, "Ask for its answer later.");
    },
  };
}

interface Reply {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly text: string;
  readonly data: unknown;
}

/** One call; where it came too often, it was not heard, and is made again. */
async function ask(
  { fetch: get = fetch, botId, botName }: TnsClientOptions,
  url: string,
  fields: Readonly<Record<string, string>>,
  time: PortalTime,
): Promise<Reply> {
  const marker = JSON.stringify({ tns_id: botId, type: "bot", name: botName });
  for (let waited = 0; ;) {
    let response: Response;
    let text: string;
    try {
      response = await get(url, {
        method: "POST",
        headers: { "User-Agent": `tns_marker${marker}` },
        body: new URLSearchParams(fields),
        // A key goes to the address that it was given for, and to no other.
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      return { status: 0, text: (error as Error).message, data: undefined };
    }
    const pause = pauseOf(response.headers.get("x-rate-limit-reset"));
    if (response.status !== 429 || waited + pause > MOST_PAUSE_MS)
      return { status: response.status, text: text.slice(0, 400), data: dataIn(text) };
    waited += pause;
    await time.sleep(pause);
  }
}

/** TNS says in how many seconds it may be asked again. */
function pauseOf(header: string | null): number {
  const seconds = Number(header ?? Number.NaN);
  return seconds > 0 ? seconds * 1000 : PAUSE_MS;
}

function dataIn(text: string): unknown {
  try {
    return fieldOf(JSON.parse(text), "data");
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Each source has a message under its number: 100 for a new object, 101 for one that is there, others for what is wrong. */
function readFeedback(data: unknown): TnsAnswer[] {
  const rows = fieldOf(fieldOf(data, "feedback"), "at_report");
  return (Array.isArray(rows) ? rows : []).map((row: unknown) => {
    const [given, there] = [fieldOf(row, "100"), fieldOf(row, "101")];
    const objname = fieldOf(given ?? there, "objname");
    if (typeof objname !== "string") return { wasKnown: false, message: JSON.stringify(row).slice(0, 400) };
    const prefix = fieldOf(there, "prefix");
    const message = fieldOf(given ?? there, "message");
    return {
      name: `${typeof prefix === "string" && prefix !== "" ? prefix : "AT"} ${objname}`,
      wasKnown: given === undefined,
      message: typeof message === "string" ? message : "",
    };
  });
}
