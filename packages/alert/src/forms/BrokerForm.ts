import type { PacketFields } from "../surveys/Survey.js";

/**
 * The form that a broker gives a survey's packets: what to undo before they are read. `BOOM` and `FINK` are two, and
 * one of yours is another: give it as `forms`. Each form is asked about every document, and leaves alone what is not
 * its own: a document may have gone through several hands.
 *
 * How values are written (64-bit integers, bytes, NaN) is not part of a form: MongoDB's Extended JSON, what its driver
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
   * The documents that one holds, such as those of an answer; undefined if the document is not of this form. What it
   * gives is asked about again, so that an answer within an answer is opened. Of an answer that begins with plain values and
   * a list, it is asked with that list empty first: if it gives this very list, the documents are read one by one, each
   * within the limits of one.
   */
  readonly open?: (document: PacketFields) => readonly unknown[] | undefined;
  /**
   * Whatever else: makes of a document a packet with the survey's nesting and names. A document that is not of this
   * form comes back itself.
   */
  readonly toPacket?: (document: PacketFields) => PacketFields;
  /**
   * The part of a light curve that a document holds which is not an alert; undefined if the document is not of this
   * form. Such a document is refused where an alert is asked for, and `parseLightCurve` reads it.
   */
  readonly readCurve?: (document: PacketFields) => CurvePart | undefined;
}

/** A part of a light curve, in a document that is not an alert. */
export interface CurvePart {
  /** What the document is, such as `"detections of ALeRCE's API"`. */
  readonly what: string;
  /** What it lacks that scoring needs, and where that is to be had: a sentence. */
  readonly lacks: string;
  /** The source's name, where the document has it. */
  readonly objectId?: string;
  /**
   * Its points with the names of a packet, `jd` or `mjd`, `fid`, `magpsf` and the others of a `StoredPoint`; none where it
   * has no light curve. What is not a point is left out.
   */
  readonly points: readonly unknown[];
}
