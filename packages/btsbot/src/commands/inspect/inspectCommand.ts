import { countOf } from "@btsbot/errors";
import type { Alert } from "@btsbot/alert";
import { encodePng } from "@btsbot/cutout";
import { createSkipTally } from "../../inputs/skipTally.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { printable } from "../../terminal/printable.js";
import { writeOutput } from "../../terminal/writeOutput.js";
import { inspectAlert } from "./inspectAlert.js";
import type { Inspection } from "./inspectAlert.js";
import { inspectJson } from "./inspectJson.js";
import { inspectText } from "./inspectText.js";
import { readPacket } from "./readPacket.js";
import { drawStamps } from "./drawStamps.js";
import type { InspectOptions } from "./types.js";

/** What Node says where JSON.stringify, which descends by recursion, finds no bottom. */
const STACK_EXHAUSTED = "Maximum call stack size exceeded";

/**
 * `btsbot inspect`.
 *
 * @internal
 */
export async function inspectCommand(path: string, options: InspectOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  const { index = 0 } = options;
  const skipped = createSkipTally();
  const packet = await readPacket(path, options, terminal.stdin, skipped);
  for (const line of skipped.lines()) complain(stderr, line);
  if (packet.chosen === undefined) {
    complain(stderr, `${path} holds ${countOf(packet.alerts, "alert")}, and --index counts from 0`);
    return EXIT.usage;
  }
  if (!packet.chosen.success) {
    complain(stderr, `${path}: ${packet.chosen.error.message}`);
    return EXIT.unreadable;
  }
  const alert = packet.chosen.data;
  const text = write(inspectAlert(packet, index, alert), options.format, terminal);
  if (text === undefined) {
    complain(stderr, `${path}: the alert is nested too deeply to be written`);
    return EXIT.unreadable;
  }
  stdout.write(text);
  return options.png === undefined ? EXIT.ok : writePicture(alert, options.png, terminal);
}

/** The inspection in the format asked for; nothing where a field is nested too deeply for the stack. */
function write(inspection: Inspection, format: InspectOptions["format"], terminal: Terminal): string | undefined {
  try {
    return format === "json"
      ? `${JSON.stringify(inspectJson(inspection), null, 2)}\n`
      : inspectText(inspection, terminal);
  } catch (error) {
    if (error instanceof RangeError && error.message === STACK_EXHAUSTED) return undefined;
    throw error;
  }
}

async function writePicture(alert: Alert, path: string, { stderr }: Terminal): Promise<number> {
  const { picture, isNorthUp } = drawStamps(alert);
  await writeOutput(path, encodePng(picture));
  if (!isNorthUp)
    complain(stderr, "the stamps do not say how they lie on the sky: they are drawn as they lie in the packet");
  stderr.write(`Science, template, difference: ${printable(path)}\n`);
  return EXIT.ok;
}
