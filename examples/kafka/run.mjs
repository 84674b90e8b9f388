// node examples/kafka/run.mjs [MODEL]
//
// Runs the consumer without Kafka: the demo's synthetic packets come as messages, and what a producer would send on is
// printed. The model is btsbot-mini, which ships with the library, unless one of the cache is named.
import { openCache } from "@btsbot/weights";
import { makePackets } from "../makePackets.js";
import { consume, createHandler } from "./consumer.mjs";

const [model] = process.argv.slice(2);
const { handle, close } = await createHandler({
  ...(model !== undefined && { models: [model] }),
  store: openCache(),
  publish: (_, results) => process.stdout.write(results.map((result) => `${JSON.stringify(result)}\n`).join("")),
});
await consume(
  makePackets().map(({ bytes }) => bytes),
  handle,
);
await close();
