// Prints the milliseconds from this process's start to the first score by the models named.
const { createScorer } = await import("@btsbot/core");
const { readModel, readPacket } = await import("./inputs.js");
const scorer = await createScorer({ models: await Promise.all(process.argv.slice(2).map(readModel)) });
await scorer.scoreAlert(readPacket());
process.stdout.write(String(performance.now()));
process.exit(0);
