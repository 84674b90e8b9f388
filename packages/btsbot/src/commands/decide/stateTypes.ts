import type { Filter, Policy, PolicyState } from "@btsbot/policy";

/**
 * What is remembered of one source.
 *
 * @internal
 */
export interface BookedSource {
  /** By the policy's name; a policy is absent where no alert counts for it yet. */
  readonly policies: Readonly<Record<string, PolicyState>>;
  /** Keys of the actions that were printed. */
  readonly issued: readonly string[];
}

/**
 * By what a state was made: another run goes on with it only if it decides in the same way.
 *
 * @internal
 */
export interface StateMaker {
  readonly format: string;
  readonly version: number;
  readonly model: {
    readonly name: string;
    /** Of the weights. */
    readonly sha256: string;
    /** Of the definition; absent in states that were made before it was kept. */
    readonly definitionSha256?: string;
  };
  /** Null without a filter. */
  readonly filter: (Pick<Filter, "name" | "rule"> & { readonly models: readonly StateMaker["model"][] }) | null;
  readonly policies: readonly Omit<Policy, "source">[];
}

/**
 * The sources of a state, by name.
 *
 * @internal
 */
export interface SourceBook {
  get(objectId: string): BookedSource | undefined;
  set(objectId: string, state: BookedSource): void;
  /** How many sources there are. */
  readonly size: number;
  /** Every source as a line of JSON. */
  lines(): Iterable<string>;
}
