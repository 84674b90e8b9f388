// node examples/node/score.mjs [FILE...]
//
// Scores the alerts of packet files and prints one line of JSON for each alert: with every model in the cache (npx btsbot
// models pull), or, where there is none, with btsbot-mini. Without arguments it scores the synthetic packets of makePackets.js.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { createScorer, toJsonResult } from "@btsbot/core";
import { listPulled, openCache } from "@btsbot/weights";

const inputs = process.argv.length > 2 ? openFiles(process.argv.slice(2)) : await makeInputs();
process.exitCode = await scoreAll(inputs);

/** Prints what becomes of each alert; gives the exit status: 1 if something could not be read. */
async function scoreAll(inputs) {
  const models = (await listPulled()).map(({ name }) => name);
  // Preparing the models takes longer than scoring an alert: make one scorer, and keep it.
  const scorer = await createScorer({
    // Without models, a scorer has the one that ships with the library.
    ...(models.length > 0 && { models }),
    store: openCache(),
    // Optional: Node's own gunzip is faster than the portable one.
    gunzip: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes }),
  });
  const unreadable = new Map();
  let status = 0;
  // Alerts come out in the order of the input, scored in batches. What cannot be read does not stop the others.
  for await (const outcome of scorer.scoreAlerts(readInputs(inputs, unreadable))) {
    const { input, index } = outcome;
    const file = inputs[input].name;
    if (outcome.success) {
      // Each model has a score, or the reasons why not.
      print({ file, index, ...toJsonResult(outcome.data) });
    } else {
      const { code, message } = unreadable.get(input) ?? outcome.error;
      print({ file, index, error: { code, message } });
      status = 1;
    }
  }
  scorer.dispose();
  return status;
}

/** Reads the inputs one by one, as the scorer asks for them. */
async function* readInputs(inputs, unreadable) {
  for (const [place, { read }] of inputs.entries()) {
    yield await read().catch((error) => {
      unreadable.set(place, error);
      // No bytes are no alert: the scorer answers with an error at this place, and goes on.
      return new Uint8Array(0);
    });
  }
}

function openFiles(files) {
  return files.map((name) => ({ name, read: () => readFile(name) }));
}

async function makeInputs() {
  const { makePackets } = await import("../makePackets.js");
  return makePackets().map(({ name, bytes }) => ({ name, read: async () => bytes }));
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
