import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { SourceState } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { parsePolicyState, stepPolicy } from "@btsbot/policy";
import type { Policy, PolicyState } from "@btsbot/policy";
import { readLines, toFileError } from "@btsbot/tables";
import { readMatches } from "./sourceRows.js";
import type { StoreMaker } from "./types.js";

/** Where earlier versions of the command kept what they remembered. */
const STATE_FILE = "state.jsonl";
/** What its first line says it is. */
const FORMAT = "btsbot-decide";
const VERSION = 1;
const HINT = "Restore a copy, or start again in an empty folder, from all alerts that still matter.";

/** A state as earlier versions kept it. */
export interface StateFile {
  /** SHA-256 of all lines but the last, hexadecimal. */
  readonly sha256: string;
  /** By what it was made. */
  readonly maker: StoreMaker;
  /** The sources, as they are asked for. */
  sources(): Iterable<StateSource>;
}

/** A source of it. */
export interface StateSource {
  readonly objectId: string;
  readonly state: SourceState;
  /** Keys of the actions that were printed. */
  readonly issued: readonly string[];
}

/**
 * Reads a state of earlier versions: a line that says by what it was made, a line for each source, and a line with their
 * number and the SHA-256 of all lines before.
 *
 * @param folder - the folder of the state
 * @returns the state; undefined where there is none
 * @throws BtsbotError `state-damaged`, `state-mismatch` or `file-unreadable`
 *
 * @internal
 */
export async function readStateFile(folder: string): Promise<StateFile | undefined> {
  const path = join(folder, STATE_FILE);
  const hash = createHash("sha256");
  const lines: string[] = [];
  try {
    for await (const { text } of readLines(createReadStream(path))) {
      const before = lines.at(-1);
      if (before !== undefined) hash.update(`${before}\n`);
      lines.push(text);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw toFileError(cause, path, { doing: "read" });
  }
  const end = lines.pop();
  const sha256 = hash.digest("hex");
  if (end !== JSON.stringify({ sources: lines.length - 1, sha256 }))
    throw new BtsbotError("state-damaged", "the file is cut short, or was changed", { path, hint: HINT });
  const { format, version, filter, ...rest } = JSON.parse(lines[0]) as StoreMaker & { format: string; version: number };
  // It held the rule itself.
  const maker: StoreMaker = { ...rest, filter: filter && { ...filter, rule: JSON.stringify(filter.rule) } };
  if (format !== FORMAT || version !== VERSION)
    throw new BtsbotError("state-mismatch", "the state is of another version of this program", {
      path,
      expected: `${FORMAT} ${VERSION}`,
      got: `${format} ${version}`,
    });
  return {
    sha256,
    maker,
    *sources() {
      for (let line = 1; line < lines.length; line += 1)
        yield readSource(lines[line], maker.policies, `${path}:${line + 1}`);
    },
  };
}

function readSource(line: string, policies: readonly Policy[], path: string): StateSource {
  try {
    const {
      objectId,
      matches,
      issued = [],
    } = JSON.parse(line) as {
      objectId: string;
      matches: Record<string, unknown>;
      issued?: string[];
    };
    const states = policies.flatMap((policy): [string, PolicyState][] => {
      const rows = matches[policy.name];
      if (rows === undefined) return [];
      const state = { ...emptyState(policy, objectId), matches: readMatches(JSON.stringify(rows)) };
      return [[policy.name, parsePolicyState(state)]];
    });
    return { objectId, state: { policies: Object.fromEntries(states) }, issued };
  } catch (cause) {
    throw new BtsbotError("state-damaged", "a line cannot be understood", { path, hint: HINT, cause });
  }
}

/** A state in which nothing counts yet: what an alert leaves that fulfils nothing. */
function emptyState(policy: Policy, objectId: string): PolicyState {
  return stepPolicy(policy, undefined, { objectId, candid: 0n, jd: Number.NaN, magpsf: Number.NaN }).state;
}
