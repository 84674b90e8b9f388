import type { EquatorialPosition } from "@btsbot/sky";

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What an instrument is asked for: the fields of its form in SkyPortal. */
export type Payload = Readonly<Record<string, JsonValue>>;

/**
 * Which way an instrument counts: `asc` if a larger number is more urgent (SEDM), `desc` if a smaller
 * one is (*Swift*).
 */
export type PriorityOrder = "asc" | "desc";

/** What to do where a policy fires: plain data. */
export interface FollowUpRule {
  /** Name of the policy whose decisions it applies to. */
  readonly policy: string;
  /** Where the source is saved; nothing is asked for of a source that may not be saved. */
  readonly save: SaveRule;
  /** What is asked for where the decision is a `trigger`. */
  readonly request?: RequestRule;
}

/** Where a source is saved. */
export interface SaveRule {
  /** Ids of SkyPortal groups, at least one. */
  readonly groupIds: readonly number[];
  /** Comment on a source that is newly saved. */
  readonly comment?: string;
  /** If the source is saved to one of these groups (junk, say), it is neither saved nor asked for. */
  readonly ignoreGroupIds?: readonly number[];
}

/** What is asked for of an instrument. */
export interface RequestRule {
  /** Name of the instrument, for people and in keys. */
  readonly instrument: string;
  /** Id of the SkyPortal allocation that pays. */
  readonly allocationId: number;
  /**
   * The form. Without `priority` (or `urgency`, `Urgency`) the decision's priority is filled in; without
   * `start_date` and `end_date`, the days from now to `validityDays` later, unless it has an urgency.
   */
  readonly payload: Payload;
  /** Which way the instrument counts; `asc` by default. With `desc` the payload has a priority of its own. */
  readonly priorityOrder?: PriorityOrder;
  /** Groups that see the data besides those that the source is saved to. */
  readonly targetGroupIds?: readonly number[];
  /** Allocations whose open or completed requests make this one needless. */
  readonly ignoreAllocationIds?: readonly number[];
  /** How long the request stands, days; 7 by default. */
  readonly validityDays?: number;
  /** Nothing is asked for if the source has been on TNS for more than this many hours. */
  readonly notIfTnsReportedHours?: number;
  /** True if nothing is asked for of a source that is assigned to an observing run. */
  readonly notIfAssigned?: boolean;
  /** False if the instrument takes no changes to a request; true by default. */
  readonly canRaise?: boolean;
  /** Comment on a source that is asked for; the priority is added in parentheses. */
  readonly comment?: string;
}

/** A request that exists. */
export interface KnownRequest {
  /** Its id in SkyPortal. */
  readonly id: number;
  /** The source that it is for, if that is another one at the same position. */
  readonly objectId?: string;
  /** Id of its allocation. */
  readonly allocationId: number;
  /** Groups that see its data. */
  readonly targetGroupIds: readonly number[];
  /** Its form. */
  readonly payload: Payload;
  /** Its status as SkyPortal has it, such as `submitted` or `failed to submit: ...`. */
  readonly status: string;
  /** When it was last changed, JD, days UTC. */
  readonly modifiedJd: number;
}

/**
 * What is known of a source before a plan is made: plain data. SkyPortal judges by position: include
 * what is known of other sources within 0.5 arcsec.
 */
export interface SourceKnowledge {
  /** The source's name. */
  readonly objectId: string;
  /** Where it is: SkyPortal needs that to save what it does not know yet. */
  readonly position?: EquatorialPosition;
  /**
   * True if SkyPortal has it already, as a source or as a candidate of any filter: only then does a save take groups to be left
   * alone. One that is saved to a group is there.
   */
  readonly exists?: boolean;
  /** Ids of the groups that it is saved to. */
  readonly savedTo: readonly number[];
  /** How many spectra there are. */
  readonly spectra: number;
  /** Its classifications. */
  readonly classifications: readonly {
    /** The class, such as `Type Ia`. */
    readonly name: string;
    /** True if a machine gave it. */
    readonly ml: boolean;
  }[];
  /** What TNS has; absent if nothing. */
  readonly tns?: {
    /**
     * The name with its prefix, such as `AT 2023abc` or `SN 2023tyk`. Any prefix but AT stops requests; a name without one
     * does not, and the request's reasons say so.
     */
    readonly name: string;
    /** When it was reported, JD, days UTC; absent if unknown. */
    readonly reportedJd?: number;
  };
  /** Requests of all allocations and in every status. */
  readonly requests: readonly KnownRequest[];
  /** True if it is assigned to an observing run. */
  readonly assigned?: boolean;
  /**
   * Keys of actions that were sent and not refused, whether or not the rest of this shows their effect
   * yet. A request that SkyPortal answered with `ignored` was refused.
   */
  readonly issued?: readonly string[];
}

