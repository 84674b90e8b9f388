import { READ_OPTIONS } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import type { ChunkStream, OptionNames, Platform, SafeResult } from "@btsbot/errors";

/**
 * Bytes that can be entered anywhere: a file on a disk, or one on a server that sends parts. By what stands at the end
 * of a file, zip archives are read in full truth, and Parquet files without being held in memory.
 */
export interface SeekableBytes {
  /** How many there are. */
  readonly size: number;
  /**
   * Reads a part.
   *
   * @param start - the first byte's place
   * @param end - the place behind the last one
   * @returns the bytes; fewer at the end of the file alone
   */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Bytes, wherever they come from: in memory, a browser's file, a file's stream, a file on a disk, the body of a response. */
export type ByteSource =
  Uint8Array | Platform<"Blob"> | SeekableBytes | AsyncIterable<Uint8Array> | ChunkStream<Uint8Array>;

/**
 * Unpacks a gzip stream chunk by chunk; what is damaged is thrown. A BtsbotError `archive-trailing` behind all that was
 * unpacked says that the bytes that follow are not part of the stream: they are left out. Where a stream has many members,
 * it calls `onMember` at the end of each with its plain bytes, and lets go through what that throws: they were too many.
 */
export type GunzipStream = (
  packed: AsyncIterable<Uint8Array>,
  onMember?: (bytes: number) => void,
) => AsyncIterable<Uint8Array>;

/** Why something in an archive or a folder is left out. */
export type SkipReason =
  /** Its name, or that of a folder that it is in, begins with a dot, or it is a Mac's copy of attributes. */
  | "hidden"
  /** Neither its ending nor its first bytes are those of alerts or of an archive. */
  | "not-alerts"
  /** A link, a device or a pipe: there are no bytes. */
  | "not-a-file"
  /** Bytes behind the end of a gzip stream that are neither another one nor padding; the stream itself is read. */
  | "trailing-bytes";

/** What an archive may unpack to. */
export interface ArchiveLimits {
  /**
   * The most bytes that come out for each byte that goes in, counted from the first megabyte on, of a stream, of a zip archive,
   * and of all layers together; 200 by default. Between two alerts an eighth of that may come out.
   */
  readonly maxRatio?: number;
  /** The most bytes that one gzip stream, or one zip archive, unpacks to; 2^40 (a terabyte) by default. */
  readonly maxUnpackedBytes?: number;
  /** How many layers of gzip, tar and zip may lie in each other; 8 by default. */
  readonly maxDepth?: number;
}

/** Options of `readMembers`. */
export interface MemberOptions extends ArchiveLimits {
  /** The name of the input, before the names of members; none by default. */
  readonly name?: string;
  /** Unpacks gzip: the portable `gunzipStream` by default. In Node its own zlib is four times as fast. */
  readonly gunzip?: GunzipStream;
  /** Called for each member that is left out, and for bytes behind a gzip stream. */
  readonly onSkip?: (name: string, reason: SkipReason) => void;
}

/**
 * The names of {@link MemberOptions}.
 *
 * @internal
 */
export const MEMBER_OPTIONS: OptionNames<MemberOptions> = {
  maxRatio: "number",
  maxUnpackedBytes: "number",
  maxDepth: "number",
  name: "string",
  gunzip: "function",
  onSkip: "function",
};

/** How the bytes of a member are read. */
export interface MemberReadOptions {
  /** Schemas of framed messages, limits, surveys and brokers' forms. */
  readonly read?: ReadOptions;
  /** Chooses among the top-level columns of a Parquet file, by their names, those that are read; all by default. */
  readonly columns?: (names: readonly string[]) => readonly string[];
  /** The most bytes of the columns read of one row group of a Parquet file; 268,435,456 by default. */
  readonly maxRowGroupBytes?: number;
  /**
   * The most bytes of a Parquet file that comes as a stream, in which nothing can be entered: it is held as a whole;
   * 268,435,456 by default.
   */
  readonly maxHeldBytes?: number;
  /** Outcomes that are left out at the beginning; none by default. */
  readonly skip?: number;
}

/**
 * The names of {@link MemberReadOptions}.
 *
 * @internal
 */
export const READING_OPTIONS: OptionNames<MemberReadOptions> = {
  read: READ_OPTIONS,
  columns: "function",
  maxRowGroupBytes: "number",
  maxHeldBytes: "number",
  skip: "number",
};

/** Options of `readArchive`. */
export interface ArchiveOptions extends MemberOptions, Omit<MemberReadOptions, "skip"> {
  /**
   * Asked for each member before it is read: how many of its outcomes are left out at the beginning, since they are done. Infinity
   * leaves out the member as a whole, which then is not even read.
   */
  readonly skip?: (file: string) => number | Promise<number>;
  /** Called for each member that can be read and holds no alert, and for an archive without members. */
  readonly onEmpty?: (name: string) => void;
}

/**
 * The names of {@link ArchiveOptions}.
 *
 * @internal
 */
export const ARCHIVE_OPTIONS: OptionNames<ArchiveOptions> = {
  ...MEMBER_OPTIONS,
  ...READING_OPTIONS,
  skip: "function",
  onEmpty: "function",
};

/**
 * The names of {@link ArchiveSourceOptions}.
 *
 * @internal
 */
export const SOURCE_OPTIONS: OptionNames<ArchiveSourceOptions> = {
  ...MEMBER_OPTIONS,
  read: READ_OPTIONS,
  columns: "function",
  maxRowGroupBytes: "number",
  maxHeldBytes: "number",
  onEmpty: "function",
  batchSize: "number",
};

/** One of the inputs of a source: a browser's file, or a name and what it stands for. */
export type ArchiveInput = NamedBlob | NamedBytes;

/** A browser's file. */
export type NamedBlob = Platform<"Blob"> & Pick<NamedBytes, "name">;

/** Bytes by a name. */
export interface NamedBytes {
  /** Under which name its alerts are found. */
  readonly name: string;
  /** The bytes, or what opens them when it is their turn, and again in another reading. */
  readonly bytes: ByteSource | (() => ByteSource | Promise<ByteSource>);
}

/** Options of `createArchiveSource`. */
export interface ArchiveSourceOptions extends Omit<ArchiveOptions, "skip"> {
  /** The name under which the source's cursor is kept; `archive` by default. */
  readonly name?: string;
  /** Alerts that are judged and kept together; 256 by default. */
  readonly batchSize?: number;
}

/** A file, or a file in an archive. */
export interface Member {
  /** Its name behind that of the input: `archive.tar.gz/member.avro`; the input's own where it is not an archive. */
  readonly name: string;
  /** Its bytes, unpacked as they are read, once. Damage is thrown here and ends this member alone. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many there are, where the archive around it says so. */
  readonly size?: number;
  /** Whether it lies in a tar or zip archive: what it may decode to is paid for by its own bytes, as that of all of them is. */
  readonly inside?: boolean;
  /** The same where they can be entered anywhere: of an input that is neither packed nor a stream. */
  readonly file?: SeekableBytes;
  /** Told of each alert that was read out of it: what one is read from is not counted among what an archive pays for. */
  readonly accept?: () => void;
}

/** What became of one alert, and where it stands. */
export interface ArchivedAlert {
  /** The member's name. */
  readonly file: string;
  /** Its place among the alerts of the member, from 0; absent where the member as a whole cannot be read. */
  readonly index?: number;
  /** The alert, or why it cannot be read. */
  readonly result: SafeResult<Alert>;
}

/** What leaves out of a reading all that comes up to a position. */
export interface Skipping {
  /** For `skip` of `readArchive`: how many alerts of a member are left out. */
  readonly skip: (file: string) => number;
  /** Whether the position was met. */
  readonly isFound: () => boolean;
}
