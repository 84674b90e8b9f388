import { countOf } from "@btsbot/errors";
import { isActive } from "./standingOf.js";
import type { FollowUpRule, KnownRequest, NothingCode, RequestRule, SourceKnowledge } from "./types.js";

/** A reason against an action. */
export interface Objection {
  /** What it is. */
  readonly code: NothingCode;
  /** One line for people. */
  readonly line: string;
}

/** How long a failure keeps a request from being made again, days: 12 h (skyportal/kowalski, pull request 288). */
const FAILED_DAYS = 0.5;

/** Whether a failed request failed lately. */
export function isRecent({ modifiedJd }: KnownRequest, now: number): boolean {
  return now - modifiedJd <= FAILED_DAYS;
}

/** The reasons against saving a source, and so against everything else. */
export function objectionsToSave({ save }: FollowUpRule, knowledge: SourceKnowledge): Objection[] {
  const ignored = (save.ignoreGroupIds ?? []).filter((id) => knowledge.savedTo.includes(id));
  return ignored.length === 0
    ? []
    : [{ code: "ignored-group", line: `saved to group ${ignored.join(", ")}, whose sources are to be left alone` }];
}

/** The reasons against more observations of a source, in SkyPortal's order. */
export function objectionsToData(knowledge: SourceKnowledge): Objection[] {
  const { classifications, spectra, tns } = knowledge;
  const human = classifications.filter(({ ml }) => !ml).map(({ name }) => name);
  return [
    ...(human.length > 0 ? [{ code: "classified", line: `classified as ${human.join(", ")}` } as const] : []),
    ...(spectra > 0 ? [{ code: "spectrum", line: countOf(spectra, "spectrum exists", "spectra exist") } as const] : []),
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

/** The reasons against a new request for a source that may be observed, in SkyPortal's order. */
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

/** A request of an allocation that makes a request of this one needless. */
export function objectionsOfOthers(rule: RequestRule, knowledge: SourceKnowledge): Objection[] {
  const others = knowledge.requests.filter(
    (request) => (rule.ignoreAllocationIds ?? []).includes(request.allocationId) && isActive(request),
  );
  return others.map(({ id, allocationId, status }) => ({
    code: "other-allocation",
    line: `request ${id} of allocation ${allocationId} is ${status}`,
  }));
}
