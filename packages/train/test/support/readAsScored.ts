import { createScorer } from "@btsbot/core";
import type { ModelDefinition } from "@btsbot/model";
import { expect } from "vitest";
import { stubEngine } from "../../../../test/support/stubEngine.js";
import { makePacket } from "./writeSet.js";

/**
 * What a scorer gives a network of packets.
 *
 * @param definition - the network
 * @param packets - which, each as source and alert
 * @returns the arrays of the first batch, by input
 */
export async function readAsScored(
  definition: ModelDefinition,
  packets: readonly (readonly [source: number, alert: number])[],
): Promise<Record<string, Float32Array>> {
  const given: Record<string, Float32Array>[] = [];
  const engine = stubEngine(async (batch, count) => (given.push(batch), new Float32Array(count)));
  const model = { definition, weights: new Map(), sha256: "", definitionSha256: "" };
  const scorer = await createScorer({ models: model, engine });
  for await (const outcome of scorer.scoreAlerts(packets.map(([source, alert]) => makePacket(source, alert))))
    expect(outcome.success).toBe(true);
  scorer.dispose();
  return given[0];
}
