import { BtsbotError } from "@btsbot/errors";
import { parsePolicyState, stepPolicy } from "@btsbot/policy";
import type { Policy, PolicyMatch, PolicyState } from "@btsbot/policy";
import type { SourceBook, BookedSource } from "./stateTypes.js";

/** The source's name, first in its line: found without reading the rest. */
const NAME = /^\{"objectId":("(?:[^"\\]|\\.)*"),/;

/** An alert that counts, without the names of its values, which would be half of the file. */
type MatchRow = readonly [candid: string, jd: number, magpsf: number, score?: number | null, fid?: number];

/**
 * The name of the source that a line is of.
 *
 * @throws BtsbotError `state-damaged`
 *
 * @internal
 */
export function nameInLine(line: string): string {
  const [, text] = NAME.exec(line) ?? [];
  if (text === undefined) throw new BtsbotError("state-damaged", "a line names no source", { got: line.slice(0, 60) });
  return JSON.parse(text) as string;
}

/**
 * Sources, each kept as its line until it is asked for: of a hundred thousand a night touches few.
 *
 * @param policies - those of the state
 * @param known - lines by the source's name
 *
 * @internal
 */
export function createBook(policies: readonly Policy[], known: ReadonlyMap<string, string> = new Map()): SourceBook {
  const sources = new Map<string, string | BookedSource>(known);
  return {
    get(objectId) {
      const source = sources.get(objectId);
      if (typeof source !== "string") return source;
      const state = readLine(objectId, source, policies);
      sources.set(objectId, state);
      return state;
    },
    set: (objectId, state) => void sources.set(objectId, state),
    get size() {
      return sources.size;
    },
    *lines() {
      for (const [objectId, source] of sources) yield typeof source === "string" ? source : writeLine(objectId, source);
    },
  };
}

function writeLine(objectId: string, { policies, issued }: BookedSource): string {
  // In the order of names: the line depends on the alerts alone, not on their order.
  const names = Object.keys(policies).sort();
  const matches = names.map((name) => [name, policies[name].matches.map((each) => each.map(toRow))] as const);
  return JSON.stringify({ objectId, matches: Object.fromEntries(matches), ...(issued.length > 0 && { issued }) });
}

function readLine(objectId: string, line: string, policies: readonly Policy[]): BookedSource {
  try {
    const { matches, issued = [] } = JSON.parse(line) as { matches: Record<string, MatchRow[][]>; issued?: string[] };
    const states = policies.flatMap((policy): [string, PolicyState][] => {
      const rows = matches[policy.name];
      if (rows === undefined) return [];
      const state = { ...emptyState(policy, objectId), matches: rows.map((each) => each.map(fromRow)) };
      return [[policy.name, parsePolicyState(state)]];
    });
    return { policies: Object.fromEntries(states), issued };
  } catch (cause) {
    throw new BtsbotError("state-damaged", "a line cannot be understood", { path: objectId, cause });
  }
}

/** A state in which nothing counts yet: what an alert leaves that fulfils nothing. */
function emptyState(policy: Policy, objectId: string): PolicyState {
  return stepPolicy(policy, undefined, { objectId, candid: 0n, jd: Number.NaN, magpsf: Number.NaN }).state;
}

function toRow({ candid, jd, magpsf, score, fid }: PolicyMatch): MatchRow {
  if (fid !== undefined) return [candid, jd, magpsf, score ?? null, fid];
  return score === undefined ? [candid, jd, magpsf] : [candid, jd, magpsf, score];
}

function fromRow([candid, jd, magpsf, score, fid]: MatchRow): PolicyMatch {
  return { candid, jd, magpsf, ...(score != null && { score }), ...(fid !== undefined && { fid }) };
}
