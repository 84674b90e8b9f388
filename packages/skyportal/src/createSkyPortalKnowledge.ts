import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { Knowledge } from "@btsbot/decide";
import type { KnownRequest, SourceKnowledge } from "@btsbot/policy";
import { askPages, askPortal, findInPortal } from "./askPortal.js";
import { PLATFORM_TIME } from "./platformTime.js";
import { partOf, partsOf } from "./readAnswer.js";
import { readRequest, readPortalSource } from "./readPortalSource.js";
import type { PortalTime, SkyPortalClient } from "./types.js";

/** How near another object must be to count as the same, arcsec (skyportal/skyportal, followup_request.py). */
const RADIUS = 0.5;
/** Sources that are asked about at a time: the rate says how fast, this how much waits. */
const AT_ONCE = 8;
/** How long an answer counts, ms. */
const MAX_AGE_MS = 60_000;

/** How much may be remembered. */
export interface PortalKnowledgeOptions {
  /** What asks. */
  readonly client: SkyPortalClient;
  /** How long an answer counts, ms; 60,000 by default, 0 for never. */
  readonly maxAgeMs?: number;
  /** The time; the platform's by default. */
  readonly time?: Pick<PortalTime, "now">;
}

/** The names of {@link PortalKnowledgeOptions}. */
const KNOWLEDGE_OPTIONS: OptionNames<PortalKnowledgeOptions> = {
  client: "object!",
  maxAgeMs: "number",
  time: "object",
};

/** What SkyPortal knows, remembered for a while. */
export interface PortalKnowledge extends Knowledge {
  /**
   * Forgets what was answered about a source: whoever changes it there says so.
   *
   * @param objectId - the source
   */
  forget(objectId: string): void;
}

type Known = Omit<SourceKnowledge, "objectId" | "issued">;

/**
 * Makes the knowledge that SkyPortal has: of a source, its groups, its classifications by people and by machines, spectra,
 * requests in every status, its name at TNS, and whether it is assigned to a run; with what is known of other objects
 * within 0.5 arcsec, which SkyPortal counts too. Three calls a source, and three for each such neighbour.
 *
 * @param options - what asks, and for how long an answer counts
 * @returns the knowledge; a source that SkyPortal does not have, or does not show, is absent from its answers
 *
 * @example
 * ```ts
 * import { createSkyPortalClient, createSkyPortalKnowledge } from "@btsbot/skyportal";
 *
 * const missing = { status: "error", message: "Source not found", data: {} };
 * const fetch = async () => Response.json(missing, { status: 404 });
 * const client = createSkyPortalClient({ url: "https://fritz.science", token: "secret", fetch });
 * (await createSkyPortalKnowledge({ client }).know(["ZTF23abhvlji"])).size; // => 0
 * ```
 */
export function createSkyPortalKnowledge(options: PortalKnowledgeOptions): PortalKnowledge {
  checkOptions("createSkyPortalKnowledge", options, KNOWLEDGE_OPTIONS);
  const { client, maxAgeMs = MAX_AGE_MS, time = PLATFORM_TIME } = options;
  const kept = new Map<string, { readonly at: number; readonly known: Promise<Known | undefined> }>();
  const knowOne = (objectId: string): Promise<Known | undefined> => {
    const known = askAll(client, objectId);
    kept.set(objectId, { at: time.now(), known });
    // What failed is asked again.
    known.catch(() => kept.delete(objectId));
    return known;
  };
  const dropOld = (): void => {
    const oldest = time.now() - maxAgeMs;
    for (const [objectId, { at }] of kept) if (at <= oldest) kept.delete(objectId);
  };
  return {
    async know(objectIds) {
      dropOld();
      const wanted = [...new Set(objectIds)];
      const all = new Map<string, Known>();
      for (let from = 0; from < wanted.length; from += AT_ONCE) {
        const some = wanted.slice(from, from + AT_ONCE);
        const known = await Promise.all(some.map((each) => kept.get(each)?.known ?? knowOne(each)));
        some.forEach((objectId, place) => {
          const each = known[place];
          if (each !== undefined) all.set(objectId, each);
        });
      }
      return all;
    },
    forget: (objectId) => void kept.delete(objectId),
  };
}

/** A source with what is known of its neighbours. */
async function askAll(client: SkyPortalClient, objectId: string): Promise<Known | undefined> {
  const own = await askOne(client, objectId, objectId);
  if (own === undefined) return undefined;
  const { neighbours, ...known } = own;
  let all: Known = { ...known, exists: true };
  for (const { objectId: other, separation } of neighbours) {
    if (separation > RADIUS || other === objectId) continue;
    const near = await askOne(client, other, objectId);
    if (near !== undefined) all = join(all, near);
  }
  return all;
}

/** What counts for a source of one at the same place: everything but where that one is saved. */
function join(own: Known, near: Known): Known {
  const tns = own.tns ?? near.tns;
  return {
    ...own,
    spectra: own.spectra + near.spectra,
    classifications: [...own.classifications, ...near.classifications],
    requests: [...own.requests, ...near.requests],
    ...(tns && { tns }),
    assigned: own.assigned === true || near.assigned === true,
  };
}

async function askOne(client: SkyPortalClient, objectId: string, asked: string) {
  const id = encodeURIComponent(objectId);
  const answer = await findInPortal(client, `/api/sources/${id}`);
  if (answer === undefined) return undefined;
  const requests = await requestsOf(client, objectId, asked);
  const spectra = await askPortal(client, `/api/spectrum?objID=${id}&minimalPayload=true`);
  const own = partsOf(spectra).filter((each) => partOf(each, "obj_id").value === objectId);
  return { ...readPortalSource(answer), requests, spectra: own.length };
}

/** `sourceID` matches parts of names: others' requests are left out. */
async function requestsOf(client: SkyPortalClient, objectId: string, asked: string): Promise<KnownRequest[]> {
  const path = `/api/followup_request?sourceID=${encodeURIComponent(objectId)}`;
  const rows = await askPages(client, path, "followup_requests");
  return rows.filter((row) => partOf(row, "obj_id").value === objectId).map((row) => readRequest(row, asked));
}
