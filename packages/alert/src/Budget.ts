import { BtsbotError } from "@btsbot/errors";
import type { Bounds } from "./readLimits.js";

/** Values that each byte of the input pays for: the survey's packets have one value in ten bytes. */
const VALUES_A_BYTE = 4;

/** Unpacked bytes that each packed one pays for: packets without stamps unpack to some 10 times their size. */
const UNPACKED_A_BYTE = 32;

/** What a record that is refused costs, in values: an error is made of it, with its stack. */
const REFUSED_VALUES = 250;
/** What each of its problems costs, in values. */
const PROBLEM_VALUES = 20;

/**
 * What an input may still decode to. One record may hold as many values as the limit says; all of them
 * together as many, and some more for each byte that was read: a few bytes never become millions of
 * values, however they are packed, and a long input is read to its end.
 */
export class Budget {
  private values: number;
  private unpacked: number;

  constructor(readonly bounds: Bounds) {
    this.values = bounds.values;
    this.unpacked = bounds.maxBlockBytes;
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

  /** Counts values of a record that was decoded. */
  spend(values: number): void {
    this.values -= values;
  }

  /** The most bytes that a packed block may unpack to. */
  unpackable(packed: number): number {
    return Math.min(this.bounds.maxBlockBytes, this.unpacked + UNPACKED_A_BYTE * packed);
  }

  /** Counts a block that was unpacked. */
  unpack(packed: number, plain: number): void {
    this.unpacked += UNPACKED_A_BYTE * packed - plain;
  }

  /** Counts a record that is no alert; what to say if those of the input are too many for its length. */
  refuse({ problems }: BtsbotError): BtsbotError | undefined {
    this.values -= REFUSED_VALUES + PROBLEM_VALUES * problems.length;
    if (this.values >= 0) return undefined;
    return new BtsbotError("limit-exceeded", "too many records of so short an input are not alerts", {
      expected: "alerts",
      hint: "Raise `limits.values` if the rest of the input matters.",
    });
  }
}
