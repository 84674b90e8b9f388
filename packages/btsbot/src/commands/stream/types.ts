/**
 * Options of `btsbot stream`, as commander gives them.
 *
 * @internal
 */
export interface StreamOptions {
  /** Says what it would do, and does not do it. */
  readonly check?: boolean;
}
