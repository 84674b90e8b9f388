import { gatherBatches } from "@btsbot/core";
import type { Source, SourceBatch, SourceItem } from "@btsbot/decide";
import type { AlertFile } from "../../inputs/listInputs.js";
import { readAhead } from "../../inputs/readAhead.js";
import { readPlaces } from "../../inputs/scoreInputs.js";

/** Alerts that are judged together: of those that pass a filter, a network's batches are full. */
const BATCH = 256;

/**
 * How files are read as a source.
 *
 * @internal
 */
export interface FileSourceOptions {
  /** Called when a file is opened. */
  readonly onFile: (file: string) => void;
  /** The source that is asked about; absent for all. */
  readonly objectId?: string;
  /** Called for an alert of any source but the one that is asked about. */
  readonly onOther?: (objectId: string) => void;
  /** The longest that an alert waits for others to be judged with, ms; absent for no end to it. */
  readonly maxWaitMs?: number;
  /** Whether the next batch is read while one is judged, by other threads. */
  readonly isAhead?: boolean;
}

/**
 * The alerts of files, in batches that go across files. There is nothing to go on from: a run reads all of them.
 *
 * @internal
 */
export function createFileSource(files: Iterable<AlertFile>, options: FileSourceOptions): Source {
  return {
    name: "files",
    async *batches({ signal } = {}) {
      const { maxWaitMs, isAhead = false } = options;
      const batches = toBatches(
        gatherBatches(readItems(files, options), {
          size: BATCH,
          ...(maxWaitMs !== undefined && { maxWaitMs }),
          ...(signal && { signal }),
        }),
      );
      try {
        yield* isAhead ? oneAhead(batches) : batches;
      } catch (error) {
        // A source that is told to end just ends; who told it knows.
        if (signal?.aborted !== true || error !== signal.reason) throw error;
      }
    },
  };
}

async function* toBatches(lists: AsyncIterable<SourceItem[]>): AsyncGenerator<SourceBatch, void, undefined> {
  for await (const items of lists) yield { items };
}

async function* readItems(
  files: Iterable<AlertFile>,
  options: FileSourceOptions,
): AsyncGenerator<SourceItem, void, undefined> {
  for await (const { file, bytes } of readAhead(files)) {
    options.onFile(file.name);
    for await (const item of readPlaces(file, bytes)) if (!isOther(item, options)) yield item;
  }
}

/** Asks for the next item while one is at work. */
async function* oneAhead<T>(items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  let next = items.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = items.next();
      // Its turn comes later: until then a failure is not yet anybody's.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    // Not waited for: what is still to come may never do so.
    items.return().catch(() => undefined);
  }
}

function isOther(item: SourceItem, { objectId, onOther }: FileSourceOptions): boolean {
  if (objectId === undefined || !("alert" in item) || item.alert.objectId === objectId) return false;
  onOther?.(item.alert.objectId);
  return true;
}
