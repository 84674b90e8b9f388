import type { Source, SourceBatch, SourceItem } from "@btsbot/decide";
import { BtsbotError, checkArgument, checkOptions } from "@btsbot/errors";
import { formatPosition } from "./formatPosition.js";
import { readArchive } from "./readArchive.js";
import { skipUntil } from "./skipUntil.js";
import { SOURCE_OPTIONS } from "./types.js";
import type { ArchivedAlert, ArchiveInput, ArchiveSourceOptions } from "./types.js";

/** Alerts of a batch. */
const BATCH = 256;

/**
 * A source of alerts, as `runDecisions` reads one, out of files, streams and bytes, packed or not, one behind the other. Its cursor
 * is the position of a batch's last alert, from which another run goes on: what is before it is not read, or read past
 * where it is packed and cannot be entered.
 *
 * @param inputs - what is read, in order: `File`s, or names with bytes, a stream, or what opens one
 * @param options - those of `readArchive`; the source's name, `archive` by default; alerts of a batch, 256 by default
 * @returns the source; its `batches` throws `position-unknown`, at the end, for a cursor that is not in the inputs
 *
 * @example
 * ```ts
 * import { encodeAlerts } from "@btsbot/alert";
 * import { createArchiveSource } from "@btsbot/archive";
 *
 * const night = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * const source = createArchiveSource([{ name: "night.avro", bytes: night }]);
 * for await (const { items, cursor } of source.batches()) {
 *   items.length; // => 1
 *   cursor; // => "night.avro#0"
 * }
 * ```
 */
export function createArchiveSource(inputs: Iterable<ArchiveInput>, options: ArchiveSourceOptions = {}): Source {
  checkOptions("createArchiveSource", options, SOURCE_OPTIONS);
  checkArgument("createArchiveSource", "inputs", inputs, "iterable");
  const { name = "archive", batchSize = BATCH, ...reading } = options;
  return {
    name,
    async *batches({ after, signal } = {}) {
      const begin = after === undefined ? undefined : skipUntil(after);
      let batch: SourceItem[] = [];
      for await (const each of readInputs(inputs, { ...reading, ...(begin && { skip: begin.skip }) })) {
        batch.push(toItem(each));
        if (batch.length < batchSize) continue;
        yield toBatch(batch);
        batch = [];
        if (signal?.aborted === true) return;
      }
      if (begin?.isFound() === false)
        throw new BtsbotError("position-unknown", "the position to go on from is not in the inputs", {
          got: after!,
          hint: "Give the inputs that were read before.",
        });
      if (batch.length > 0) yield toBatch(batch);
    },
  };
}

async function* readInputs(
  inputs: Iterable<ArchiveInput>,
  options: Parameters<typeof readArchive>[1],
): AsyncGenerator<ArchivedAlert, void, void> {
  for (const input of inputs) {
    const { name } = input;
    const bytes = input instanceof Blob ? input : input.bytes;
    yield* readArchive(typeof bytes === "function" ? await bytes() : bytes, { ...options, name });
  }
}

function toItem({ file, index, result }: ArchivedAlert): SourceItem {
  const place = { file, ...(index !== undefined && { index }) };
  return result.success ? { ...place, alert: result.data } : { ...place, error: result.error };
}

function toBatch(items: readonly SourceItem[]): SourceBatch {
  const { file, index } = items.at(-1)!;
  return { items, cursor: formatPosition(file, index) };
}
