import { writeFile } from "node:fs/promises";
import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { encodePng, flagStamps, readStamps, renderTriplet } from "@btsbot/cutout";
import { BtsbotError, toSafe } from "@btsbot/errors";
import { extractFeatures, getProfile } from "@btsbot/features";
import type { Terminal } from "./createTerminal.js";
import { EXIT } from "./exitStatus.js";
import { gunzip } from "./gunzip.js";
import { describeStamps } from "./describeStamps.js";
import { inspectJson } from "./inspectJson.js";
import { inspectText } from "./inspectText.js";
import { readPacket } from "./readPacket.js";
import type { Packet } from "./readPacket.js";

/** The profile whose features are shown: the production model's. */
const PROFILE = "btsbot-v1";
/** Pixels of the picture for one of a stamp: a triplet of 63 pixels becomes 772 by 252. */
const PNG_SCALE = 4;

/** Options of `btsbot inspect`. */
export interface InspectOptions {
  readonly index?: number;
  readonly png?: string;
  readonly format: "text" | "json";
}

/**
 * `btsbot inspect`.
 *
 * @internal
 */
export async function inspectCommand(path: string, options: InspectOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  const { index = 0 } = options;
  const packet = await readPacket(path, index, terminal.stdin);
  if (packet.chosen === undefined) {
    stderr.write(`btsbot: ${path} holds ${packet.alerts} ${packet.alerts === 1 ? "alert" : "alerts"}, and --index counts from 0\n`);
    return EXIT.usage;
  }
  if (!packet.chosen.success) {
    stderr.write(`btsbot: ${path}: ${packet.chosen.error.message}\n`);
    return EXIT.unreadable;
  }
  const alert = packet.chosen.data;
  const inspection = inspect(packet, index, alert);
  stdout.write(options.format === "json" ? `${JSON.stringify(inspectJson(inspection), null, 2)}\n` : inspectText(inspection, terminal));
  return options.png === undefined ? EXIT.ok : writePicture(alert, options.png, terminal);
}

/** Everything that is shown of an alert. */
export type Inspection = ReturnType<typeof inspect>;

function inspect(packet: Packet, index: number, alert: Alert) {
  const history = toLightCurve(alert);
  const features = extractFeatures(getProfile(PROFILE), { alert, history });
  // Stamps that cannot be read have no flags: why they cannot stands in their description.
  const flags = toSafe(() => flagStamps(readStamps(alert, { gunzip })));
  return { packet, index, alert, history, features, stamps: describeStamps(alert), stampFlags: flags.success ? flags.data : [] };
}

async function writePicture(alert: Alert, path: string, { stderr }: Terminal): Promise<number> {
  const bytes = encodePng(renderTriplet(readStamps(alert, { gunzip }), { scale: PNG_SCALE }));
  try {
    await writeFile(path, bytes);
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new BtsbotError("folder-unwritable", "the picture cannot be written", { path, got, cause });
  }
  stderr.write(`Science, template, difference: ${path}\n`);
  return EXIT.ok;
}
