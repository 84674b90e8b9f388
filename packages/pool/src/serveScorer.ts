import type { Alert } from "@btsbot/alert";
import type { AlertInput, AlertOutcome, ScorerOptions } from "@btsbot/core";
import { createSeatedComparer, createSeatedScorer } from "@btsbot/core/pool";
import { BtsbotError, checkArgument, checkOptions, OptionsError } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { FeatureProfile } from "@btsbot/features";
import type { GivenProfile, Model } from "@btsbot/model";
import { packError, packOutcome } from "./messages.js";
import type { Request, Response } from "./messages.js";
import type { SentProfile } from "./toSendable.js";
import { unpackReading } from "./sentReading.js";
import type { WorkerPort } from "./types.js";

/** What a worker of your own can have that the pool does not send. */
type ServeOptions = Pick<ScorerOptions, "engine" | "gunzip">;

type StartOptions = Extract<Request, { kind: "start" }>["options"];

const SERVE_OPTIONS: OptionNames<ServeOptions> = { engine: "object|list", gunzip: "function" };

/**
 * Answers a pool from within a worker: takes the models once, then batches, and scores or compares them in turn. For a
 * worker of your own, with an engine or an unpacker that the pool's workers do not have.
 *
 * @param port - the worker's side of the line
 * @param options - how the worker scores: `engine`, `gunzip`; the rest comes from the pool
 *
 * @example
 * ```ts no-run
 * // myWorker.js, in a browser; `createScorerPool({ models, spawn })` starts it
 * import { serveScorer } from "@btsbot/pool";
 *
 * serveScorer({
 *   post: (message) => postMessage(message),
 *   listen: (onMessage) => addEventListener("message", ({ data }) => onMessage(data)),
 * });
 * ```
 */
export function serveScorer(port: WorkerPort, options: Pick<ScorerOptions, "engine" | "gunzip"> = {}): void {
  checkOptions("serveScorer", options, SERVE_OPTIONS);
  checkArgument("serveScorer", "port", port, "object", ["post", "listen"]);
  let worker: Promise<Ready> | undefined;
  let last: Promise<void> = Promise.resolve();
  const answer = (response: Response) => port.post(response);

  async function start(given: StartOptions): Promise<void> {
    const starting = makeReady(given, options);
    worker = starting;
    answer({ kind: "ready", shared: (await starting).shared });
  }

  port.listen((message) => {
    const request = message as Request;
    // In turn: of a worker that dies the pool knows then which batch it had.
    last = last
      .then(() => (request.kind === "start" ? start(request.options) : score(worker!, request, answer)))
      .catch((error: unknown) => {
        answer({ kind: "failed", ...(request.kind === "score" && { job: request.job }), error: packError(error) });
      });
  });
}

/** What answers alerts, and what workers share. */
interface Ready {
  readonly shared: ReadonlyMap<string, unknown>;
  readonly answer: (inputs: readonly AlertInput[]) => AsyncGenerator<AlertOutcome<unknown>, void, undefined>;
  readonly describe?: (alert: Alert) => unknown;
}

async function makeReady(
  { profileModules = [], describeModule, reading, compared, ...given }: StartOptions,
  options: ServeOptions,
): Promise<Ready> {
  const read = reading && unpackReading(reading);
  const common = { ...given, ...options, ...(read && { read }) };
  if (compared !== undefined) {
    const { models, profiles: _, ...rest } = common;
    const [model] = models as readonly Model[];
    const comparer = await createSeatedComparer({
      ...(rest as Omit<typeof rest, "realBogus">),
      model,
      profiles: await Promise.all(compared.map(findProfile)),
    });
    return { shared: comparer.shared, answer: (inputs) => comparer.compareAlerts(inputs) };
  }
  const imported = await Promise.all(profileModules.map(importProfile));
  const scorer = await createSeatedScorer({ ...common, profiles: [...(given.profiles ?? []), ...imported] });
  const describe = describeModule === undefined ? undefined : await importDescribe(describeModule);
  return { shared: scorer.shared, answer: (inputs) => scorer.scoreAlerts(inputs), ...(describe && { describe }) };
}

async function findProfile(sent: SentProfile): Promise<GivenProfile> {
  return typeof sent === "object" && "module" in sent ? importProfile(sent.module) : sent;
}

/** The export `describe` of a module. */
async function importDescribe(address: string): Promise<(alert: Alert) => unknown> {
  const module = await load<{ readonly describe?: (alert: Alert) => unknown }>(address).catch((cause: Error) => cause);
  const found = module instanceof Error ? module.message : module.describe;
  if (typeof found === "function") return found;
  throw new OptionsError(
    `createScorerPool: expected \`describe\` to be the address of a module that exports a function \`describe\`, got ${address} (${found ?? "no such export"})`,
  );
}

/** The export `profile` of a module. */
async function importProfile(address: string): Promise<FeatureProfile> {
  let module: { readonly profile?: FeatureProfile };
  try {
    module = await load(address);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new BtsbotError("profile-invalid", "the profile's module cannot be loaded", { path: address, got, cause });
  }
  if (module.profile !== undefined) return module.profile;
  throw new BtsbotError("profile-invalid", "the module has no such export", {
    path: address,
    expected: "an export named profile",
    got: Object.keys(module).join(", ") || "none",
  });
}

async function load<T>(address: string): Promise<T> {
  return (await import(/* webpackIgnore: true */ /* @vite-ignore */ address)) as T;
}

async function score(
  worker: Promise<Ready>,
  { job, inputs }: Extract<Request, { kind: "score" }>,
  answer: (response: Response) => void,
): Promise<void> {
  const ready = await worker;
  const outcomes = [];
  for await (const outcome of ready.answer(inputs)) outcomes.push(packOutcome(outcome, ready.describe));
  answer({ kind: "scored", job, outcomes });
}
