import { DEFAULT_PLANES, NORMALIZATIONS } from "@btsbot/cutout";
import type { ImagePreprocessing, Stamps } from "@btsbot/cutout";
import { InvalidArgumentError } from "commander";
import { parseNames } from "../../inputs/parseOptions.js";
import type { NamedInput } from "./types.js";

/**
 * One input of a network, which may come again for another: `now=science,minmax` or `metadata=btsbot-v1`.
 *
 * @internal
 */
export function parseInput(value: string, previous: readonly NamedInput[]): NamedInput[] {
  const at = value.indexOf("=");
  const [name, what] = [value.slice(0, Math.max(0, at)), value.slice(at + 1)];
  if (name === "" || what === "")
    throw new InvalidArgumentError("The input's name is needed, =, and stamps or a profile, such as image=science,l2.");
  return [...previous, { name, ...toImage(what) }];
}

/** Stamps and how they are normalised; any other single word is a profile. */
function toImage(what: string): Omit<NamedInput, "name"> {
  const words = parseNames(what);
  const planes = words.filter((word): word is keyof Stamps => (DEFAULT_PLANES as readonly string[]).includes(word));
  const ways = words.filter((word): word is ImagePreprocessing["normalization"] =>
    (NORMALIZATIONS as readonly string[]).includes(word),
  );
  if (planes.length === 0 && ways.length === 0) return { profile: what };
  if (planes.length + ways.length < words.length || ways.length > 1)
    throw new InvalidArgumentError(
      `Some of ${DEFAULT_PLANES.join(", ")} are needed, and one of ${NORMALIZATIONS.join(", ")} at most.`,
    );
  return { preprocessing: { normalization: ways[0] ?? "l2", ...(planes.length > 0 && { planes }) } };
}
