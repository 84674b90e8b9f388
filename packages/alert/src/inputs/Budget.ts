import { BtsbotError } from "@btsbot/errors";
import type { Unpackable } from "../avro/blockCodec.js";
import type { InputBounds } from "./readLimits.js";

/**
 * Values that each byte of the input pays for: the survey's packets have one value in ten bytes, and 1.5 in a byte
 * where they come without stamps and packed.
 */
const VALUES_A_BYTE = 8;

/** Unpacked bytes that each packed one pays for: real packets without their stamps unpack to 4 times their size. */
const UNPACKED_A_BYTE = 16;

/** What a record costs beside its values: an alert is made of it. */
const RECORD_VALUES = 100;

/** What a record that is refused costs, in values: an error is made of it, with its stack. */
const REFUSED_VALUES = 500;
/** What each of its problems costs, in values. */
const PROBLEM_VALUES = 20;

/**
 * What an input may still decode to. One record may hold as many values as the limit says; all of them
 * together as many, and some more for each byte that was read: a few bytes never become millions of
 * values, however they are packed, and a long input is read to its end.
 *
 * Each member of an archive is an input, with a budget of its own: a night of a million packets is read to its end. The
 * archive gives a short member limits in proportion to its length.
 */
export class Budget {
  private values: number;
  private unpacked: number;

  constructor(readonly bounds: InputBounds) {
    this.values = bounds.values;
    this.unpacked = bounds.bytes / 8;
  }

  /** Values that the next record may hold. */
  get valuesLeft(): number {
    return Math.min(this.values, this.bounds.values);
  }

  /** Whether the records were too many for the input's length. */
  get isSpent(): boolean {
    return this.values < 0;
  }

  /** Counts bytes of the input that were read. */
  earn(bytes: number): void {
    this.values += VALUES_A_BYTE * bytes;
  }

  /** Counts the values of a record that was decoded. */
  spend(values: number): void {
    this.values -= values + RECORD_VALUES;
  }

  /**
   * The most bytes that so many packed ones may unpack to, and the limit to raise for more: those of a block, and those
   * of its beginning, so that a bomb is seen when it has begun to go off.
   */
  unpackable(packed: number): Unpackable {
    const bytes = Math.floor(this.unpacked + UNPACKED_A_BYTE * packed);
    const { maxBlockBytes } = this.bounds;
    return bytes < maxBlockBytes ? { bytes, limit: "limits.bytes" } : { bytes: maxBlockBytes, limit: "maxBlockBytes" };
  }

  /** Counts a block that was unpacked. */
  unpack(packed: number, plain: number): void {
    this.unpacked += UNPACKED_A_BYTE * packed - plain;
  }

  /** Counts a record that is not an alert; what to say if those of the input are too many for its length. */
  refuse({ problems }: BtsbotError): BtsbotError | undefined {
    this.values -= REFUSED_VALUES + PROBLEM_VALUES * problems.length;
    return this.complaint();
  }

  /** Counts bytes that held no record at all; what to say if those of the input are too many for its length. */
  skip(bytes: number): BtsbotError | undefined {
    this.earn(bytes);
    this.spend(0);
    return this.complaint();
  }

  private complaint(): BtsbotError | undefined {
    if (this.values >= 0) return undefined;
    return new BtsbotError("limit-exceeded", "too many records in so short an input are not alerts", {
      expected: "alerts",
      hint: "Raise `limits.values` if the rest of the input matters.",
    });
  }
}
