import type { KnownRequest } from "./types.js";

/** Where a request stands. */
export type Standing = "open" | "complete" | "deleted" | "failed";

/** A word or words by themselves. */
const words = (alternatives: string): RegExp => new RegExp(`(?<![a-z])(?:${alternatives})(?![a-z])`, "g");

/**
 * What the words of a status say, in any case and with any text after them, as SkyPortal and the classes of its
 * facilities write them: docs/follow-up.md says which of them does, at which revision, and which were recorded. Of words
 * that begin at the same place the first of the list counts.
 */
const WORDS: readonly (readonly [RegExp, Standing])[] = [
  // A deletion that failed (TAROT, Binospec) leaves the request with the facility, though it reads like a refusal.
  [words("rejected: deletion failed"), "open"],
  [words("submitted|pending|accepted|active|scheduled|queued|ongoing|in progress"), "open"],
  [words("running|waiting for|committing"), "open"],
  [
    words("completed?|photometry (?:committed|updated)|no photometry to commit|posted as comment|no dr2 source"),
    "complete",
  ],
  [words("deleted"), "deleted"],
  // Who cancelled it, or let it lapse, did not say that it is not wanted: it stops a new one as long as a failure does.
  [words("failed|failure|error|rejected|throttled|cancell?ed|expired|aborted|withdrawn"), "failed"],
  [words("not found|could not be ingested|no photometry available|no tns name"), "failed"],
];

/** Ends what stands before a word that is denied: `not completed`, `could not be submitted`, `no longer active`. */
const DENIED =
  /(?<![a-z])(?:not|no|never|no longer|cannot|[a-z]+n't)\s+(?:(?:yet|be|been|being|get|fully|successfully)\s+)*$/;
/** What the facility does not have if it is denied. Of other words nobody knows what their opposite means. */
const TAKEN = /^(?:submitted|accepted|active|scheduled|queued)$/;

/** What LCO and facilities behind its portal answered, as a status: JSON, not words. */
const ANSWER = /^\s*[[{]/;
/** Where a request stands in such an answer; a refusal has none. */
const STATE = /"state"\s*:\s*"([^"]*)"/;

/**
 * Where a request stands, by its status: by the first word of it that says so, as what follows tells of parts. A word that is
 * denied says the opposite, or nothing. What is not known is taken for open, as a request too few costs less than one too
 * many.
 */
export function standingOf({ status }: Pick<KnownRequest, "status">): Standing {
  if (ANSWER.test(status)) {
    const state = STATE.exec(status)?.[1];
    return state === undefined ? "failed" : standingOf({ status: state });
  }
  const text = status.toLowerCase();
  let [first, standing]: [number, Standing] = [Infinity, "open"];
  for (const [said, where] of WORDS) {
    for (const { 0: word, index } of text.matchAll(said)) {
      const meant = DENIED.test(text.slice(0, index)) ? denied(word, where, text) : where;
      if (meant !== undefined && index < first) [first, standing] = [index, meant];
    }
  }
  return standing;
}

/** `not submitted` has failed, unless it is only not yet; what is not complete or not deleted is open; `no error` says nothing. */
function denied(word: string, where: Standing, text: string): Standing | undefined {
  if (where === "failed") return undefined;
  return where === "open" && TAKEN.test(word) && !words("yet").test(text) ? "failed" : "open";
}

/** Whether the facility refused the form, of a request that has failed: another one may be sent at once. */
export function isRejected({ status }: Pick<KnownRequest, "status">): boolean {
  return /^\s*rejected(?![a-z])/i.test(status) || (ANSWER.test(status) && !STATE.test(status));
}

/** Whether a request will give data, or has. */
export function isActive(request: Pick<KnownRequest, "status">): boolean {
  const standing = standingOf(request);
  return standing === "open" || standing === "complete";
}
