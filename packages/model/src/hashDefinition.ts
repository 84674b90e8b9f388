import { hashBytes } from "./hashBytes.js";
import { sortKeys } from "./sortKeys.js";
import type { ModelDefinition } from "./types/definition.js";
import { writeInput } from "./writeInput.js";

/**
 * SHA-256 of a definition: of everything that decides what the network answers (inputs, layers, output), as
 * JSON in UTF-8 with the keys of every object sorted by their UTF-16 units and without white space. In which
 * order a program wrote the keys, or that it left one undefined, does not matter; nor do name and version,
 * which a copy may change.
 *
 * A feature profile counts by its name, or by the data that it is made of (see `writeProfile`).
 *
 * With the hash of the weights it says what made a score: the weights alone do not tell `relu` from
 * `tanh`, nor one order of class names from another.
 *
 * @param definition - the network
 * @returns 64 hexadecimal digits; undefined where the platform has no Web Crypto (see `hashBytes`)
 *
 * Source: the order of keys and the form of numbers are RFC 8785's (JSON Canonicalization Scheme).
 *
 * @example
 * ```ts
 * import { hashDefinition, mmCnn } from "@btsbot/model";
 *
 * (await hashDefinition(mmCnn("mine", "1"))) === (await hashDefinition(mmCnn("yours", "2"))); // => true
 * ```
 */
export async function hashDefinition(definition: ModelDefinition): Promise<string | undefined> {
  const { name: _, version: __, ...network } = definition;
  const inputs = network.inputs.map(writeInput);
  return hashBytes(new TextEncoder().encode(JSON.stringify({ ...network, inputs }, sortKeys)));
}
