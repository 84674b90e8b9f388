import type { JudgedItem, OutboxEntry, SourceFailure } from "@btsbot/decide";
import { checkArgument } from "@btsbot/errors";
import { toEnriched } from "./toEnriched.js";

/** An input that could not be read or judged, as it waits in the outbox. */
export interface FailureBody {
  /** Topic and partition, or the file. */
  readonly place: string;
  /** Its offset, or which alert of the file; null where the whole cannot be read. */
  readonly index: number | null;
  /** The code of what is wrong, from the registry. */
  readonly code: string;
  /** What is wrong, for people. */
  readonly message: string;
  /** The input, base64; null where it is not at hand. */
  readonly bytes: string | null;
}

/**
 * What a stream announces of a batch: `RunOptions.announce` of `@btsbot/decide`. Each alert that passed, with its score
 * or why there is none, once by its source and id; each input that could not be read or judged, once by its place.
 *
 * @param judged - the batch
 * @returns entries of the kinds `alert` and `failure`
 *
 * @example
 * ```ts
 * import { announceAlerts } from "@btsbot/stream";
 *
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1 } };
 * announceAlerts([{ file: "t/0", index: 7, alert }]).map(({ kind, key }) => [kind, key]); // => [["alert","ZTF20aajcdad/1"]]
 * ```
 */
export function announceAlerts(judged: readonly JudgedItem[]): OutboxEntry[] {
  checkArgument("announceAlerts", "judged", judged, "list");
  return judged.flatMap((item): OutboxEntry[] => {
    if ("error" in item) return [toFailure(item)];
    if (item.filtered?.pass === false) return [];
    const { objectId, candid } = item.alert;
    return [{ kind: "alert", key: `${objectId}/${candid}`, objectId, body: toEnriched(item) as never }];
  });
}

function toFailure({ file, index, error, bytes }: SourceFailure): OutboxEntry {
  const body: FailureBody = {
    place: file,
    index: index ?? null,
    code: error.code,
    message: error.message,
    bytes: bytes === undefined ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
  };
  return { kind: "failure", key: `${file}/${index ?? ""}`, objectId: "", body: body as never };
}
