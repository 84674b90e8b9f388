/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A user, with what a token of theirs may do. */
export interface PortalUser {
  readonly id: number;
  readonly username: string;
  readonly groups: readonly number[];
  readonly streams: readonly number[];
  /** Groups to which they may not save. */
  readonly cannotSave: Set<number>;
  readonly isAdmin?: boolean;
}

/** A token. */
export interface PortalToken {
  readonly user: PortalUser;
  readonly acls: readonly string[];
}

/** A group. */
export interface PortalGroup {
  readonly id: number;
  readonly name: string;
  readonly single?: boolean;
  readonly private?: boolean;
}

/** An object, be it a candidate or a source. */
export interface PortalObj {
  readonly id: string;
  readonly ra: number;
  readonly dec: number;
  readonly score: number | null;
  readonly origin: string | null;
  readonly at: string;
  tnsName: string | null;
  tnsInfo: Fields | null;
  assigned: boolean;
}

/** A source in a group: saved, or only invited. */
export interface PortalSave {
  readonly objId: string;
  readonly groupId: number;
  active: boolean;
  requested: boolean;
  at: string;
}

/** A request. */
export interface PortalRequest {
  readonly id: number;
  readonly objId: string;
  readonly allocationId: number;
  readonly targetGroupIds: readonly number[];
  readonly at: string;
  payload: Fields;
  status: string;
  modified: string;
  transactions: number;
  visible: boolean;
}

/** Any other row that is kept: its id, whose it is, and what was posted. */
export interface PortalRow {
  readonly id: number;
  readonly objId: string;
  readonly userId: number;
  readonly groupIds: readonly number[];
  readonly at: string;
  modified: string;
  body: Fields;
}

/** What a facility says to a request. */
export type FacilityAnswer = "accepted" | "hangs" | { readonly rejected: string } | { readonly failed: string };

/** A facility: it may take its time. */
export type Facility = (request: {
  readonly objId: string;
  readonly payload: Fields;
}) => FacilityAnswer | Promise<FacilityAnswer>;

/** An allocation of time at a telescope. */
export interface PortalAllocation {
  readonly id: number;
  readonly groupId: number;
  readonly instrumentId: number;
  readonly outside?: boolean;
}

/** An instrument. */
export interface PortalInstrument {
  readonly id: number;
  readonly name: string;
  readonly filters: readonly string[];
  readonly api: boolean;
}

/** All that a SkyPortal has. */
export interface Portal {
  readonly tokens: Map<string, PortalToken>;
  readonly groups: PortalGroup[];
  readonly filters: {
    readonly id: number;
    readonly name: string;
    readonly groupId: number;
    readonly streamId: number;
  }[];
  readonly streams: { readonly id: number; readonly name: string }[];
  readonly taxonomies: { readonly id: number; readonly name: string; readonly hierarchy: Fields }[];
  readonly instruments: PortalInstrument[];
  readonly allocations: PortalAllocation[];
  readonly objs: Map<string, PortalObj>;
  readonly candidates: {
    readonly id: number;
    readonly objId: string;
    readonly filterId: number;
    readonly passedAt: number;
    readonly alertId: string | null;
  }[];
  readonly saves: PortalSave[];
  readonly annotations: PortalRow[];
  readonly comments: PortalRow[];
  readonly classifications: PortalRow[];
  readonly photometry: PortalRow[];
  readonly thumbnails: PortalRow[];
  readonly spectra: PortalRow[];
  readonly requests: PortalRequest[];
  /** What the facility of every allocation says. */
  facility: Facility;
  /** How long it is waited for, ms: 30 s for the real one. */
  facilityMs: number;
  /** Now, ms since 1970. */
  readonly now: () => number;
  /** Numbers are used up by inserts that fail, as PostgreSQL's are. */
  readonly next: (sequence: string) => number;
}

/** A call that was let in. */
export interface PortalCall {
  readonly method: string;
  readonly token: string;
  readonly user: PortalUser;
  readonly acls: readonly string[];
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Fields;
}

/** What is answered. */
export interface PortalAnswer {
  readonly status: number;
  readonly data?: unknown;
  readonly message?: string;
}

/** What answers a call. */
export type PortalHandler = (portal: Portal, call: PortalCall) => PortalAnswer | Promise<PortalAnswer>;

/** A method, a path, the right that it needs, and what answers it. */
export type PortalRoute = readonly [method: string, path: RegExp, acl: string | undefined, handler: PortalHandler];

/** Says yes. */
export function ok(data: unknown = {}): PortalAnswer {
  return { status: 200, data };
}

/** Says no. */
export function fail(message: string, status = 400): PortalAnswer {
  return { status, message };
}

/** A moment as SkyPortal writes it: microseconds, no zone. */
export function timeOf(portal: Portal): string {
  return `${new Date(portal.now()).toISOString().slice(0, -1)}000`;
}

/** Whether an object may be seen: it is a candidate of a filter, or saved in a group, of the user's. */
export function canSee(portal: Portal, user: PortalUser, objId: string): boolean {
  return canSeeCandidate(portal, user, objId) || canSeeSource(portal, user, objId);
}

/** Whether it is a candidate of a filter of the user's groups. */
export function canSeeCandidate(portal: Portal, user: PortalUser, objId: string): boolean {
  const mine = portal.filters.filter(({ groupId }) => user.groups.includes(groupId)).map(({ id }) => id);
  return portal.candidates.some((each) => each.objId === objId && mine.includes(each.filterId));
}

/** Whether it is a source of the user's groups, be it one that was unsaved since. */
export function canSeeSource(portal: Portal, user: PortalUser, objId: string): boolean {
  return portal.saves.some((each) => each.objId === objId && user.groups.includes(each.groupId));
}

/** The groups, as numbers, of a list that a client sent. */
export function idsIn(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
