import { hashDefinition } from "@btsbot/model";
import type { ModelDefinition } from "@btsbot/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SMALL_NETWORKS } from "../../../test/support/networks.js";

/** The same value, the keys of every object in another order, and one more that is undefined. */
function shuffle(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffle(item, random));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffle(inner, random), random()] as const);
  const sorted = [...entries].sort((a, b) => a[2] - b[2]);
  return Object.fromEntries([...sorted.map(([key, inner]) => [key, inner]), ["absent", undefined]]);
}

/** Every place of a definition that holds a plain value. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key]));
}

function change(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (key === undefined) return typeof value === "number" ? value + 1 : `${String(value)}x`;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = change(copy[key], rest);
  return copy;
}

const networks = Object.values(SMALL_NETWORKS);

describe("hashDefinition", () => {
  it("is the same in whatever order the keys were written", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...networks),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
      async (definition, numbers) => {
        let at = 0;
        const other = shuffle(definition, () => numbers[at++ % numbers.length]) as ModelDefinition;
        expect(await hashDefinition(other)).toBe(await hashDefinition(definition));
      },
    );
    await fc.assert(property, { numRuns: 50, seed: 1 });
  });

  it("is another for every value that decides what the network answers", async () => {
    for (const definition of networks) {
      const seen = new Set([await hashDefinition(definition)]);
      const { name: _, version: __, ...network } = definition;
      const all = places(network);
      for (const path of all) seen.add(await hashDefinition(change(definition, path) as ModelDefinition));
      expect(seen.size).toBe(all.length + 1);
    }
  });

  it("does not depend on what the model is called, and stays what it was", async () => {
    const definition = networks[0];
    const hash = await hashDefinition(definition);
    expect(await hashDefinition({ ...definition, name: "other", version: "7" })).toBe(hash);
    // Written down: caches and brokers' tables hold these.
    expect(hash).toBe("65736d9d249009227679d90a386831720e9ab9a85468409fa0a362182a36b291");
  });
});
