/**
 * What `jobs` measures, as a process of its own: `command ARGS...` is btsbot, `core FOLDER` the library alone on the packets
 * of a folder. The processor's time that it took, s, and the most memory, MB, come last on standard error.
 */
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { createScorer } from "@btsbot/core";
import { openCache } from "@btsbot/weights";
import { runCli } from "btsbot";

/** As the command has it: room for a stamp at once. */
const CHUNK = 24 * 1024;

const [what, ...args] = process.argv.slice(2);
if (what === "command") process.exitCode = await runCli(args, process);
else await scoreFolder(args[0]);
const { user, system } = process.cpuUsage();
process.stderr.write(`\ncpu ${(user + system) / 1e6}\n`);
// Kilobytes, as Node says it on every system.
process.stderr.write(`rss ${process.resourceUsage().maxRSS / 1000}\n`);

async function scoreFolder(folder) {
  const scorer = await createScorer({
    models: ["btsbot-v1.0.1"],
    store: openCache({ cache: process.env.BTSBOT_CACHE }),
    gunzip: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK }),
  });
  for await (const outcome of scorer.scoreAlerts(packetsIn(folder))) if (!outcome.success) throw outcome.error;
  scorer.dispose();
}

function* packetsIn(folder) {
  for (const name of readdirSync(folder)) yield readFileSync(`${folder}/${name}`);
}
