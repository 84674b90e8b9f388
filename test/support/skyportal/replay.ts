import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { TOKENS } from "./createPortal.js";
import type { FakeSkyPortal } from "./fakeSkyPortal.js";
import type { Fields, Portal } from "./portal.js";

/** One exchange with a real SkyPortal. */
export interface Recording {
  readonly request?: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** What is not JSON, or not an object, as a text. */
    readonly rawBody?: string;
  };
  readonly response: {
    readonly status: number;
    readonly bodyKind?: string;
    readonly body: unknown;
  };
  readonly [other: string]: unknown;
}

/**
 * Reads the recordings, in their order.
 *
 * @param folder - the data folder
 * @returns by name
 */
export function readRecordings(folder: string): ReadonlyMap<string, Recording> {
  const text = readFileSync(`${folder}/skyportal/recordings.json`, "utf8");
  return new Map(Object.entries(JSON.parse(text) as Record<string, Recording>));
}

/** What was sent, byte by byte: bytes are recorded as Python writes them, and a large picture cut short. */
function bodyOf(
  name: string,
  { body, rawBody }: NonNullable<Recording["request"]>,
): Uint8Array<ArrayBuffer> | string | undefined {
  if (name === "035-candidate-not-utf8") return new Uint8Array(Buffer.from('{"id":"\xff\xfe"}', "latin1"));
  if (name === "199-thumbnail-too-large") return JSON.stringify({ ...(body as Fields), data: LARGE_PNG });
  return rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
}

/** The beginning of a PNG of 600 by 600 pixels, which says its size. */
const LARGE_PNG = Buffer.from("89504e470d0a1a0a0000000d494844520000025800000258080000000000", "hex").toString("base64");

/** Sends what was recorded, with ids of requests as this portal counted them. */
export async function replay(
  { url }: FakeSkyPortal,
  name: string,
  { request }: Recording,
  ids: ReadonlyMap<string, number>,
): Promise<Response> {
  const { method, path, headers } = request!;
  const here = path.replace(
    /^(\/api\/followup_request\/)(\d+)$/,
    (_, start: string, id: string) => start + (ids.get(id) ?? id),
  );
  const { Authorization } = headers;
  const bytes = bodyOf(name, request!);
  return fetch(url + here, {
    method,
    headers: Authorization === undefined ? {} : { Authorization },
    ...(bytes !== undefined && { body: bytes }),
  });
}

/** What was done in the database, or by other means, before an exchange. */
export const BEFORE: Readonly<Record<string, (fake: FakeSkyPortal) => void | Promise<void>>> = {
  "212-fu-list-empty": ({ portal }) => {
    for (const [place, letter] of [..."abcdefghi"].entries()) {
      const [ra, dec] = letter === "b" ? [120, 20 + 0.3 / 3600] : [120 + 0.1 * place, 20];
      addSource(portal, `ZTF26aaaaaa${letter}`, ra, dec, letter !== "c");
    }
    addClassification(portal, "ZTF26aaaaaad", true);
    addClassification(portal, "ZTF26aaaaaae", false);
    portal.objs.get("ZTF26aaaaaah")!.assigned = true;
  },
  "226-fu-tns-classified-ignored": ({ portal }) => tellTns(portal, "SN 2026abc", null),
  "227-fu-tns-reported-discoverydate": ({ portal }) =>
    tellTns(portal, "AT 2026abc", { discoverydate: "2026-11-26 00:00:00" }),
  "228-fu-tns-reported-photometry-ignored": ({ portal }) =>
    tellTns(portal, "AT 2026abc", {
      discoverydate: "2026-11-26 00:00:00",
      photometry: [{ obsdate: "2026-11-26 00:00:00" }],
    }),
  "291-facility-rejects": ({ portal }) => {
    for (const letter of "abcde") addSource(portal, `ZTF26bbbbbb${letter}`, 130 + letter.charCodeAt(0), 20, true);
    portal.facility = () => ({ rejected: "too faint for us" });
  },
  "294-facility-put-resubmits-rejected": accept,
  "296-facility-put-rejected": ({ portal }) => {
    portal.facility = () => ({ rejected: "too faint for us" });
  },
  "300-facility-500": ({ portal }) => {
    portal.facility = () => ({ failed: "oops" });
  },
  "301-facility-hangs": ({ portal }) => {
    portal.facilityMs = 60;
    portal.facility = () => "hangs";
  },
  "303-facility-hung-retry": accept,
  "305-client-gave-up-list": async (fake) => giveUp(fake, "ZTF26bbbbbbe", {}),
  "306-client-gave-up-retry": accept,
  "307-client-gave-up-list-2": async () => {
    await sleep(150);
  },
  "346-slow-facility-list-while-pending": async (fake) => {
    addSource(fake.portal, "ZTF26dddddda", 140, 20, true);
    addSource(fake.portal, "ZTF26eeeeeea", 141, 20, true);
    await giveUp(fake, "ZTF26dddddda", {});
  },
  "347-slow-facility-retry": accept,
  "348-slow-facility-list-after": async () => {
    await sleep(150);
  },
  "349-slow-facility-no-refresh-list-while-pending": async (fake) =>
    giveUp(fake, "ZTF26eeeeeea", { refreshSource: false }),
  "350-slow-facility-no-refresh-list-after": async () => {
    await sleep(150);
  },
};

function accept({ portal }: FakeSkyPortal): void {
  portal.facility = () => "accepted";
}

/** Asks for a request of a slow facility, and does not wait for the answer. */
async function giveUp({ url, portal }: FakeSkyPortal, objId: string, more: Fields): Promise<void> {
  portal.facilityMs = 10_000;
  portal.facility = () => sleep(100, "accepted" as const);
  const payload = { observation_type: "IFU", priority: 2, start_date: "2026-11-30", end_date: "2026-12-07" };
  const body = {
    obj_id: objId,
    allocation_id: 1,
    payload,
    source_group_ids: [5],
    target_group_ids: [5],
    not_if_duplicates: true,
  };
  const headers = { Authorization: `token ${TOKENS.bot}` };
  await fetch(`${url}/api/followup_request`, {
    method: "POST",
    headers,
    body: JSON.stringify({ ...body, ...more }),
    signal: AbortSignal.timeout(30),
  }).catch(() => undefined);
}

/** Puts an object there, saved to group 5 or only a candidate. */
export function addSource(portal: Portal, id: string, ra: number, dec: number, isSaved: boolean): void {
  const at = "2026-11-30T19:07:20.000000";
  portal.objs.set(id, { id, ra, dec, score: 0.9, origin: "btsbot", at, tnsName: null, tnsInfo: null, assigned: false });
  portal.candidates.push({ id: portal.next("candidates"), objId: id, filterId: 1, passedAt: 0, alertId: null });
  if (isSaved) portal.saves.push({ objId: id, groupId: 5, active: true, requested: false, at });
}

function addClassification(portal: Portal, objId: string, ml: boolean): void {
  const at = "2026-11-30T19:07:20.000000";
  const body = { classification: "Supernova", taxonomy_id: 1, ml };
  portal.classifications.push({
    id: portal.next("classifications"),
    objId,
    userId: 2,
    groupIds: [5],
    at,
    modified: at,
    body,
  });
}

function tellTns(portal: Portal, name: string, info: Fields | null): void {
  Object.assign(portal.objs.get("ZTF26aaaaaag")!, { tnsName: name, tnsInfo: info });
}
