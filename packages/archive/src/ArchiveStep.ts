import type { BtsbotError } from "@btsbot/errors";

/** A member of an archive. */
export interface ArchiveMember {
  readonly name: string;
  readonly kind: "file" | "directory" | "other";
  /** How many bytes it has, where that is known before they are read. */
  readonly size?: number;
  /** How many of the archive's own bytes are its; 0 where that is not known yet. */
  readonly packed: number;
  /** Why its bytes are not those of the file that was packed; absent where they are. */
  readonly unreadable?: BtsbotError;
  /** They are read before the next step, or skipped. */
  readonly bytes: AsyncGenerator<Uint8Array, void, void>;
}

/** One step through an archive: a member with its bytes, or damage behind which it goes on. */
export type ArchiveStep = ArchiveMember | BtsbotError;
