import { serveScorer } from "./serveScorer.js";

// The program of a pool's web worker.
serveScorer({
  post: (message) => {
    postMessage(message);
  },
  listen: (onMessage) => {
    addEventListener("message", ({ data }) => {
      onMessage(data);
    });
  },
});
