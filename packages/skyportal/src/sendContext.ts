import type { Platform } from "@btsbot/errors";
import type { PortalSinkOptions } from "./sinkTypes.js";

/**
 * What one action is sent with.
 *
 * @internal
 */
export interface SendContext extends Pick<PortalSinkOptions, "client" | "introduce"> {
  readonly origin: string;
  readonly signal?: Platform<"AbortSignal"> | undefined;
  /** Whether the action may have been sent before, by whoever did not live to keep the answer. */
  readonly inDoubt: boolean;
  /** Waits until a call that was not answered can no longer be carried out, from now on. */
  readonly settle: () => Promise<void>;
  /** The same of what was sent before: no wait where nothing was. */
  readonly settleDoubt: () => Promise<void>;
}
