/**
 * A type of the platform, such as `Blob`, where the program that is compiled knows it; `never` where it does not, as with
 * a `lib` without DOM and without Node's types.
 *
 * @example
 * ```ts
 * import type { Platform } from "@btsbot/errors";
 *
 * const blob: Platform<"Blob"> = new Blob(["ab"]);
 * blob.size; // => 2
 * ```
 */
export type Platform<Name extends string> =
  typeof globalThis extends Readonly<Record<Name, HasPrototype<infer T>>> ? T : never;

/** What makes values of a type. */
interface HasPrototype<T> {
  /** What they have in common. */
  readonly prototype: T;
}

/**
 * A function of the platform, such as `fetch`, as {@link Platform} a type.
 *
 * @example
 * ```ts
 * import type { PlatformFunction } from "@btsbot/errors";
 *
 * const get: PlatformFunction<"fetch"> = fetch;
 * typeof get; // => "function"
 * ```
 */
export type PlatformFunction<Name extends string> =
  typeof globalThis extends Readonly<Record<Name, infer T>> ? T : never;

/**
 * A stream of the platform as far as it is read: a `ReadableStream` is one.
 *
 * @example
 * ```ts
 * import type { ChunkStream } from "@btsbot/errors";
 *
 * const stream: ChunkStream<Uint8Array> = new Blob(["ab"]).stream();
 * (await stream.getReader().read()).value; // => new Uint8Array([97, 98])
 * ```
 */
export interface ChunkStream<T> {
  /** Takes the stream for itself. */
  getReader(): {
    /** The next chunk; none once the stream is done. */
    read(): Promise<{
      /** Whether the stream has ended. */
      readonly done: boolean;
      /** The chunk. */
      readonly value?: T | undefined;
    }>;
    /** Says that no more is wanted. */
    cancel(): Promise<void>;
  };
}
