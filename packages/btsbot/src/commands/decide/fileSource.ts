import type { Source, SourceItem } from "@btsbot/decide";
import type { AlertFile } from "../../inputs/listInputs.js";
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
  /** Called for an alert of another source than the one that is asked about. */
  readonly onOther?: (objectId: string) => void;
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
      let items: SourceItem[] = [];
      for (const file of files) {
        options.onFile(file.name);
        for await (const item of readPlaces(file)) {
          if (signal?.aborted === true) return;
          if (isOther(item, options)) continue;
          items.push(item);
          if (items.length < BATCH) continue;
          yield { items };
          items = [];
        }
      }
      if (items.length > 0) yield { items };
    },
  };
}

function isOther(item: SourceItem, { objectId, onOther }: FileSourceOptions): boolean {
  if (objectId === undefined || !("alert" in item) || item.alert.objectId === objectId) return false;
  onOther?.(item.alert.objectId);
  return true;
}
