import { setTimeout } from "node:timers/promises";
import type { Knowledge } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { createSkyPortalKnowledge, createSkyPortalSink, introduceFromStore, sendOutbox } from "@btsbot/skyportal";
import type { PortalKnowledge } from "@btsbot/skyportal";
import type { SqlStore } from "@btsbot/store";
import type { Logger } from "pino";
import { checkRules } from "../../portal/checkRules.js";
import { openPortal } from "../../portal/openPortal.js";
import { publicEntries } from "../../portal/publicEntries.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import type { StreamParts } from "./streamParts.js";

/** How long between one look at what waits and the next, ms. */
const EVERY_MS = 2000;
/** Calls a second for asking and for telling together: SkyPortal's nginx lets 5 through. */
const RATE = 4;
/** Alerts wait for what is asked: fewer tries, and a shorter wait, than what is told may take. */
const ASKING = { tries: 2, timeoutMs: 15_000 };

/** A SkyPortal beside a stream. */
interface StreamPortal {
  readonly knowledge: Knowledge;
  /** Sends what waits, again and again, until the stream ends. */
  readonly send: () => Promise<void>;
  /** Says that the stream has ended: what waits is sent once more. */
  readonly finish: () => void;
}

/**
 * Reaches the SkyPortal of a stream, if there is one: what is missing there is said before the first alert is read.
 *
 * @throws BtsbotError `config-invalid`; what the client throws
 *
 * @internal
 */
export async function openStreamPortal(
  { config: { skyportal, input }, setup, log }: StreamParts,
  store: SqlStore,
  { env, signal }: Terminal,
): Promise<StreamPortal | undefined> {
  if (skyportal === undefined) return undefined;
  const rate = (skyportal.rate ?? RATE) / 2;
  const { client, connect, told } = await openPortal({ ...skyportal, rate }, env, ({ call, why, againMs }) =>
    log.warn({ event: "skyportal", call, againMs }, why),
  );
  await checkRules(client, setup.rules ?? []);
  const nonPublic = input.programs.some((program) => program !== 1);
  const known = createSkyPortalKnowledge({ client: connect({ ...ASKING, rate }) });
  const sink = createSkyPortalSink({
    client,
    introduce: introduceFromStore(store, { ...told, model: setup.model.definition.name, nonPublic }),
    issued: async (objectId) => (await store.load([objectId])).get(objectId)?.issued ?? [],
    onChanged: (objectId) => known.forget(objectId),
  });
  const ended = new AbortController();
  const pass = () =>
    sendOutbox(store, sink, {
      ...(!nonPublic && { choose: (entries) => publicEntries(store, entries) }),
      ...(signal && { signal }),
      onAnswer: ({ key }, { state, reason, answer }) =>
        log[state === "done" ? "info" : "warn"]({ event: "action", key, state, answer }, reason ?? "carried out"),
    });
  return {
    knowledge: unlessSilent(known, log),
    finish: () => ended.abort(),
    send: () => {
      const sending = sendAll();
      // What the stream ends with is thrown first.
      sending.catch(() => undefined);
      return sending;
    },
  };

  async function sendAll(): Promise<void> {
    try {
      while (!ended.signal.aborted && signal?.aborted !== true) {
        await pass();
        await setTimeout(EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      }
      if (signal?.aborted !== true) await pass();
    } catch (error) {
      // Alerts are scored and decided on all the same; what is to be sent waits in the store.
      if (!(error instanceof BtsbotError) || !error.code.startsWith("skyportal-")) throw error;
      log.error({ event: "sending stopped", code: error.code }, error.message);
    }
  }
}

/**
 * A SkyPortal that cannot be reached does not hold up alerts: what was asked for before is known by its keys, and SkyPortal
 * checks again what speaks against a request when it is made.
 */
function unlessSilent(known: PortalKnowledge, log: Logger): Knowledge {
  return {
    async know(objectIds) {
      try {
        return await known.know(objectIds);
      } catch (error) {
        if (!(error instanceof BtsbotError) || !error.code.startsWith("skyportal-")) throw error;
        log.error({ event: "nothing known", code: error.code }, error.message);
        return new Map();
      }
    },
  };
}
