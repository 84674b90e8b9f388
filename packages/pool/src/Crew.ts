import type { AlertInput } from "@btsbot/core";
import { BtsbotError, checkArgument } from "@btsbot/errors";
import { unpackError, unpackOutcome } from "./messages.js";
import type { Response, WorkerOutcome } from "./messages.js";
import type { SentOptions } from "./toSendable.js";
import type { PoolWorker } from "./types.js";

/** Jobs that a worker holds: the one that it scores, and the next, so that it need not wait for the line. */
const HELD = 2;
/** A batch that this many workers died of is scored input by input, so that only the one at fault is lost. */
const MOST_DEATHS = 2;
/** Workers that die one after the other, with nothing scored in between, before the crew gives up. */
const MOST_IN_A_ROW = 100;

/** Inputs that are scored together, and who waits for them. */
interface PoolJob<T> {
  readonly id: number;
  readonly inputs: readonly AlertInput[];
  readonly resolve: (outcomes: WorkerOutcome<T>[]) => void;
  readonly reject: (error: unknown) => void;
  deaths: number;
}

interface CrewMember<T> {
  readonly worker: PoolWorker;
  /** Its place among those that share memory. */
  readonly place: number;
  readonly jobs: Map<number, PoolJob<T>>;
  ready: boolean;
}

/**
 * Workers that score batches, or compare them; one that dies is replaced, and what it held is done again. `T` is what they
 * say of an alert.
 *
 * @internal
 */
export class Crew<T> {
  private readonly members = new Set<CrewMember<T>>();
  private readonly waiting: PoolJob<T>[] = [];
  private nextId = 0;
  private deathsInARow = 0;
  /** What the first worker shares with all that come after. */
  private shared: ReadonlyMap<string, unknown> | undefined;
  private broken: { readonly error: unknown } | undefined;
  private onIdle: (() => void) | undefined;

  constructor(
    private readonly count: number,
    private readonly spawn: () => PoolWorker,
    private readonly options: SentOptions,
    private readonly caller = "createScorerPool",
  ) {}

  /** Jobs that all workers can hold at once. */
  get capacity(): number {
    return this.count * HELD;
  }

  /** Starts the workers; throws what one says that cannot start, with none left. */
  async start(): Promise<void> {
    const first = this.recruit(0);
    const others = Array.from({ length: this.count - 1 }, (_, place) => this.recruit(place + 1, first));
    const started = await Promise.allSettled([first, ...others]);
    const failed = started.find((outcome) => outcome.status === "rejected");
    if (failed === undefined) return;
    await this.end();
    throw failed.reason;
  }

  /** Scores inputs on the next worker that is free; the outcomes count the inputs from 0. */
  score(inputs: readonly AlertInput[]): Promise<WorkerOutcome<T>[]> {
    return new Promise((resolve, reject) => {
      if (this.broken !== undefined) {
        reject(this.broken.error);
        return;
      }
      this.waiting.push({ id: this.nextId++, inputs, resolve, reject, deaths: 0 });
      this.dispatch();
    });
  }

  /** Lets what is being scored end, then the workers; nothing new is taken. */
  async close(): Promise<void> {
    this.broken ??= { error: new BtsbotError("scorer-disposed", "the pool was closed") };
    if (this.isBusy()) await new Promise<void>((resolve) => (this.onIdle = resolve));
    await this.end();
  }

  /**
   * Starts a worker.
   *
   * @param place - its place among those that share memory
   * @param vacant - kept when that place may be taken: what is shared is there, and who had it before has stopped
   */
  private recruit(place: number, vacant: Promise<unknown> = Promise.resolve()): Promise<void> {
    return new Promise((resolve, reject) => {
      const spawned = this.spawn();
      checkArgument(this.caller, "spawn()", spawned, "object", ["post", "listen", "terminate"]);
      const member: CrewMember<T> = { worker: spawned, place, jobs: new Map(), ready: false };
      this.members.add(member);
      const fail = (error: unknown): void => {
        void this.discard(member);
        reject(error);
      };
      member.worker.listen(
        (message) => {
          const response = message as Response<T>;
          if (response.kind === "ready") {
            member.ready = true;
            if (member.worker.sharesMemory) this.shared ??= response.shared;
            resolve();
          } else if (response.kind === "failed" && response.job === undefined) fail(unpackError(response.error));
          else this.settle(member, response);
          this.dispatch();
        },
        (why) => {
          const ended = this.discard(member);
          if (ended === undefined) return;
          if (member.ready) this.replace(member, ended, why);
          else reject(new BtsbotError("worker-died", "a worker of the pool died before it was ready", { got: why }));
        },
      );
      (member.worker.sharesMemory ? vacant : Promise.resolve()).then(() => this.begin(member)).catch(fail);
    });
  }

