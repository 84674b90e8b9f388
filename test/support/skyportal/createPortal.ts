import type { Portal, PortalUser } from "./portal.js";

/** Tokens of the world that was recorded. */
export const TOKENS = {
  bot: "<BOT_TOKEN>",
  readonly: "<READONLY_TOKEN>",
  outsider: "<OUTSIDER_TOKEN>",
  admin: "<ADMIN_TOKEN>",
} as const;

const CLASSES = {
  class: "Time-domain Source",
  subclasses: [
    { class: "Stellar variable", subclasses: [{ class: "Cataclysmic" }] },
    { class: "Supernova", subclasses: [{ class: "Type I", subclasses: [{ class: "Ia" }] }, { class: "Type II" }] },
    { class: "AGN" },
  ],
};

/**
 * Makes an empty SkyPortal with the groups, filters, allocations and users of the recordings.
 *
 * @param now - the time, ms since 1970; the real one by default
 * @returns the portal
 */
export function createPortal(now: () => number = Date.now): Portal {
  const admin = user(1, "provisioned-admin", [1, 2, 3, 4, 5, 6, 7, 34], { streams: [1, 2], isAdmin: true });
  const bot = user(2, "bot", [2, 3, 5, 6], { streams: [1] });
  const outsider = user(3, "outsider", [2, 4, 7], { streams: [1] });
  const acls = ["Annotate", "Classify", "Comment", "Upload data"];
  const sequences = new Map<string, number>();
  return {
    tokens: new Map([
      [TOKENS.bot, { user: bot, acls }],
      [TOKENS.readonly, { user: bot, acls: [] }],
      [TOKENS.outsider, { user: outsider, acls }],
      [TOKENS.admin, { user: admin, acls }],
    ]),
    groups: [
      { id: 1, name: "provisioned-admin", single: true },
      { id: 2, name: "Sitewide Group" },
      { id: 3, name: "bot", single: true },
      { id: 4, name: "outsider", single: true },
      { id: 5, name: "BTS" },
      { id: 6, name: "BTS second" },
      { id: 7, name: "Private of others" },
      { id: 34, name: "Really private", private: true },
    ],
    filters: [
      { id: 1, name: "BTS all", groupId: 5, streamId: 1 },
      { id: 2, name: "BTS second", groupId: 6, streamId: 1 },
      { id: 3, name: "not ours", groupId: 7, streamId: 1 },
    ],
    streams: [
      { id: 1, name: "ZTF Public" },
      { id: 2, name: "ZTF Partnership" },
    ],
    taxonomies: [{ id: 1, name: "BTS test taxonomy", hierarchy: CLASSES }],
    instruments: [
      { id: 1, name: "SEDM", filters: ["sdssu", "sdssg", "sdssr", "sdssi"], api: true },
      { id: 2, name: "ZTF", filters: ["ztfg", "ztfr", "ztfi"], api: false },
      { id: 3, name: "DBSP-like", filters: [], api: false },
    ],
    allocations: [
      { id: 1, groupId: 5, instrumentId: 1 },
      { id: 2, groupId: 5, instrumentId: 1 },
      { id: 3, groupId: 7, instrumentId: 1 },
      { id: 4, groupId: 5, instrumentId: 3 },
      { id: 5, groupId: 5, instrumentId: 1, outside: true },
    ],
    objs: new Map(),
    candidates: [],
    saves: [],
    annotations: [],
    comments: [],
    classifications: [],
    photometry: [],
    thumbnails: [],
    spectra: [],
    requests: [],
    facility: () => "accepted",
    facilityMs: 30_000,
    now,
    next: (sequence) => {
      const number = (sequences.get(sequence) ?? 0) + 1;
      sequences.set(sequence, number);
      return number;
    },
  };
}

function user(
  id: number,
  username: string,
  groups: readonly number[],
  rest: { readonly streams: readonly number[]; readonly isAdmin?: boolean },
): PortalUser {
  return { id, username, groups, cannotSave: new Set(), ...rest };
}
