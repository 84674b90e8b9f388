import type { Platform } from "@btsbot/errors";
import type { SinkAnswer } from "@btsbot/decide";
import type { PortalReply, PortalRequest, SkyPortalClient } from "./types.js";

/** How often a call is made whose effect was looked for in vain. */
const TRIES = 3;

/** A call that SkyPortal would carry out twice, with how one finds out that it was carried out. */
export interface OnceCall {
  readonly client: SkyPortalClient;
  readonly request: PortalRequest;
  /** What it came to, if it was carried out; undefined where nothing is there. */
  readonly find: () => Promise<SinkAnswer | undefined>;
  /** Waits until a call that was not answered can no longer be carried out. */
  readonly settle: () => Promise<void>;
  readonly signal?: Platform<"AbortSignal"> | undefined;
}

/**
 * Makes a call that must not be carried out twice: after silence, it is looked for at once, and again when SkyPortal can
 * no longer carry it out; only then it is made again.
 *
 * @returns the reply; or what was found
 *
 * @internal
 */
export async function callOnce({
  client,
  request,
  find,
  settle,
  signal,
}: OnceCall): Promise<
  Exclude<PortalReply, { readonly state: "unsure" }> | { readonly state: "found"; readonly answer: SinkAnswer }
> {
  let message = "";
  for (let tried = 0; tried < TRIES; tried += 1) {
    const reply = await client.call({ ...request, repeatable: false, ...(signal && { signal }) });
    if (reply.state !== "unsure") return reply;
    ({ message } = reply);
    const early = await find();
    if (early !== undefined && early.state !== "again") return { state: "found", answer: early };
    await settle();
    const late = await find();
    if (late !== undefined) return { state: "found", answer: late };
  }
  return { state: "found", answer: { state: "again", reason: `no answer in ${TRIES} tries: ${message}` } };
}
