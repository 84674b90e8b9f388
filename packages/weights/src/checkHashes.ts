import { BtsbotError } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { Model } from "@btsbot/model";
import type { ModelHashes } from "./types.js";

/**
 * Checks that a model is the published one: its network as well as its weights.
 *
 * @throws BtsbotError `weights-checksum`, `definition-checksum`
 *
 * @internal
 */
export function checkHashes({ sha256, definitionSha256 }: Model, hashes: ModelHashes | undefined): void {
  if (hashes === undefined) return;
  const problems: Problem[] = [];
  const check = (code: Problem["code"], path: string, what: string, expected: string, got: string) => {
    if (got === expected) return;
    problems.push(BtsbotError.problem(code, `not the ${what} that was published`, { path, expected, got }));
  };
  check("weights-checksum", "weights.bin", "weights", hashes.weights, sha256);
  check("definition-checksum", "model.json", "network", hashes.definition, definitionSha256);
  if (problems.length > 0) throw new BtsbotError(problems);
}
