import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "@btsbot/chance";
import { openStore } from "@btsbot/store";
import { commentOf, entriesOf, raiseOf, requestOf, saveOf } from "./actions.js";
import { createPortal, TOKENS } from "./createPortal.js";
import { startFakeSkyPortal } from "./fakeSkyPortal.js";
import type { FakeSkyPortal, Fault } from "./fakeSkyPortal.js";
import type { Facility, Portal } from "./portal.js";
import { quickTime } from "./quickTime.js";
import { addSource } from "./replay.js";

/** How it is sent. */
export interface FireOptions {
  /** Number of sources; each has four actions. */
  readonly sources: number;
  /** How often the process that sends is killed. */
  readonly kills: number;
  /** How much faster time passes; 1 with nothing that goes wrong. */
  readonly factor?: number;
  /** Whether calls fail. */
  readonly isCalm?: boolean;
}

/** What became of it. */
export interface FireResult {
  readonly kills: number;
  /** What should be there, and is not: a line each. */
  readonly lost: readonly string[];
  /** What is there more than once. */
  readonly twice: readonly string[];
  /** Actions whose state in the outbox, or its reason, is not what it should be. */
  readonly wrong: readonly string[];
  readonly held: number;
  readonly refused: number;
  readonly calls: number;
  /** Ms by the portal's clock from the first call to the last. */
  readonly took: number;
  /** Calls that came faster than SkyPortal takes them. */
  readonly tooFast: number;
}

const CHILD = fileURLToPath(new URL("sendChild.js", import.meta.url));
const SEED = 20261201;
/** Of a hundred calls, so many fail in which way; a late one is carried out 10 s after its connection broke. */
const FAULTS: readonly (readonly [perCent: number, fault: Fault])[] = [
  [4, { kind: "refused", status: 429 }],
  [3, { kind: "refused", status: 500 }],
  [2, { kind: "refused", status: 502 }],
  [2, { kind: "refused", status: 503 }],
  [2, { kind: "refused", status: 405 }],
  [3, { kind: "lost" }],
  [2, { kind: "unheard" }],
  [1, { kind: "silent" }],
];
const LATE_PER_CENT = 2;
const LATE_MS = 10_000;

/** What a source is, by its number: most are new; of others something is known, or the facility does not take it. */
type Kind = "new" | "classified" | "rejected" | "hangs" | "raised";
const KINDS: readonly Kind[] = ["new", "new", "new", "new", "new", "new", "classified", "rejected", "hangs", "raised"];

const idOf = (number: number): string => `ZTF26aaa${number.toString(36).padStart(4, "0")}`;
const kindOf = (objectId: string): Kind => KINDS[Number.parseInt(objectId.slice(-4), 36) % KINDS.length];

/**
 * Sends to a SkyPortal whose calls fail in every way, by a process that is killed again and again, until all is sent.
 *
 * @param options - how much, and how often it is killed
 * @returns what is missing, doubled or not as it should be
 */
