import { BROKER_FORMS, LSST, SURVEYS } from "@btsbot/alert";
import type { BrokerForm, ReadOptions, Survey } from "@btsbot/alert";

/** Surveys that a worker knows as well. */
const KNOWN_SURVEYS: readonly Survey[] = [...SURVEYS, LSST];

/**
 * How packets are read, on its way to a worker: functions cannot be sent, and the forms and surveys that are known here
 * are sent by name.
 *
 * @internal
 */
export interface SentReading {
  readonly read: Omit<ReadOptions, "forms" | "surveys">;
  readonly forms?: readonly string[];
  readonly surveys?: readonly string[];
}

/**
 * Makes what can be sent; undefined where it cannot be: a form or a survey of your own, a schema registry's function.
 *
 * @internal
 */
export function packReading({ forms, surveys, ...read }: ReadOptions): SentReading | undefined {
  if (!areKnown(forms, BROKER_FORMS) || !areKnown(surveys, KNOWN_SURVEYS)) return undefined;
  try {
    structuredClone(read);
  } catch {
    return undefined;
  }
  return { read, ...(forms && { forms: namesOf(forms) }), ...(surveys && { surveys: namesOf(surveys) }) };
}

/**
 * Makes the options again.
 *
 * @internal
 */
export function unpackReading({ read, forms, surveys }: SentReading): ReadOptions {
  return {
    ...read,
    ...(forms && { forms: find<BrokerForm>(forms, BROKER_FORMS) }),
    ...(surveys && { surveys: find(surveys, KNOWN_SURVEYS) }),
  };
}

/** What JavaScript gives may be no list. */
function areKnown<T>(given: readonly T[] | undefined, known: readonly T[]): boolean {
  return given === undefined || (Array.isArray(given) && given.every((each: T) => known.includes(each)));
}

function namesOf(known: readonly { readonly name: string }[]): string[] {
  return known.map(({ name }) => name);
}

function find<T extends { readonly name: string }>(names: readonly string[], known: readonly T[]): T[] {
  return known.filter(({ name }) => names.includes(name)).sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}
