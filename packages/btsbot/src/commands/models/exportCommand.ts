import { cacheFolder, exportModel, openCache } from "@btsbot/weights";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import type { ExportOptions } from "./types.js";

/**
 * `btsbot models export`.
 *
 * @internal
 */
export async function exportCommand(
  name: string,
  { to, format }: ExportOptions,
  { stdout, env }: Terminal,
): Promise<number> {
  const model = await openCache({ cache: cacheFolder(env) }).load(name);
  const paths = await exportModel(model, to, format === "all" ? {} : { formats: [format] });
  for (const path of paths) stdout.write(`${path}\n`);
  return EXIT.ok;
}
