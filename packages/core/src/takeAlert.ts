import { parseAlert } from "@btsbot/alert";
import type { Alert, ReadOptions } from "@btsbot/alert";
import { BtsbotError, nameKind, readBytes } from "@btsbot/errors";
import type { Problem } from "@btsbot/errors";
import type { AlertInput } from "./types.js";

/**
 * What a scorer is given, with its bytes at hand.
 *
 * @throws BtsbotError as `readBytes`
 *
 * @internal
 */
export async function readInput(input: AlertInput): Promise<Uint8Array | Alert> {
  return (await readBytes(input)) ?? (input as Alert);
}

/**
 * The one alert that an input is or holds.
 *
 * @internal
 */
export function takeAlert(input: Uint8Array | Alert, options: ReadOptions | undefined): Alert {
  return input instanceof Uint8Array ? parseAlert(input, options) : checkAlert(input);
}

/**
 * Refuses what is not an alert at all, and one whose frame is of other types than an alert's, whatever the types say: callers in
 * JavaScript make their own. Other fields may be anything: a feature or a stamp that cannot be used gets its reason.
 *
 * @throws BtsbotError `input-invalid` for what is not an alert; `alert-invalid` for fields of the wrong type, all at once
 *
 * @internal
 */
export function checkAlert(input: Alert): Alert {
  if (typeof input?.candidate !== "object" || input.candidate === null || typeof input.candid !== "bigint")
    throw new BtsbotError("input-invalid", "this cannot be scored", {
      expected:
        "the bytes of a packet (a Uint8Array, DataView, ArrayBuffer or Blob), or an Alert (see toAlert of @btsbot/alert)",
      got: nameKind(input),
    });
  const problems = findProblems(input);
  if (problems.length > 0) throw new BtsbotError(problems);
  return input;
}

function findProblems(alert: Alert): Problem[] {
  const problems: Problem[] = [];
  const check = (path: string, value: unknown, isRight: boolean, expected: string): void => {
    if (!isRight)
      problems.push(
        BtsbotError.problem("alert-invalid", "the field is of the wrong type", {
          path,
          expected,
          got: nameKind(value),
        }),
      );
  };
  const checkPoint = (path: string, { jd, fid }: { readonly jd: unknown; readonly fid: unknown }): void => {
    check(`${path}.jd`, jd, typeof jd === "number", "a number");
    check(`${path}.fid`, fid, typeof fid === "number", "a number");
  };
  check("objectId", alert.objectId, typeof alert.objectId === "string", "a string");
  checkPoint("candidate", alert.candidate);
  for (const name of ["prv_candidates", "fp_hists"] as const) {
    const list: unknown = alert[name] ?? [];
    if (!Array.isArray(list)) check(name, list, false, "a list, or null");
    else
      list.forEach((point: unknown, index) => {
        const path = `${name}[${index}]`;
        if (typeof point !== "object" || point === null) check(path, point, false, "an object");
        else checkPoint(path, point as { readonly jd: unknown; readonly fid: unknown });
      });
  }
  return problems;
}
