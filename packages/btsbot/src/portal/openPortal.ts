import { BtsbotError } from "@btsbot/errors";
import { createSkyPortalClient, resolvePortalNames } from "@btsbot/skyportal";
import type { PortalNotice, SkyPortalClient, SkyPortalOptions, StoreIntroductionOptions } from "@btsbot/skyportal";
import type { CliIo } from "../types.js";
import type { PortalConfig } from "./portalSchema.js";
import { readToken } from "./readToken.js";

/** A SkyPortal that can be reached, with the ids of what was named. */
export interface OpenPortal {
  readonly client: SkyPortalClient;
  /** Another client with the same token, with a rate of its own. */
  readonly connect: (options: Pick<SkyPortalOptions, "rate" | "tries" | "timeoutMs">) => SkyPortalClient;
  readonly told: StoreIntroductionOptions;
}

/**
 * Reaches a SkyPortal, and finds the ids of what is named: before the night, not when a source is to be saved.
 *
 * @throws BtsbotError `config-invalid` with every name that is missing there, or for the token; what the client throws
 *
 * @internal
 */
export async function openPortal(
  config: PortalConfig,
  env: CliIo["env"],
  onNotice: (notice: PortalNotice) => void,
): Promise<OpenPortal> {
  const { url, rate, filters = [], instrument, streams = [], classification } = config;
  const token = await readToken(config, env);
  const connect: OpenPortal["connect"] = (options) => createSkyPortalClient({ url, token, onNotice, ...options });
  const client = connect(rate === undefined ? {} : { rate });
  // Whether the token is taken is found out now, before anything is handed over.
  await client.call({ method: "GET", path: "/api/groups" });
  const { ids, classes, missing } = await resolvePortalNames(client, {
    filters,
    streams,
    instruments: instrument === undefined ? [] : [instrument],
    taxonomies: classification === undefined ? [] : [classification.taxonomy],
  });
  const taxonomyId = classification && ids.taxonomies.get(classification.taxonomy);
  const lacks =
    taxonomyId !== undefined && classes.get(taxonomyId)?.has(classification!.name) !== true
      ? [`the taxonomy ${classification!.taxonomy} has no class ${classification!.name}`]
      : [];
  const wrong = [...missing, ...lacks];
  if (wrong.length > 0)
    throw new BtsbotError(wrong.map((line) => BtsbotError.problem("config-invalid", line, { path: "skyportal" })));
  const instrumentId = instrument === undefined ? undefined : ids.instruments.get(instrument)!;
  return {
    client,
    connect,
    told: {
      ...(filters.length > 0 && { filterIds: filters.map((name) => ids.filters.get(name)!) }),
      ...(instrumentId !== undefined && { instrumentId }),
      ...(streams.length > 0 && { streamIds: streams.map((name) => ids.streams.get(name)!) }),
      ...(taxonomyId !== undefined && { classification: { taxonomyId, name: classification!.name } }),
    },
  };
}
