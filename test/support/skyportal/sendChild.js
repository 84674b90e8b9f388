/** A process that sends what waits in a store to a SkyPortal, faster than time: `node sendChild.js URL STORE FACTOR`. */
import { setTimeout as wait } from "node:timers/promises";
import { createSkyPortalClient, createSkyPortalSink, sendOutbox } from "@btsbot/skyportal";
import { openStore } from "@btsbot/store";

const [url, place, factor] = process.argv.slice(2);
/** The head of a PNG of 63 by 63 pixels. */
const PNG = Buffer.from("89504e470d0a1a0a0000000d494844520000003f0000003f0800000000000000", "hex").toString("base64");
/** Passes without any progress, after which it ends. */
const IDLE = 3;

const begun = performance.now();
const time = {
  now: () => (performance.now() - begun) * factor,
  sleep: (ms, signal) => wait(ms / factor, undefined, signal && { signal }),
};
const client = createSkyPortalClient({ url, token: process.env.SKYPORTAL_TOKEN, time, timeoutMs: 45_000 / factor });
const store = await openStore(place);
const sink = createSkyPortalSink({
  client,
  time,
  introduce: () =>
    Promise.resolve({
      candidate: { candid: "2836353843215015007", jd: 2461010.75, score: 0.93 },
      filterIds: [1],
      annotations: [{ origin: "btsbot:v1", data: { score: 0.93 } }],
      photometry: [
        { instrument_id: 2, magsys: "ab", zp: 23.9, mjd: [61010.25], filter: ["ztfr"], flux: [120.5], fluxerr: [3.5] },
      ],
      thumbnails: ["new", "ref"].map((type) => ({ type, data: PNG })),
      classification: { taxonomyId: 1, name: "Supernova", probability: 0.93, origin: "btsbot:v1" },
    }),
  issued: async (objectId) => (await store.load([objectId])).get(objectId)?.issued ?? [],
});
let counts;
for (let idle = 0; idle < IDLE;) {
  counts = await sendOutbox(store, sink);
  idle = counts.done + counts.refused > 0 ? 0 : idle + 1;
}
await store.close();
process.stdout.write(`${JSON.stringify(counts)}\n`);
