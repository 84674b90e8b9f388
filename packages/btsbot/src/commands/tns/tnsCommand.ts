import { isPositive } from "@btsbot/alert";
import { BtsbotError } from "@btsbot/errors";
import { makeTnsReport } from "@btsbot/policy";
import type { TnsReport, TnsSource } from "@btsbot/policy";
import { createTnsClient } from "@btsbot/skyportal";
import type { TnsClient } from "@btsbot/skyportal";
import { openStore } from "@btsbot/store";
import type { SqlStore } from "@btsbot/store";
import { readToken } from "../../portal/readToken.js";
import { keepTnsStates, readTnsState } from "../../portal/tnsNames.js";
import type { TnsState } from "../../portal/tnsNames.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { readForUsage } from "../../terminal/UsageError.js";
import type { TnsOptions } from "./types.js";

/**
 * `btsbot tns`: reports sources to TNS, and keeps the names that come back.
 *
 * @internal
 */
export async function tnsCommand(sources: readonly string[], options: TnsOptions, terminal: Terminal): Promise<number> {
  const isSent = options.sandbox === true || options.url !== undefined;
  if (isSent && options.bot === undefined) {
    complain(terminal.stderr, "TNS asks which bot reports: give --bot ID:NAME. See btsbot tns --help.");
    return EXIT.usage;
  }
  const client = isSent ? await openClient(options, terminal) : undefined;
  const store = await openStore(options.store, { access: isSent ? "run" : "watch" });
  try {
    const ids = [...new Set(sources)];
    if (client !== undefined) return await report(store, client, ids, options, terminal);
    terminal.stdout.write(`${JSON.stringify(await makeReport(store, ids, options), null, 2)}\n`);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

async function openClient({ url, bot, keyFile }: TnsOptions, { env }: Terminal): Promise<TnsClient> {
  const apiKey = await readToken(
    { tokenFrom: "TNS_API_KEY", ...(keyFile !== undefined && { tokenFile: keyFile }) },
    env,
    "TNS",
  );
  const [botId, botName] = bot!;
  return createTnsClient({ botId, botName, apiKey, ...(url !== undefined && { url }) });
}

/** What was reported is asked for; the rest is reported, marked, and then asked for. */
async function report(
  store: SqlStore,
  client: TnsClient,
  ids: readonly string[],
  options: TnsOptions,
  { stdout }: Terminal,
): Promise<number> {
  const states = new Map<string, TnsState | undefined>();
  for (const id of ids) states.set(id, await readTnsState(store, id));
  const fresh = ids.filter((id) => states.get(id) === undefined);
  if (fresh.length > 0) {
    const number = await client.send(await makeReport(store, fresh, options));
    const sent = new Map(fresh.map((id, place) => [id, { report: number, place }]));
    await keepTnsStates(store, sent);
    for (const [id, state] of sent) states.set(id, state);
  }
  let status: number = EXIT.ok;
  for (const [objectId, state] of states) {
    const answer = "name" in state! ? state : (await client.answers(state!.report))[state!.place];
    if (answer?.name === undefined) status = EXIT.unreadable;
    else await keepTnsStates(store, new Map([[objectId, { name: answer.name }]]));
    stdout.write(`${JSON.stringify({ objectId, ...answer })}\n`);
  }
  return status;
}

async function makeReport(store: SqlStore, ids: readonly string[], options: TnsOptions): Promise<TnsReport> {
  const { reporter, group, dataSource, archive } = options;
  const [kept, points] = [await store.load(ids), await store.points(ids)];
  const sources = ids.map((objectId): TnsSource => {
    const position = kept.get(objectId)?.state.latest?.position;
    if (position === undefined)
      throw new BtsbotError("tns-report-invalid", "the store does not say where the source is", { path: objectId });
    const shown = (points.get(objectId) ?? []).filter(
      ({ programid, copy }) => copy !== true && programid !== 2 && programid !== 3,
    );
    return {
      objectId,
      ...position,
      ...(archive !== undefined && { archivalRemarks: archive }),
      history: {
        detections: shown.flatMap(({ jd, fid, magpsf, sigmapsf = null, isdiffpos, candid = null, programid = null }) =>
          magpsf == null ? [] : [{ jd, fid, magpsf, sigmapsf, candid, programid, positive: isPositive(isdiffpos) }],
        ),
        nondetections: shown.flatMap(({ jd, fid, magpsf, diffmaglim }) =>
          magpsf != null || diffmaglim == null ? [] : [{ jd, fid, diffmaglim }],
        ),
      },
    };
  });
  return readForUsage(() =>
    Promise.resolve(
      makeTnsReport(sources, {
        reporter,
        reportingGroupId: group,
        ...(dataSource !== undefined && { dataSourceId: dataSource }),
      }),
    ),
  );
}
