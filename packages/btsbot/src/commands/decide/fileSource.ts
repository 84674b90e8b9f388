import { formatPosition } from "@btsbot/archive";
import { gatherBatches } from "@btsbot/core";
import type { Source, SourceBatch, SourceItem } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import type { AlertFile } from "../../inputs/listInputs.js";
import { readAhead } from "../../inputs/readAhead.js";
import { readPlaces } from "../../inputs/scoreInputs.js";
import { createMemberCount } from "./createMemberCount.js";
import { BEGINNING, parsePlace, UNPLACED } from "./filePlace.js";
import type { FilePlace } from "./filePlace.js";

/** Alerts that are judged together: of those that pass a filter, a network's batches are full. */
const BATCH = 256;

/**
 * How files are read as a source.
 *
 * @internal
 */
export interface FileSourceOptions {
  /** Under which name its place is kept; absent where it can only begin anew. */
  readonly name?: string;
  /** Bytes that standard output has, to be kept with a place. */
  readonly written?: () => number | undefined;
  /** Called when a file is opened, or left out since it was read before. */
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

/** An item, and the place behind it. */
interface PlacedItem {
  readonly item: SourceItem;
  readonly place: FilePlace;
}

/**
 * The alerts of files, in batches that go across files. Where it has a name, its cursor is the place behind the last alert of a
 * batch (`FilePlace`), and what is before that is read past: members of archives are not decoded, files not opened.
 *
 * @internal
 */
export function createFileSource(files: readonly AlertFile[], options: FileSourceOptions): Source {
  const { name, maxWaitMs, isAhead = false } = options;
  return {
    name: name ?? UNPLACED,
    async *batches({ after, signal } = {}) {
      const from = after === undefined || name === undefined ? BEGINNING : parsePlace(after);
      const batches = toBatches(
        gatherBatches(readItems(files, from, options), {
          size: BATCH,
          ...(maxWaitMs !== undefined && { maxWaitMs }),
          ...(signal && { signal }),
        }),
        options,
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

async function* toBatches(
  lists: AsyncIterable<PlacedItem[]>,
  { name, written }: FileSourceOptions,
): AsyncGenerator<SourceBatch, void, undefined> {
  for await (const list of lists) {
    const items = list.map(({ item }) => item);
    const { item, place } = list.at(-1)!;
    const said = written?.();
    yield {
      items,
      // Damage ends what it is found in, wherever reading began: behind it there is no place, and a batch later there is.
      ...(name !== undefined &&
        "alert" in item && { cursor: JSON.stringify({ ...place, ...(said !== undefined && { said }) }) }),
    };
  }
}

async function* readItems(
  files: readonly AlertFile[],
  from: FilePlace,
  options: FileSourceOptions,
): AsyncGenerator<PlacedItem, void, undefined> {
  let [number, failed] = [from.file, from.failed];
  for (const { name } of files.slice(0, number)) options.onFile(name);
  for await (const { file, bytes } of readAhead(files.slice(number))) {
    options.onFile(file.name);
    const members = createMemberCount(number === from.file ? from : undefined);
    for await (const item of readPlaces(file, bytes, members.skip)) {
      const place = members.count();
      if ("error" in item) failed += 1;
      if (isOther(item, options)) continue;
      yield { item, place: { file: number, ...place, at: formatPosition(item.file, item.index), failed } };
    }
    if (!members.isFound()) throw elsewhere(from);
    number += 1;
  }
}

function elsewhere({ at }: FilePlace): BtsbotError {
  return new BtsbotError("position-unknown", "the place of an earlier run is not in the inputs", {
    got: at,
    hint: "They have changed since, and kept their sizes and times: touch them, and they are read from the beginning.",
  });
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
