import { exportModel } from "@btsbot/weights";
import { openModels } from "../../models/openModels.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import type { ModelsExportOptions } from "./types.js";

/**
 * `btsbot models export`.
 *
 * @internal
 */
export async function exportCommand(
  name: string,
  { to, format }: ModelsExportOptions,
  terminal: Terminal,
): Promise<number> {
  const model = await openModels(terminal).load(name);
  const paths = await exportModel(model, to, format === "all" ? {} : { formats: [format] });
  for (const path of paths) terminal.stdout.write(`${path}\n`);
  return EXIT.ok;
}
