import { countOf } from "@btsbot/errors";
import { openStore } from "@btsbot/store";
import type { OutboxCounts, StoreInfo } from "@btsbot/store";
import type { Colors, Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { printable } from "../../terminal/printable.js";
import type { StoreInfoOptions } from "./types.js";

/**
 * `btsbot store info`.
 *
 * @internal
 */
export async function storeInfoCommand(
  folder: string,
  { format }: StoreInfoOptions,
  { stdout, colors }: Terminal,
): Promise<number> {
  const store = await openStore(folder, { access: "watch" });
  try {
    const info = await store.info();
    const isJson = (format ?? (stdout.isTTY ? "text" : "json")) === "json";
    stdout.write(`${isJson ? JSON.stringify(info) : describeInfo(info, colors)}\n`);
  } finally {
    await store.close();
  }
  return EXIT.ok;
}

function describeInfo(info: StoreInfo, colors: Colors): string {
  const { path, version, bytes, sources, detections, limits, alerts, labels, nights, maker } = info;
  const rows: (readonly [string, string])[] = [
    ["size", `${(bytes / 1e6).toFixed(2)} MB, tables of version ${version}`],
    ["sources", countOf(sources, "source")],
    ["points", `${countOf(detections, "point")} with an alert's id, ${limits} without, most of them upper limits`],
    ["alerts", `${countOf(alerts, "alert")}${nights === undefined ? "" : `, JD ${nights[0]} to ${nights[1]}`}`],
    ["labels", countOf(labels, "label")],
    ...Object.entries(info.outbox).map(([kind, counts]) => [`${kind}s`, describeOutbox(counts)] as const),
    ...(maker === undefined
      ? []
      : [
          ["model", maker.model.name] as const,
          ["filter", maker.filter?.name ?? "none"] as const,
          ["policies", maker.policies.map(({ name }) => name).join(", ")] as const,
        ]),
    ...Object.entries(info.cursors).map(([source, value]) => ["read", `${source} up to ${value}`] as const),
  ];
  return [
    colors.bold(printable(path)),
    ...rows.map(([title, value]) => `  ${colors.dim(title.padEnd(9))} ${printable(value)}`),
  ].join("\n");
}

function describeOutbox({ pending, done, refused }: OutboxCounts): string {
  return `${done} done, ${pending} to be handed over, ${refused} refused`;
}
