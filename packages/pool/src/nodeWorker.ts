import { parentPort } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { serveScorer } from "./serveScorer.js";

/** A stamp is 20,160 bytes: room for it at once saves a third of the time. */
const CHUNK = 20 * 1024;

// The program of a pool's thread in Node. Its own zlib unpacks twice as fast as the portable one.
const port = parentPort!;
serveScorer(
  {
    post: (message) => port.postMessage(message),
    listen: (onMessage) => port.on("message", onMessage),
  },
  { gunzip: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize: CHUNK }) },
);
