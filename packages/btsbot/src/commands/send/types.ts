/**
 * Options of `btsbot send`, as commander hands them over.
 *
 * @internal
 */
export interface SendCommandOptions {
  readonly store: string;
  readonly portal?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly dryRun?: boolean;
  readonly nonPublic?: boolean;
  readonly format?: "text" | "json" | "skyportal";
}
