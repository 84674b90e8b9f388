import { createMemoryStore } from "@btsbot/decide";
import type { Store } from "@btsbot/decide";
import { BtsbotError, countOf } from "@btsbot/errors";
import { openStore } from "@btsbot/store";
import type { KafkaClient } from "@btsbot/stream";
import type { DecideSetup } from "../../deciding/types.js";
import { checkRules } from "../../portal/checkRules.js";
import { openPortal } from "../../portal/openPortal.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { printable } from "../../terminal/printable.js";
import type { StreamConfig } from "./parseStreamConfig.js";
import { isWanted, outputsOf } from "./streamTopics.js";

/**
 * Says what a stream would do: by what it decides, from where it reads, where it writes. Nothing is changed.
 *
 * @throws BtsbotError `broker-unreachable`
 *
 * @internal
 */
export async function checkStream(
  config: StreamConfig,
  { model, filter, policies, rules }: DecideSetup,
  client: KafkaClient,
  { stdout, env }: Terminal,
): Promise<number> {
  const say = (line: string): void => void stdout.write(`${printable(line)}\n`);
  say(
    `decides by the model ${model.definition.name}, the filter ${filter?.name ?? "none"}, the policies ${policies.map(({ name }) => name).join(", ")}`,
  );
  const store = await peek(config.store);
  const topics = await client.topics();
  const wanted = [...topics.keys()].filter((name) => isWanted(config, name)).sort();
  if (wanted.length === 0) say("reads no topic yet: the broker has none of those asked for");
  for (const topic of wanted) {
    let left = 0n;
    for (const { partition, low, high } of await client.ranges(topic)) {
      const kept = await store.cursor(`kafka/${topic}/${partition}`);
      const first = config.input.from === "earliest" ? low : high;
      const place = kept === undefined ? first : BigInt(kept);
      left += high > place ? high - (place < low ? low : place) : 0n;
    }
    say(`reads ${topic}, ${countOf(topics.get(topic) ?? 0, "partition")}, ${left} offsets to go`);
  }
  say(`takes alerts of the programmes ${config.input.programs.join(", ") || "none"}, and those without one`);
  for (const [kind, topic] of outputsOf(config))
    say(`sends entries of the kind ${kind} to ${topic}, which ${topics.has(topic) ? "is there" : "it makes"}`);
  if (config.skyportal !== undefined) {
    const { client } = await openPortal(config.skyportal, env, () => undefined);
    await checkRules(client, rules ?? []);
    say(`asks and tells SkyPortal at ${client.url}, which has all that is named`);
  }
  say(`keeps its state in ${config.store}`);
  await store.close();
  return EXIT.ok;
}

/** What is kept, or what is where there is nothing yet. */
async function peek(folder: string): Promise<Store> {
  try {
    return await openStore(folder, { access: "watch" });
  } catch (error) {
    if (error instanceof BtsbotError && error.code === "store-missing") return createMemoryStore();
    throw error;
  }
}
