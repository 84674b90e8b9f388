import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import type { OptionNames, Platform } from "@btsbot/errors";
import type { PendingEntry, Sink, SinkAnswer } from "@btsbot/decide";
import type { CommentAction } from "@btsbot/policy";
import { createDoubts } from "./createDoubts.js";
import { PLATFORM_TIME } from "./platformTime.js";
import { readAction } from "./readAction.js";
import type { OutboxAction } from "./readAction.js";
import { findComment, sendComment } from "./sendComment.js";
import type { SendContext } from "./sendContext.js";
import { findRaise, findRequest, sendRaise, sendRequest } from "./sendRequest.js";
import { findSave, sendSave } from "./sendSave.js";
import type { PortalSinkOptions } from "./sinkTypes.js";

const SETTLE_MS = 60_000;

/** The names of {@link PortalSinkOptions}. */
const SINK_OPTIONS: OptionNames<PortalSinkOptions> = {
  client: "object!",
  introduce: "function",
  issued: "function",
  settleMs: "number",
  time: "object",
  origin: "string",
  onChanged: "function",
};

/**
 * Makes the sink that carries actions out in SkyPortal, each once: saves, comments, requests and higher priorities.
 *
 * Calls that SkyPortal carries out once however often they come (candidates, photometry, saves, comments) are made again
 * until they are answered. The others (classifications, thumbnails, requests, priorities) are looked for after silence,
 * and again once SkyPortal can no longer carry them out late; only then are they made again. What a source is asked for
 * goes one at a time, in order: what waits holds back what comes after it.
 *
 * An answer says `refused` also where SkyPortal ignores a request, and `again` with `held` where only a person can find
 * out what became of it, such as a facility that did not answer.
 *
 * @param options - what calls, and what is told of a source
 * @returns the sink; it throws `skyportal-unauthorized` where the token is not taken, which ends the sending
 *
 * @example
 * ```ts
 * import { createSkyPortalClient, createSkyPortalSink } from "@btsbot/skyportal";
 *
 * // A SkyPortal that saves. In real life without `fetch`, and with the token from the environment.
 * const saved = { status: "success", data: { id: "ZTF23abhvlji", saved_to_groups: [41] } };
 * const fetch = async () => Response.json(saved);
 * const client = createSkyPortalClient({ url: "https://fritz.science", token: "secret", fetch });
 * const body = { kind: "save", objectId: "ZTF23abhvlji", policy: "gt1", key: "ZTF23abhvlji/save/41", reasons: [], groupId: 41, ignoreGroupIds: [] };
 * const entry = { kind: "action", key: body.key, objectId: body.objectId, body, number: 1, attempts: 0 } as const;
 * await createSkyPortalSink({ client }).take([entry]); // => [{ state: "done", answer: { savedTo: [41] } }]
 * ```
 */
export function createSkyPortalSink(options: PortalSinkOptions): Sink {
  checkOptions("createSkyPortalSink", options, SINK_OPTIONS);
  const {
    client,
    introduce,
    issued,
    settleMs = SETTLE_MS,
    time = PLATFORM_TIME,
    origin = "btsbot",
    onChanged,
  } = options;
  checkArgument("createSkyPortalSink", "client", client, "object", ["call"]);
  const doubts = createDoubts(time, settleMs);
  const contextOf = (entry: PendingEntry, signal?: Platform<"AbortSignal">): SendContext => ({
    client,
    origin,
    ...(introduce && { introduce }),
    ...(signal && { signal }),
    ...doubts.of(entry, signal),
  });
  /** Whether what a comment is about took effect; what was not seen here was done before. */
  const stateOf = async ({ objectId, after }: CommentAction): Promise<SinkAnswer["state"]> => {
    const known = doubts.said.get(after);
    if (known !== undefined) return known.state;
    return issued === undefined || (await issued(objectId)).includes(after) ? "done" : "refused";
  };
  const send = async (action: OutboxAction, context: SendContext): Promise<SinkAnswer> => {
    if (action.kind !== "comment") return SENDERS[action.kind](action as never, context);
    const state = await stateOf(action);
    if (state === "done") return sendComment(action, context);
    return { state, reason: `it is about ${action.after}, which ${state === "refused" ? "was refused" : "waits"}` };
  };
  const sendEntry = async (
    action: OutboxAction,
    entry: PendingEntry,
    signal?: Platform<"AbortSignal">,
  ): Promise<SinkAnswer> => {
    try {
      return await send(action, contextOf(entry, signal));
    } catch (error) {
      return waitOrThrow(error);
    } finally {
      onChanged?.(entry.objectId);
    }
  };
  return {
    kind: "action",
    async recall(entries) {
      await time.sleep(settleMs);
      const found = new Set<string>();
      for (const entry of entries) {
        const action = safeAction(entry);
        if (typeof action === "string") continue;
        const answer = await FINDERS[action.kind](action as never, contextOf(entry));
        if (answer?.state === "done") found.add(entry.key);
      }
      return found;
    },
    async take(entries, signal) {
      const waiting = new Map<string, OutboxAction>();
      const answers: SinkAnswer[] = [];
      for (const entry of entries) {
        const action = safeAction(entry);
        const before = waiting.get(entry.objectId);
        let answer: SinkAnswer;
        if (typeof action === "string") answer = { state: "refused", reason: action };
        else if (signal?.aborted === true) answer = { state: "again", reason: "told to stop before" };
        else if (before !== undefined && isHeldBackBy(action, before))
          answer = { state: "again", reason: `it comes after ${before.key}, which waits` };
        else answer = await sendEntry(action, entry, signal);
        doubts.keep(entry, answer);
        answers.push(answer);
        if (answer.state === "again" && typeof action !== "string" && action.kind !== "comment" && before === undefined)
          waiting.set(entry.objectId, action);
      }
      return answers;
    },
  };
}

type Sender<Kind extends OutboxAction["kind"], Answer> = (
  action: Extract<OutboxAction, { readonly kind: Kind }>,
  context: SendContext,
) => Promise<Answer>;

/** What carries out each kind of action; a comment is asked first what it is about. */
const SENDERS: { readonly [Kind in Exclude<OutboxAction["kind"], "comment">]: Sender<Kind, SinkAnswer> } = {
  save: sendSave,
  request: sendRequest,
  raise: sendRaise,
};

/** What tells whether an action was carried out already. */
const FINDERS: { readonly [Kind in OutboxAction["kind"]]: Sender<Kind, SinkAnswer | undefined> } = {
  save: findSave,
  comment: findComment,
  request: findRequest,
  raise: findRaise,
};

/** An entry that nobody can carry out would be in the way of all others. */
function safeAction(entry: PendingEntry): OutboxAction | string {
  try {
    return readAction(entry);
  } catch (error) {
    return (error as Error).message;
  }
}

/** One request at a time for a source, and nothing is asked for of one that is not saved yet. A comment names what it waits for. */
function isHeldBackBy({ kind }: OutboxAction, before: OutboxAction): boolean {
  return kind !== "comment" && (before.kind === "save" || kind !== "save");
}

/** What waiting mends is sent again; what it does not ends the sending. */
function waitOrThrow(error: unknown): SinkAnswer {
  if (error instanceof BtsbotError && (error.code === "skyportal-unreachable" || error.code === "skyportal-refused"))
    return { state: "again", reason: error.message };
  throw error;
}
