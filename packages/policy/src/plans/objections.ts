import type { FollowUpRule, KnownRequest, NothingCode, RequestRule, SourceKnowledge } from "./types.js";

/** Something that speaks against an action. */
export interface Objection {
  /** What it is. */
  readonly code: NothingCode;
  /** One line for people. */
  readonly line: string;
}

/** How long a failure keeps a request from being made again, days: 12 h (skyportal/kowalski, pull request 288). */
const FAILED_DAYS = 0.5;

/** Where a request stands. */
export type Standing = "open" | "complete" | "deleted" | "failed";

/**
 * What words of a status say, in any case and with any text after them. SkyPortal writes "submitted", "rejected: ...",
 * "failed to submit: ..." and "deleted" itself; facilities report what they like: "submitted: 3 groups, 2 failed" (Swift,
 * TTT and others that send several requests), "pending", "COMPLETED", "CANCELED", "WINDOW_EXPIRED" (LCO), "Expired" (SEDM).
 * Recorded from SkyPortal 1.4.0: docs/follow-up.md.
 */
const WORDS: readonly (readonly [RegExp, Standing])[] = [
  [/(?<![a-z])(submitted|pending|accepted|active|scheduled|queued|ongoing|in progress)(?![a-z])/, "open"],
  [/(?<![a-z])completed?(?![a-z])/, "complete"],
  [/(?<![a-z])deleted(?![a-z])/, "deleted"],
  // Who cancelled it, or let it lapse, did not say that it is not wanted: it stops a new one as long as a failure does.
  [/(?<![a-z])(failed|failure|error|rejected|cancell?ed|expired|aborted|withdrawn)(?![a-z])/, "failed"],
];

/**
 * Where a request stands, by its status: by the first word of it that says so, as what follows tells of parts. What is
 * not known is taken for open, as a request too few costs less than one too many.
 */
export function standingOf({ status }: Pick<KnownRequest, "status">): Standing {
  const text = status.toLowerCase();
  let [first, standing]: [number, Standing] = [Infinity, "open"];
  for (const [words, said] of WORDS) {
    const place = text.search(words);
    if (place >= 0 && place < first) [first, standing] = [place, said];
  }
  return standing;
}

/** Whether the facility refused the form: another one may be sent at once. */
export function isRejected({ status }: Pick<KnownRequest, "status">): boolean {
  return /^\s*rejected(?![a-z])/i.test(status);
}

/** Whether a failed request failed lately. */
export function isRecent({ modifiedJd }: KnownRequest, now: number): boolean {
  return now - modifiedJd <= FAILED_DAYS;
}

/** What speaks against saving a source, and so against everything else. */
export function objectionsToSave({ save }: FollowUpRule, knowledge: SourceKnowledge): Objection[] {
  const ignored = (save.ignoreGroupIds ?? []).filter((id) => knowledge.savedTo.includes(id));
  return ignored.length === 0
    ? []
    : [{ code: "ignored-group", line: `saved to group ${ignored.join(", ")}, which is to be left alone` }];
}

/** What speaks against more observations of a source, in SkyPortal's order. */
export function objectionsToData(knowledge: SourceKnowledge): Objection[] {
  const { classifications, spectra, tns } = knowledge;
  const human = classifications.filter(({ ml }) => !ml).map(({ name }) => name);
  return [
    ...(human.length > 0 ? [{ code: "classified", line: `classified as ${human.join(", ")}` } as const] : []),
    ...(spectra > 0
      ? [{ code: "spectrum", line: `${spectra} ${spectra === 1 ? "spectrum exists" : "spectra exist"}` } as const]
      : []),
    // TNS names what is not classified AT; a name without a prefix says nothing.
    ...(tns !== undefined && (tnsPrefix(tns.name) ?? "AT") !== "AT"
      ? [{ code: "tns-classified", line: `classified on TNS as ${tns.name}` } as const]
      : []),
  ];
}

/** The prefix of a name on TNS, such as `SN`, in capitals; undefined where it has none. */
export function tnsPrefix(name: string): string | undefined {
  return /^\s*([a-z]+)[\s-]*\d/i.exec(name)?.[1].toUpperCase();
}

/** What speaks against a new request of a source that may be observed, in SkyPortal's order. */
export function objectionsToRequest(rule: RequestRule, knowledge: SourceKnowledge, now: number): Objection[] {
  const { tns, assigned } = knowledge;
  const hours = tns?.reportedJd === undefined ? undefined : (now - tns.reportedJd) * 24;
  const limit = rule.notIfTnsReportedHours;
  return [
    ...(tns !== undefined && hours !== undefined && limit !== undefined && hours > limit
      ? [
          {
            code: "tns-reported",
            line: `on TNS as ${tns.name} for ${hours.toFixed(1)} h, more than ${limit} h`,
          } as const,
        ]
      : []),
    ...(rule.notIfAssigned === true && assigned === true
      ? [{ code: "assigned", line: "assigned to an observing run" } as const]
      : []),
  ];
}

/** A request of an allocation that makes one of this allocation needless. */
export function objectionsOfOthers(rule: RequestRule, knowledge: SourceKnowledge): Objection[] {
  const others = knowledge.requests.filter(
    (request) => (rule.ignoreAllocationIds ?? []).includes(request.allocationId) && isActive(request),
  );
  return others.map(({ id, allocationId, status }) => ({
    code: "other-allocation",
    line: `request ${id} of allocation ${allocationId} is ${status}`,
  }));
}

/** Whether a request will give data, or has. */
export function isActive(request: Pick<KnownRequest, "status">): boolean {
  const standing = standingOf(request);
  return standing === "open" || standing === "complete";
}
