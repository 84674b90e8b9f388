import { BtsbotError } from "@btsbot/errors";
import type { Platform } from "@btsbot/errors";
import type { AnswerPart } from "./readAnswer.js";
import { numberIn, partOf, partsOf } from "./readAnswer.js";
import type { SkyPortalClient } from "./types.js";

/** Rows that are asked for at once: SkyPortal cuts a larger number in silence. */
const PAGE = 100;
/** Pages that are read of one list: a list that never ends is not one of SkyPortal's. */
const MOST_PAGES = 1000;

/**
 * What is asked for, or undefined where SkyPortal has none of it, or shows none.
 *
 * @internal
 */
export async function findInPortal(
  client: SkyPortalClient,
  path: string,
  signal?: Platform<"AbortSignal">,
): Promise<AnswerPart | undefined> {
  const reply = await client.call({ method: "GET", path, ...(signal && { signal }) });
  if (reply.state === "ok") return { value: reply.data, path: `GET ${path.split("?")[0]}` };
  // What one may not see is 400, 403 or 404, depending on what it is.
  return undefined;
}

/**
 * What has to be there.
 *
 * @throws BtsbotError `skyportal-refused`
 *
 * @internal
 */
export async function askPortal(
  client: SkyPortalClient,
  path: string,
  signal?: Platform<"AbortSignal">,
): Promise<AnswerPart> {
  const reply = await client.call({ method: "GET", path, ...(signal && { signal }) });
  if (reply.state === "ok") return { value: reply.data, path: `GET ${path.split("?")[0]}` };
  throw new BtsbotError("skyportal-refused", "SkyPortal refuses what has to be asked", {
    path: `GET ${path.split("?")[0]}`,
    got: reply.message,
  });
}

/**
 * All rows of a list in pages.
 *
 * @param list - name of the list in the answer
 * @returns the rows, each once by its id, though rows move while they are read
 *
 * @internal
 */
export async function askPages(
  client: SkyPortalClient,
  path: string,
  list: string,
  signal?: Platform<"AbortSignal">,
): Promise<AnswerPart[]> {
  const rows = new Map<number, AnswerPart>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const join = path.includes("?") ? "&" : "?";
    const answer = await askPortal(client, `${path}${join}numPerPage=${PAGE}&pageNumber=${page}`, signal);
    const given = partsOf(partOf(answer, list));
    for (const row of given) rows.set(numberIn(partOf(row, "id")), row);
    if (given.length === 0 || page * PAGE >= numberIn(partOf(answer, "totalMatches"))) break;
  }
  return [...rows.values()];
}
