import type { Alert } from "@btsbot/alert";

/**
 * What an alert has under the name by which conditions of filters and policies speak of it: a field of its detection
 * (`magpsf`), or, with a dot, of another record of the packet (`diaObject.nDiaSources`, `ssSource.eclLambda` of Rubin's).
 *
 * @param alert - the alert
 * @param name - the field's name
 * @returns the value as the packet has it; undefined where there is no such field, or no such record
 *
 * @example
 * ```ts
 * import { readAlertValue } from "@btsbot/policy";
 *
 * const alert = {
 *   objectId: "1",
 *   candid: 1n,
 *   candidate: { jd: 2461000.5, fid: 12, reliability: 0.9 },
 *   extra: { diaObject: { nDiaSources: 3 } },
 * };
 * readAlertValue(alert, "reliability"); // => 0.9
 * readAlertValue(alert, "diaObject.nDiaSources"); // => 3
 * ```
 */
export function readAlertValue({ candidate, extra }: Alert, name: string): unknown {
  if (Object.hasOwn(candidate, name)) return candidate[name];
  const dot = name.indexOf(".");
  if (dot < 0) return undefined;
  const record = ownOf(extra, name.slice(0, dot));
  return ownOf(record, name.slice(dot + 1));
}

function ownOf(record: unknown, name: string): unknown {
  return typeof record === "object" && record !== null && Object.hasOwn(record, name)
    ? (record as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
