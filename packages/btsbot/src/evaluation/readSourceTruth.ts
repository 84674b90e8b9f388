import type { SourceTruth } from "@btsbot/evaluate";
import { readTruth as readRows } from "@btsbot/tables";

/**
 * Reads what is known of sources, as `btsbot train` does; every source needs a label.
 *
 * @param path - the file; `-` is standard input
 * @param stdin - standard input
 * @throws BtsbotError `file-unreadable`; `table-invalid` and `label-invalid`, which name line, column, what was expected and what is there
 *
 * @internal
 */
export async function readSourceTruth(path: string, stdin: AsyncIterable<Uint8Array>): Promise<SourceTruth[]> {
  const rows = await readRows(path, { needsLabel: true, ...(path === "-" && { chunks: stdin }) });
  return rows.map(({ label, className, ...truth }) => ({
    ...truth,
    label: label!,
    ...(className !== null && { classification: className }),
  }));
}
