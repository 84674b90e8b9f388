import type { SourceKnowledge } from "@btsbot/policy";

/** What others know of a source: its groups, spectra, classifications, requests, its name at TNS. */
export interface Knowledge {
  /**
   * Asked once a batch, for the sources with decisions.
   *
   * @param objectIds - the sources
   * @returns what is known, by the source's name; one that is absent is not known anywhere
   */
  know(objectIds: readonly string[]): Promise<ReadonlyMap<string, Omit<SourceKnowledge, "objectId" | "issued">>>;
}
