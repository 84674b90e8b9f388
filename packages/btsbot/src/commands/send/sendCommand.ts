import type { PendingEntry, SinkAnswer } from "@btsbot/decide";
import { countOf } from "@btsbot/errors";
import type { FollowUpAction } from "@btsbot/policy";
import { toSkyPortal } from "@btsbot/policy";
import { createSkyPortalSink, introduceFromStore, orderByUrgency, sendOutbox } from "@btsbot/skyportal";
import type { SendCounts } from "@btsbot/skyportal";
import { openStore } from "@btsbot/store";
import type { SqlStore } from "@btsbot/store";
import { openPortal } from "../../portal/openPortal.js";
import type { OpenPortal } from "../../portal/openPortal.js";
import { readPortalConfig } from "../../portal/readPortalConfig.js";
import { publicEntries } from "../../portal/publicEntries.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { printable } from "../../terminal/printable.js";
import type { SendCommandOptions } from "./types.js";

/**
 * `btsbot send`: drains the outbox of a store into SkyPortal, once.
 *
 * @internal
 */
export async function sendCommand(options: SendCommandOptions, terminal: Terminal): Promise<number> {
  const { stderr } = terminal;
  const isPrinted = options.format === "skyportal";
  const config = isPrinted ? undefined : await readPortalConfig(options);
  if (config === undefined && !isPrinted) {
    complain(stderr, "no SkyPortal is given: name one with --url or --portal. See btsbot send --help.");
    return EXIT.usage;
  }
  const portal =
    config &&
    (await openPortal(config, terminal.env, ({ call, why, againMs }) =>
      complain(stderr, `${call}: ${why}; again in ${(againMs / 1000).toFixed(1)} s`),
    ));
  const isDry = isPrinted || options.dryRun === true;
  const store = await openStore(options.store, { access: isDry ? "watch" : "run" });
  try {
    if (portal === undefined || isDry) return await tell(store, options, terminal);
    return await send(store, portal, options, terminal);
  } finally {
    await store.close();
  }
}

/** What waits and may leave. */
async function choose(
  store: SqlStore,
  entries: readonly PendingEntry[],
  { nonPublic }: SendCommandOptions,
  { stderr }: Terminal,
): Promise<readonly PendingEntry[]> {
  const chosen = nonPublic === true ? entries : await publicEntries(store, entries);
  const left = entries.length - chosen.length;
  if (left > 0)
    complain(stderr, `${countOf(left, "action")} of sources that are not public ${left === 1 ? "waits" : "wait"}`);
  return chosen;
}

/** Says what would be sent, in its order. */
async function tell(store: SqlStore, options: SendCommandOptions, terminal: Terminal): Promise<number> {
  const chosen = await choose(store, await store.pending("action"), options, terminal);
  for (const { key, objectId, body } of orderByUrgency(chosen).flat()) {
    const action = body as unknown as Exclude<FollowUpAction, { readonly kind: "none" }>;
    const line =
      options.format === "skyportal"
        ? { key, ...toSkyPortal(action) }
        : { key, objectId, action: action.kind, state: "pending", reasons: action.reasons };
    terminal.stdout.write(
      isText(options, terminal)
        ? `${printable(`${action.kind.padEnd(8)} ${key}: ${action.reasons.join("; ")}`)}\n`
        : `${JSON.stringify(line)}\n`,
    );
  }
  if (options.format !== "skyportal") complain(terminal.stderr, `${countOf(chosen.length, "action")} would be sent`);
  return EXIT.ok;
}

async function send(
  store: SqlStore,
  { client, told }: OpenPortal,
  options: SendCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr, signal } = terminal;
  const model = (await store.info()).maker?.model.name;
  const sink = createSkyPortalSink({
    client,
    introduce: introduceFromStore(store, {
      ...told,
      ...(model !== undefined && { model }),
      ...(options.nonPublic === true && { nonPublic: true }),
    }),
    issued: async (objectId) => (await store.load([objectId])).get(objectId)?.issued ?? [],
  });
  const counts = await sendOutbox(store, sink, {
    choose: (entries) => choose(store, entries, options, terminal),
    onAnswer: (entry, answer) => void stdout.write(`${lineOf(entry, answer, isText(options, terminal))}\n`),
    ...(signal && { signal }),
  });
  complain(stderr, describe(counts));
  signal?.throwIfAborted();
  return counts.waiting + counts.held > 0 ? EXIT.unreadable : EXIT.ok;
}

function isText({ format }: SendCommandOptions, { stdout }: Terminal): boolean {
  return (format ?? (stdout.isTTY === true ? "text" : "json")) === "text";
}

function lineOf({ key, objectId, body }: PendingEntry, { state, reason, answer }: SinkAnswer, asText: boolean): string {
  const { kind } = body as { readonly kind: string };
  const isHeld = state === "again" && reason?.startsWith("held for a person") === true;
  const name = isHeld ? "held" : state === "again" ? "waiting" : state;
  if (asText) return printable(`${name.padEnd(8)} ${key}${reason === undefined ? "" : `: ${reason}`}`);
  return JSON.stringify({
    key,
    objectId,
    action: kind,
    state: name,
    ...(reason !== undefined && { reason }),
    ...(answer !== undefined && { answer }),
  });
}

function describe({ done, refused, waiting, held }: SendCounts): string {
  return `${countOf(done, "action")} carried out, ${refused} refused, ${waiting} to be sent again, ${held} held for a person`;
}
