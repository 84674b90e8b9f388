import type { Knowledge } from "@btsbot/decide";
import type { Terminal } from "../../terminal/createTerminal.js";
import { complain } from "../../terminal/complain.js";
import type { DecideOptions, DecideSetup } from "./types.js";

/**
 * Opens what SkyPortal knows, where one is named: what the rules name and it lacks is said before an alert is read.
 *
 * @throws BtsbotError `config-invalid`; what the client throws
 *
 * @internal
 */
export async function openKnowledge(
  { portal }: DecideOptions,
  { rules = [] }: DecideSetup,
  { env, stderr }: Terminal,
): Promise<Knowledge | undefined> {
  if (portal === undefined) return undefined;
  const { readPortalConfig } = await import("../../portal/readPortalConfig.js");
  const { openPortal } = await import("../../portal/openPortal.js");
  const { checkRules } = await import("../../portal/checkRules.js");
  const { createSkyPortalKnowledge } = await import("@btsbot/skyportal");
  const config = await readPortalConfig({ portal });
  const { client } = await openPortal(config!, env, ({ call, why, againMs }) =>
    complain(stderr, `${call}: ${why}; again in ${(againMs / 1000).toFixed(1)} s`),
  );
  await checkRules(client, rules);
  return createSkyPortalKnowledge({ client });
}
