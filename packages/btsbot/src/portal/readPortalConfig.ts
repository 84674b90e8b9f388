import { parseData } from "@btsbot/errors";
import { readYamlConfig } from "../inputs/readYamlConfig.js";
import { readForUsage } from "../terminal/UsageError.js";
import { portalSchema } from "./portalSchema.js";
import type { PortalConfig } from "./portalSchema.js";

/**
 * The SkyPortal that a command's options name: a file, an address, or parts of both.
 *
 * @returns the configuration; undefined where none is named
 * @throws UsageError `file-unreadable`, `config-invalid`
 *
 * @internal
 */
export async function readPortalConfig(options: {
  readonly portal?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}): Promise<PortalConfig | undefined> {
  const { portal, url, tokenFile } = options;
  if (portal === undefined && url === undefined) return undefined;
  return readForUsage(async () => {
    const data = portal === undefined ? {} : ((await readYamlConfig(portal)) as object);
    const given = { ...data, ...(url !== undefined && { url }), ...(tokenFile !== undefined && { tokenFile }) };
    return parseData(portalSchema, given, "config-invalid", "the configuration");
  });
}
