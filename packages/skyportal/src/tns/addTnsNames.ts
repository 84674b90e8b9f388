import type { Knowledge } from "@btsbot/decide";

/** What is known of a source of which only its name at TNS is. */
const NOTHING = { savedTo: [], spectra: 0, classifications: [], requests: [] };

/**
 * Adds names that TNS gave to what is known of sources: of those for which nobody else knows one.
 *
 * @param knowledge - what else is known; nothing where it is undefined
 * @param nameOf - the name of a source with its prefix, such as `AT 2026abc`; undefined where there is none
 * @returns the knowledge with the names
 *
 * @example
 * ```ts
 * import { addTnsNames } from "@btsbot/skyportal";
 *
 * const knowledge = addTnsNames(undefined, async () => "AT 2026abc");
 * (await knowledge.know(["ZTF23abhvlji"])).get("ZTF23abhvlji")?.tns; // => { name: "AT 2026abc" }
 * ```
 */
export function addTnsNames(
  knowledge: Knowledge | undefined,
  nameOf: (objectId: string) => Promise<string | undefined>,
): Knowledge {
  return {
    async know(objectIds) {
      const known = new Map(await knowledge?.know(objectIds));
      for (const objectId of new Set(objectIds)) {
        if (known.get(objectId)?.tns !== undefined) continue;
        const name = await nameOf(objectId);
        if (name !== undefined) known.set(objectId, { ...(known.get(objectId) ?? NOTHING), tns: { name } });
      }
      return known;
    },
  };
}