  /** Gives a worker its models, unless it was ended meanwhile. */
  private begin(member: CrewMember<T>): void {
    if (!this.members.has(member)) return;
    const { worker, place } = member;
    const seat = { index: place, count: this.count, ...(this.shared && { shared: this.shared }) };
    worker.post({ kind: "start", options: { ...this.options, ...(worker.sharesMemory && { seat }) } });
  }

  /** Ends a worker; undefined if that was done before, otherwise a promise that it has stopped. */
  private discard(member: CrewMember<T>): Promise<unknown> | undefined {
    if (!this.members.delete(member)) return undefined;
    const ended = Promise.resolve(member.worker.terminate());
    // Whoever waits for it is told; often nobody does.
    ended.catch(() => undefined);
    return ended;
  }

  private replace(dead: CrewMember<T>, ended: Promise<unknown>, why: string): void {
    this.deathsInARow += 1;
    // A worker scores in turn: it died of the first, and the others did not have theirs yet.
    const [scored, ...untouched] = dead.jobs.values();
    this.waiting.unshift(...untouched);
    if (scored !== undefined) this.retry(scored, why);
    if (this.deathsInARow > MOST_IN_A_ROW) {
      this.breakDown(new BtsbotError("worker-died", `${MOST_IN_A_ROW} workers died one after the other`, { got: why }));
      return;
    }
    this.recruit(dead.place, ended).catch((error: unknown) => {
      // With other workers it goes on, more slowly.
      if (this.members.size === 0) this.breakDown(error);
    });
    this.dispatch();
  }

  private retry(job: PoolJob<T>, why: string): void {
    job.deaths += 1;
    if (job.deaths < MOST_DEATHS) this.waiting.unshift(job);
    else if (job.inputs.length > 1) this.scoreSingly(job);
    else {
      const error = new BtsbotError("worker-died", "the workers that scored this input died", { got: why });
      job.resolve([{ input: 0, index: 0, success: false, error }]);
    }
  }

  private scoreSingly({ inputs, resolve, reject }: PoolJob<T>): void {
    const singly = inputs.map(
      (input) =>
        new Promise<WorkerOutcome<T>[]>((done, fail) => {
          this.waiting.push({ id: this.nextId++, inputs: [input], resolve: done, reject: fail, deaths: 0 });
        }),
    );
    Promise.all(singly).then((all) => {
      resolve(all.flatMap((outcomes, input) => outcomes.map((outcome) => ({ ...outcome, input }))));
    }, reject);
  }

  private settle(member: CrewMember<T>, response: Exclude<Response<T>, { kind: "ready" }>): void {
    const job = member.jobs.get(response.job!);
    if (job === undefined) return;
    member.jobs.delete(job.id);
    this.deathsInARow = 0;
    if (response.kind === "scored") job.resolve(response.outcomes.map(unpackOutcome));
    else job.reject(unpackError(response.error));
  }

  private dispatch(): void {
    while (this.waiting.length > 0) {
      const free = [...this.members].filter(({ ready, jobs }) => ready && jobs.size < HELD);
      if (free.length === 0) return;
      const member = free.reduce((least, each) => (each.jobs.size < least.jobs.size ? each : least));
      const job = this.waiting.shift()!;
      member.jobs.set(job.id, job);
      try {
        member.worker.post({ kind: "score", job: job.id, inputs: job.inputs });
      } catch (error) {
        // What cannot be cloned cannot be sent; the others of its batch can.
        member.jobs.delete(job.id);
        if (job.inputs.length > 1) this.scoreSingly(job);
        else
          job.resolve([
            {
              input: 0,
              index: 0,
              success: false,
              error: new BtsbotError("input-invalid", "the input cannot be sent to a worker", {
                got: String(error),
                cause: error,
              }),
            },
          ]);
      }
    }
    if (!this.isBusy()) this.onIdle?.();
  }

  private isBusy(): boolean {
    return this.waiting.length > 0 || [...this.members].some(({ jobs }) => jobs.size > 0);
  }

  private breakDown(error: unknown): void {
    this.broken = { error };
    for (const job of this.waiting.splice(0)) job.reject(error);
    if (!this.isBusy()) this.onIdle?.();
  }

  private async end(): Promise<void> {
    const ended = [...this.members].map(({ worker }) => worker);
    this.members.clear();
    this.shared = undefined;
    await Promise.all(ended.map((worker) => worker.terminate()));
  }
}
