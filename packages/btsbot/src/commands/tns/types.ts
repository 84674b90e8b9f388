/**
 * Options of `btsbot tns`, as commander hands them over.
 *
 * @internal
 */
export interface TnsOptions {
  readonly store: string;
  readonly reporter: string;
  readonly group: number;
  readonly dataSource?: number;
  readonly archive?: string;
  readonly sandbox?: boolean;
  readonly url?: string;
  readonly bot?: readonly [id: number, name: string];
  readonly keyFile?: string;
}