export async function sendUnderFire({ sources, kills, factor = 100, isCalm }: FireOptions): Promise<FireResult> {
  const time = quickTime(factor);
  const portal = createPortal(time.now);
  portal.facilityMs = 30_000 / factor;
  portal.facility = facility;
  const folder = mkdtempSync(join(tmpdir(), "btsbot-sends-"));
  const fake = await startFakeSkyPortal({ portal, isLimited: true });
  const ids = Array.from({ length: sources }, (_, number) => idOf(number));
  try {
    await fill(folder, portal, ids);
    const chance = createRandom(SEED);
    const faultOf = isCalm === true ? () => undefined : () => drawFault(chance() * 100, factor);
    let killed = 0;
    while (killed < kills && (await live(fake, folder, factor, faultOf, 20 + chance.below(60)))) killed += 1;
    await live(fake, folder, factor, faultOf, Infinity);
    const { calls } = fake;
    return {
      ...checkPortal(portal, ids),
      ...(await checkOutbox(folder)),
      kills: killed,
      calls: calls.length,
      took: calls.at(-1)!.at - calls[0].at,
      tooFast: isCalm === true ? calls.filter(({ status }) => status === 429).length : 0,
    };
  } finally {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const facility: Facility = ({ objId }) => {
  const kind = kindOf(objId);
  return kind === "hangs" ? "hangs" : kind === "rejected" ? { rejected: "too faint for us" } : "accepted";
};

function drawFault(drawn: number, factor: number): Fault | undefined {
  let sum = LATE_PER_CENT;
  if (drawn < sum) return { kind: "late", ms: LATE_MS / factor };
  for (const [perCent, fault] of FAULTS) if (drawn < (sum += perCent)) return fault;
  return undefined;
}

async function fill(folder: string, portal: Portal, ids: readonly string[]): Promise<void> {
  const actions = ids.flatMap((objectId) => {
    const kind = kindOf(objectId);
    const save = saveOf(objectId, kind === "raised" ? { groupId: 6 } : {});
    const { ra, dec } = save.position!;
    if (kind === "classified" || kind === "raised") addSource(portal, objectId, ra, dec, kind === "raised");
    if (kind === "classified") addClass(portal, objectId);
    const asked = kind === "raised" ? raiseOf(objectId, addRequest(portal, objectId), 4) : requestOf(objectId);
    return [
      save,
      { ...commentOf(objectId, save.key), groupIds: [save.groupId] },
      asked,
      commentOf(objectId, asked.key),
    ];
  });
  const store = await openStore(folder);
  const unit = await store.begin();
  await unit.save({ entries: entriesOf(actions) });
  await unit.commit();
  await store.close();
}

const AT = "2026-12-01T00:00:00.000000";

function addClass(portal: Portal, objId: string): void {
  const body = { classification: "AGN", taxonomy_id: 1, ml: false, origin: null };
  portal.classifications.push({
    id: portal.next("classifications"),
    objId,
    userId: 1,
    groupIds: [5],
    at: AT,
    modified: AT,
    body,
  });
}

function addRequest(portal: Portal, objId: string): number {
  const id = portal.next("requests");
  const payload = { observation_type: "IFU", priority: 1, start_date: "2026-11-30", end_date: "2026-12-07" };
  const rest = { at: AT, modified: AT, payload, status: "submitted", transactions: 1, visible: true };
  portal.requests.push({ id, objId, allocationId: 1, targetGroupIds: [5], ...rest });
  return id;
}

/** One life of the process that sends; whether it was killed, after so many calls. */
async function live(
  fake: FakeSkyPortal,
  folder: string,
  factor: number,
  faultOf: () => Fault | undefined,
  most: number,
): Promise<boolean> {
  const child = spawn(process.execPath, [CHILD, fake.url, folder, String(factor)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, SKYPORTAL_TOKEN: TOKENS.bot },
  });
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  let heard = 0;
  let wasKilled = false;
  fake.faultOf = () => {
    heard += 1;
    if (heard === most) wasKilled = child.kill("SIGKILL");
    return faultOf();
  };
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (!wasKilled && code !== 0) throw new Error(`the process that sends ended with ${code}: ${said}`);
  return wasKilled;
}

/** What the portal should have of a source, beside what it has. */
function checkPortal(portal: Portal, ids: readonly string[]): Pick<FireResult, "lost" | "twice"> {
  const lost: string[] = [];
  const twice: string[] = [];
  const count = (rows: readonly { readonly objId: string }[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { objId } of rows) counts.set(objId, (counts.get(objId) ?? 0) + 1);
    return counts;
  };
  const ours = portal.classifications.filter(({ body }) => body.ml === true);
  const fromUs = portal.candidates.filter(({ alertId }) => alertId !== null);
  const { annotations, photometry, thumbnails, saves, comments, requests } = portal;
  const tables = {
    candidates: fromUs,
    annotations,
    photometry,
    thumbnails,
    classifications: ours,
    saves,
    comments,
    requests,
  };
  for (const [name, rows] of Object.entries(tables)) {
    const counts = count(rows);
    for (const objectId of ids) {
      const expected = expectedOf(name, kindOf(objectId));
      const found = counts.get(objectId) ?? 0;
      if (found < expected) lost.push(`${name} of ${objectId}: ${found} of ${expected}`);
      if (found > expected) twice.push(`${name} of ${objectId}: ${found} of ${expected}`);
    }
  }
  for (const { id, objId, payload } of requests)
    if (kindOf(objId) === "raised" && payload.priority !== 4) lost.push(`the priority of request ${id}`);
  return { lost, twice };
}

function expectedOf(table: string, kind: Kind): number {
  if (table === "thumbnails") return 2;
  if (table === "saves" && kind === "raised") return 2;
  // What is refused, or held, gets no comment.
  if (table === "comments") return kind === "new" || kind === "raised" ? 2 : 1;
  return table === "requests" && kind === "classified" ? 0 : 1;
}

/** What the outbox should say of each action. */
async function checkOutbox(folder: string): Promise<Pick<FireResult, "wrong" | "held" | "refused">> {
  const store = await openStore(folder, { access: "watch" });
  const wrong: string[] = [];
  let [held, refused] = [0, 0];
  for await (const row of store.export("outbox", { nonPublic: true })) {
    const { key, objectId, state, reason } = row as Readonly<Record<string, string>>;
    const isAsked = key.includes("/request/");
    const kind = kindOf(objectId);
    const [expected, why] = isAsked ? ASKED[kind][Number(key.endsWith("/comment"))] : DONE;
    if (state !== expected || !why.test(reason ?? "")) wrong.push(`${key}: ${state}, ${reason}`);
    if (/^held for a person/.test(reason ?? "")) held += 1;
    if (state === "refused") refused += 1;
  }
  await store.close();
  return { wrong, held, refused };
}

type Outcome = readonly [state: string, reason: RegExp];
const DONE: Outcome = ["done", /^$/];
const UNSAID: Outcome = ["refused", /^it is about .*, which was refused$/];
/** Of the request, and of the comment on it. */
const ASKED: Readonly<Record<Kind, readonly [Outcome, Outcome]>> = {
  new: [DONE, DONE],
  raised: [DONE, DONE],
  classified: [["refused", /^SkyPortal ignores it: Source has already been classified/], UNSAID],
  rejected: [["refused", /^request \d+ is rejected: too faint for us$/], UNSAID],
  hangs: [
    ["pending", /^held for a person: SkyPortal got no answer from the facility for request \d+/],
    ["pending", /which waits$/],
  ],
};
