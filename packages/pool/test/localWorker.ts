import { serveScorer } from "@btsbot/pool";
import type { PoolWorker } from "@btsbot/pool";
import type { Engine } from "@btsbot/model";
import { stubEngine } from "../../../test/support/stubEngine.js";

/** When a worker dies: told each batch when its turn comes. */
export type Fate = (inputs: readonly unknown[], worker: number) => "lives" | "dies";

/** What starts a worker, how many were started, and how many were ended. */
export interface LocalWorkers {
  readonly spawn: () => PoolWorker;
  readonly count: { started: number; ended: number };
}

/**
 * Workers in this thread, which take and give clones as real ones do, score with `nmtchps` over 100, and die
 * when they are told to.
 *
 * @param fate - says who dies of what
 * @param wait - what a worker awaits before it answers a batch
 * @returns what starts one, and counts
 */
export function localWorkers(
  fate: Fate = () => "lives",
  wait: () => Promise<void> = async () => undefined,
): LocalWorkers {
  const count = { started: 0, ended: 0 };
  const spawn = (): PoolWorker => {
    const me = count.started++;
    let alive = true;
    let toPool: (message: unknown) => void;
    let toWorker: (message: unknown) => void;
    let die: (why: string) => void;
    const waiting: unknown[] = [];
    let busy = false;
    function turn(): void {
      if (!alive || busy || waiting.length === 0) return;
      busy = true;
      const message = waiting.shift() as { readonly kind: string; readonly inputs: readonly unknown[] };
      if (message.kind === "score" && fate(message.inputs, me) === "dies") {
        alive = false;
        die("told to");
      } else toWorker(message);
    }
    serveScorer(
      {
        post: (message) => {
          const clone = structuredClone(message);
          queueMicrotask(() => {
            busy = false;
            if (alive) toPool(clone);
            turn();
          });
        },
        listen: (onMessage) => (toWorker = onMessage),
      },
      { engine: followEngine(wait) },
    );
    return {
      post: (message) => {
        waiting.push(structuredClone(message));
        queueMicrotask(turn);
      },
      listen: (onMessage, onDeath) => {
        toPool = onMessage;
        die = onDeath;
      },
      terminate: () => {
        alive = false;
        count.ended += 1;
      },
    };
  };
  return { spawn, count };
}

function followEngine(wait: () => Promise<void>): Engine {
  return stubEngine(async ({ metadata }, count) => {
    await wait();
    return Float32Array.from({ length: count }, (_, i) => metadata[25 * i + 12] / 100);
  });
}
