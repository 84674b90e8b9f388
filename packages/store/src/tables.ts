import type { ColumnType } from "kysely";

/** A 64-bit integer: exact in and out. */
type Long = ColumnType<bigint, bigint | number, bigint | number>;

/**
 * The tables as queries see them. Ids are 64-bit integers, dates Julian dates in days UTC, what is text of JSON says so;
 * null stands for what is absent.
 */
export interface Tables {
  /** By what the state was made, the version of the tables, and such. */
  meta: { key: string; value: string };
  /** A source: where its latest alert is, and what a decider has seen of it. */
  sources: {
    object_id: string;
    /** 1 where a decider has a state of it. */
    stepped: Long;
    /** The latest alert that the decider saw. */
    latest_jd: number | null;
    latest_candid: Long | null;
    latest_ra: number | null;
    latest_dec: number | null;
    /** Dates of the first and the last alert that was kept. */
    first_seen: number | null;
    last_seen: number | null;
  };
  /** Rules in words, which states repeat: once each. */
  rules: { id: Long; policy: string; rule: string };
  /** What a policy remembers of a source: the matches, as JSON. */
  states: { object_id: string; policy: string; rule: Long; matches: string };
  /** Of sources that wait for a decision, the state on which was decided last, as JSON. */
  decided: { object_id: string; state: string };
  /** Points of light curves that have an alert's id. */
  detections: Photometry & { candid: Long };
  /** Points without one: upper limits, and detections of which nobody gives the id. */
  limits: Photometry & { detected: Long };
  /** Alerts that passed. */
  alerts: { object_id: string; candid: Long; jd: number | null };
  /** By what scores were made, as JSON: once each. */
  provenances: { id: Long; body: string };
  /** What a model says of an alert: a score, or what it says instead, as JSON. */
  scores: {
    object_id: string;
    candid: Long;
    provenance: Long;
    score: number | null;
    flags: string | null;
    /** The light curve that the features were made of, as JSON; null where it is the packet's own. */
    history: string | null;
    /** Reasons of an alert without a score, or the probabilities of classes. */
    detail: string | null;
  };
  /** Stamps as the packet has them, where they are wanted. */
  stamps: { object_id: string; candid: Long; kind: string; bytes: Uint8Array };
  /** What is, or was, to be handed over. */
  outbox: {
    number: Long;
    kind: string;
    key: string;
    object_id: string;
    /** JSON. */
    body: string;
    state: "pending" | "done" | "refused";
    attempts: Long;
    /** JSON. */
    answer: string | null;
    reason: string | null;
  };
  /** How far sources of alerts were read. */
  cursors: { source: string; value: string };
  /** The last claim of each source of alerts that was claimed: a number that only grows. */
  claims: { source: string; claim: Long };
  /** Who hands over entries of a kind; null where the last who did has given that back. */
  leases: { kind: string; holder: string | null };
  /** What people say of sources. */
  labels: { object_id: string; labeller: string; label: string; jd: number; note: string | null };
}

/** By which columns rows of those tables are told apart into which rows of one key may come together. */
export const KEYS: { readonly [Name in keyof Tables]?: readonly (keyof Tables[Name] & string)[] } = {
  detections: ["object_id", "candid"],
  limits: ["object_id", "jd", "fid", "detected"],
  alerts: ["object_id", "candid"],
  scores: ["object_id", "candid", "provenance"],
  stamps: ["object_id", "candid", "kind"],
  cursors: ["source"],
  decided: ["object_id"],
};

/** A point of a light curve. */
interface Photometry {
  object_id: string;
  jd: number;
  fid: Long;
  magpsf: number | null;
  sigmapsf: number | null;
  diffmaglim: number | null;
  /** JSON: surveys and brokers write letters, digits and booleans. */
  isdiffpos: string | null;
  programid: Long | null;
}