/** What every action of a plan has. */
interface ActionBase {
  /** The source's name. */
  readonly objectId: string;
  /** The policy that asks for it. */
  readonly policy: string;
  /** Why, a line each, for people. */
  readonly reasons: readonly string[];
}

/** What an action that is sent has. */
interface SentAction extends ActionBase {
  /**
   * Idempotency key: the same for the same action in whatever plan. Whoever sends actions sends each key
   * once.
   */
  readonly key: string;
}

/** Save the source to a group. */
export interface SaveAction extends SentAction {
  /** Tells actions apart. */
  readonly kind: "save";
  /** Id of the group. */
  readonly groupId: number;
  /** Where the source is, if known. */
  readonly position?: EquatorialPosition;
  /** Groups that keep it from being saved. */
  readonly ignoreGroupIds: readonly number[];
  /** True if there are such groups and SkyPortal has the source already: only then does it take them. */
  readonly exists?: true;
}

/** Comment on the source. */
export interface CommentAction extends SentAction {
  /** Tells actions apart. */
  readonly kind: "comment";
  /** The comment. */
  readonly text: string;
  /** Groups that see it. */
  readonly groupIds: readonly number[];
  /** Key of the action that it is about: it is sent only if that took effect. */
  readonly after: string;
}

/** Ask for an observation. */
export interface RequestAction extends SentAction {
  /** Tells actions apart. */
  readonly kind: "request";
  /** The priority, in the instrument's own counting. */
  readonly priority: number;
  /** The rule that it follows. */
  readonly rule: RequestRule;
  /** The whole form, with priority and dates. */
  readonly payload: Payload;
  /** Groups that see the data. */
  readonly targetGroupIds: readonly number[];
  /** Groups that the source must be saved to. */
  readonly sourceGroupIds: readonly number[];
  /** Groups that keep it from being asked for. */
  readonly ignoreGroupIds: readonly number[];
  /**
   * False where all that is known on the allocation asks for other exposures, which SkyPortal would take for the same. True
   * in any other case, also for other groups or another form of the same observation: SkyPortal decides.
   */
  readonly notIfDuplicates: boolean;
}

/** Raise the priority of a request that exists. */
export interface RaiseAction extends SentAction {
  /** Tells actions apart. */
  readonly kind: "raise";
  /** Id of the request. */
  readonly requestId: number;
  /** The source that the request is for. */
  readonly requestObjectId: string;
  /** Id of its allocation. */
  readonly allocationId: number;
  /** The new priority, in the instrument's own counting. */
  readonly priority: number;
  /** The whole form of the request, with the new priority. */
  readonly payload: Payload;
}

/** Why nothing is done. */
export type NothingCode =
  | "already-saved"
  | "ignored-group"
  | "already-issued"
  | "already-planned"
  | "no-rule"
  | "revised"
  | "request-open"
  | "request-complete"
  | "request-deleted"
  | "request-failed"
  | "other-allocation"
  | "classified"
  | "spectrum"
  | "tns-classified"
  | "tns-reported"
  | "assigned";

/** Nothing is done, and why. */
export interface NoAction extends ActionBase {
  /** Tells actions apart. */
  readonly kind: "none";
  /** What is not done. */
  readonly instead: "save" | "request" | "comment" | "raise";
  /** The first thing that speaks against it, in SkyPortal's order. */
  readonly code: NothingCode;
}

/** An action of a plan. */
export type FollowUpAction = SaveAction | CommentAction | RequestAction | RaiseAction | NoAction;
