import type { PacketFields } from "../surveys/Survey.js";

/**
 * The form that a broker gives a survey's packets: what to undo before they are read. `BOOM` and `FINK` are two, and
 * one of yours is another: give it as `forms`. Each form is asked about every document, and leaves alone what is not
 * its own: a document may have gone through several hands.
 *
 * How values are written (64-bit integers, bytes, NaN) is no part of a form: MongoDB's Extended JSON, what its driver
 * makes of it, digits and base64 are read everywhere.
 */
export interface BrokerForm {
  /** Whose form it is, such as `"boom"`. */
  readonly name: string;
  /** Another field at the top that holds the alert's id, looked at where `candid` is in neither of its places. */
  readonly candid?: string;
  /** More lists at the top, and the list of the packet that the entries of each belong to. */
  readonly lists?: Readonly<Record<string, string>>;
  /**
   * Makes of a stamp that is not in bytes the file that it was; undefined if the value is not of this form.
   *
   * @param value - what stands in the place of a stamp, or of its bytes
   */
  readonly readStamp?: (value: unknown) => Uint8Array | undefined;
  /**
   * Whatever else: makes of a document a packet with the survey's nesting and names. A document that is not of this
   * form comes back itself.
   */
  readonly toPacket?: (document: PacketFields) => PacketFields;
}
