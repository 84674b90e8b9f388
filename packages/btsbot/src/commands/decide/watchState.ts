import type { Store } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";

/**
 * Opens what a folder keeps, to look at, which another run may have in hand.
 *
 * @returns the store, to be closed; undefined where there is none
 * @throws BtsbotError as `openStore` of `@btsbot/store`
 *
 * @internal
 */
export async function watchState(folder: string): Promise<Store | undefined> {
  const { openStore } = await import("@btsbot/store");
  try {
    return await openStore(folder, { access: "watch" });
  } catch (error) {
    if (error instanceof BtsbotError && error.code === "store-missing") return undefined;
    throw error;
  }
}
