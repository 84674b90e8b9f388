import { BtsbotError } from "@btsbot/errors";
import type { Model } from "@btsbot/model";
import type { StateMaker } from "./stateTypes.js";
import type { DecideSetup } from "./types.js";

/** What the first line of a state says it is. */
const FORMAT = "btsbot-decide";
/** Version of the format. */
const VERSION = 1;
const HINT = "Give the same model, filter and policies as before, or another folder.";

/**
 * By what a state is made: what decides, without what only describes.
 *
 * @internal
 */
export function makeStateMaker({ model, filter, filterModels, policies }: Omit<DecideSetup, "rules">): StateMaker {
  const sorted = [...policies].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    format: FORMAT,
    version: VERSION,
    model: identify(model),
    filter: filter === undefined ? null : { name: filter.name, rule: filter.rule, models: filterModels.map(identify) },
    policies: sorted.map(({ name, action, priority, countedBy, require }) => ({
      name,
      action,
      ...(priority !== undefined && { priority }),
      ...(countedBy !== undefined && { countedBy }),
      require,
    })),
  };
}

/**
 * Checks that a state was made by what goes on with it. A model is the same if its weights and its definition are; in a
 * state that names weights alone, as all once did, those decide, and the next run writes both.
 *
 * @param path - its file
 * @param line - its first line
 * @param maker - what goes on
 * @throws BtsbotError `state-mismatch`
 *
 * @internal
 */
export function checkMaker(path: string, line: string, maker: StateMaker): void {
  if (line === JSON.stringify(maker)) return;
  const made = JSON.parse(line) as StateMaker;
  if (made.format !== FORMAT || made.version !== VERSION) {
    const got = `${made.format} ${made.version}`;
    throw new BtsbotError("state-mismatch", "the state was written by another version of this program", {
      path,
      expected: `${FORMAT} ${VERSION}`,
      got,
    });
  }
  const now = made.model.definitionSha256 === undefined ? withoutDefinitions(maker) : maker;
  for (const part of ["model", "filter", "policies"] as const) {
    if (JSON.stringify(made[part]) === JSON.stringify(now[part])) continue;
    let [expected, got] = [nameOf(now, part), nameOf(made, part)];
    if (expected === got) [expected, got] = [JSON.stringify(now[part]), JSON.stringify(made[part])];
    throw new BtsbotError(
      "state-mismatch",
      part === "policies" ? "the state was made by other policies" : `the state was made by another ${part}`,
      {
        path,
        expected,
        got,
        hint: HINT,
      },
    );
  }
}

function identify({ definition, sha256, definitionSha256 }: Model): StateMaker["model"] {
  return { name: definition.name, sha256, definitionSha256 };
}

/** What a state says whose models are told by their weights alone. */
function withoutDefinitions({ model, filter, ...rest }: StateMaker): StateMaker {
  const forget = ({ name, sha256 }: StateMaker["model"]) => ({ name, sha256 });
  return {
    ...rest,
    model: forget(model),
    filter: filter && { ...filter, models: filter.models.map(forget) },
  };
}

function nameOf({ model, filter, policies }: StateMaker, part: "model" | "filter" | "policies"): string {
  if (part === "policies") return policies.map(({ name }) => name).join(", ");
  return part === "model" ? model.name : (filter?.name ?? "none");
}
