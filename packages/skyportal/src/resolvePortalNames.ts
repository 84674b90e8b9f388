import { checkArgument, checkOptions, nearestName } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import { askPortal } from "./askPortal.js";
import { numberIn, partOf, partsOf, textIn } from "./readAnswer.js";
import type { AnswerPart } from "./readAnswer.js";
import type { SkyPortalClient } from "./types.js";

/** What is to be found, by name. */
export interface PortalNames {
  /** Groups of which the token's user is a member. */
  readonly groups?: readonly string[];
  /** Filters of those groups. */
  readonly filters?: readonly string[];
  /** Streams. */
  readonly streams?: readonly string[];
  /** Taxonomies. */
  readonly taxonomies?: readonly string[];
  /** Instruments. */
  readonly instruments?: readonly string[];
  /** Allocations, by their instrument's name, with the principal investigator in parentheses where it has several. */
  readonly allocations?: readonly string[];
}

/** The names of {@link PortalNames}. */
const PORTAL_NAMES: OptionNames<PortalNames> = {
  groups: "list",
  filters: "list",
  streams: "list",
  taxonomies: "list",
  instruments: "list",
  allocations: "list",
};

/** What was found. */
export interface PortalIds {
  /** By the kind of thing, then by name: the id. */
  readonly ids: { readonly [Kind in keyof PortalNames]-?: ReadonlyMap<string, number> };
  /** The classes of the taxonomies that were asked for, by the taxonomy's id. */
  readonly classes: ReadonlyMap<number, ReadonlySet<string>>;
  /** What is missing, or there more than once, a line each, with the nearest name that is there. */
  readonly missing: readonly string[];
}

/** Where each kind is listed, and what it is called in words. */
const LISTS = {
  groups: ["/api/groups", "group"],
  filters: ["/api/filters", "filter"],
  streams: ["/api/streams", "stream"],
  taxonomies: ["/api/taxonomy", "taxonomy"],
  instruments: ["/api/instrument", "instrument"],
  allocations: ["/api/allocation", "allocation"],
} as const;

/**
 * Finds the ids of what is named, once, before the night; what is missing is said, not thrown. Only what is asked for
 * is looked up: a call for each kind.
 *
 * @param client - what asks
 * @param names - what is to be found
 * @returns the ids, and what is missing
 * @throws BtsbotError `skyportal-answer`, `skyportal-refused`, and what the client throws
 *
 * @example
 * ```ts
 * import { createSkyPortalClient, resolvePortalNames } from "@btsbot/skyportal";
 *
 * const answer = { status: "success", data: [{ id: 1, name: "BTS all" }] };
 * const client = createSkyPortalClient({ url: "https://fritz.science", token: "secret", fetch: async () => Response.json(answer) });
 * const { ids, missing } = await resolvePortalNames(client, { filters: ["BTS all", "BTS al"] });
 * ids.filters.get("BTS all"); // => 1
 * missing; // => ["SkyPortal shows no filter named \"BTS al\"; did you mean \"BTS all\"?"]
 * ```
 */
export async function resolvePortalNames(client: SkyPortalClient, names: PortalNames): Promise<PortalIds> {
  checkOptions("resolvePortalNames", names, PORTAL_NAMES);
  checkArgument("resolvePortalNames", "client", client, "object", ["call"]);
  const missing: string[] = [];
  const classes = new Map<number, ReadonlySet<string>>();
  const ids: Partial<Record<keyof PortalNames, ReadonlyMap<string, number>>> = {};
  for (const kind of Object.keys(LISTS) as (keyof PortalNames)[]) {
    const wanted = [...new Set(names[kind] ?? [])];
    const rows = wanted.length === 0 ? [] : await listOf(client, kind);
    const found = new Map<string, number>();
    for (const name of wanted) {
      const same = rows.filter((row) => namesOf(kind, row).includes(name));
      if (same.length === 1) {
        const id = numberIn(partOf(same[0], "id"));
        found.set(name, id);
        if (kind === "taxonomies") classes.set(id, new Set(classesOf(partOf(same[0], "hierarchy"))));
      } else missing.push(lineOf(kind, name, same, rows));
    }
    ids[kind] = found;
  }
  return { ids: ids as PortalIds["ids"], classes, missing };
}

async function listOf(client: SkyPortalClient, kind: keyof PortalNames): Promise<AnswerPart[]> {
  const answer = await askPortal(client, LISTS[kind][0]);
  return partsOf(kind === "groups" ? partOf(answer, "user_groups") : answer);
}

/** An allocation has no name of its own. */
function namesOf(kind: keyof PortalNames, row: AnswerPart): string[] {
  if (kind !== "allocations") return [textIn(partOf(row, "name"))];
  const instrument = textIn(partOf(partOf(row, "instrument"), "name"));
  const pi = partOf(row, "pi").value;
  return [instrument, ...(typeof pi === "string" ? [`${instrument} (${pi})`] : [])];
}

function classesOf(node: AnswerPart): string[] {
  return [textIn(partOf(node, "class")), ...partsOf(partOf(node, "subclasses")).flatMap(classesOf)];
}

function lineOf(
  kind: keyof PortalNames,
  name: string,
  same: readonly AnswerPart[],
  rows: readonly AnswerPart[],
): string {
  const what = `${LISTS[kind][1]} named ${JSON.stringify(name)}`;
  const ids = same.map((row) => numberIn(partOf(row, "id"))).sort((a, b) => a - b);
  if (ids.length > 1) return `SkyPortal shows more than one ${what}: ids ${ids.join(", ")}; give the id`;
  const nearest = nearestName(
    name,
    rows.flatMap((row) => namesOf(kind, row)),
  );
  return `SkyPortal shows no ${what}${nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`}`;
}
