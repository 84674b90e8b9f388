import { basename } from "node:path";
import { BtsbotError, countOf } from "@btsbot/errors";
import { alerceImageClassifier, alerceStampClassifier } from "@btsbot/model";
import type { KerasImport, Model, ModelSource } from "@btsbot/model";
import { importAlerceCheckpoint } from "./importAlerceCheckpoint.js";
import { importKerasHdf5 } from "./importKerasHdf5.js";
import { importSavedModel } from "./importSavedModel.js";
import type { PublishedFormat, PublishedModel } from "./types.js";
import { unpackArchive } from "./unpackArchive.js";

/** What an importer of a format is given. */
interface Published {
  /** The bytes of the model's files, in the registry's order. */
  readonly files: readonly Uint8Array[];
  /** The files' names, for messages. */
  readonly names: readonly string[];
  readonly details: KerasImport;
  readonly source: ModelSource;
}

/** What reads each format. */
const IMPORTERS: Readonly<Record<PublishedFormat, (published: Published) => Promise<Model>>> = {
  "keras-savedmodel": ({ files, details, source }) => importSavedModel(unpackArchive(files[0]), details, source),
  "alerce-checkpoint": ({ files: [index, data, statistics], names, details: { name, version, profile }, source }) => {
    const checkpoint = names[0].replace(/\.index$/, "");
    return profile === undefined
      ? importAlerceCheckpoint(
          { index, shards: [data], names: { checkpoint } },
          alerceImageClassifier(name, version),
          source,
        )
      : importAlerceCheckpoint(
          { index, shards: [data], statistics, names: { checkpoint, statistics: names[2] } },
          alerceStampClassifier({ name, version }),
          source,
        );
  },
  "keras-hdf5": ({ files, names, details, source }) =>
    importKerasHdf5(files[0], { ...details, file: names[0] }, source),
};

/**
 * Makes a model of the bytes of a published model's files, by the model's format. Checksums are not
 * looked at: `pullModel` does so before it converts.
 *
 * @param published - the model's entry in the registry
 * @param files - the bytes of its files, in the entry's order
 * @returns the network with its weights, and where they come from
 * @throws BtsbotError `model-invalid` for another number of files; `archive-invalid` and as
 * `importSavedModel`, `importKerasHdf5` or `importAlerceCheckpoint`, for files that cannot be read
 *
 * @example
 * ```ts
 * import { findPublished, importPublished } from "@btsbot/weights";
 *
 * const bytes = new Uint8Array(100);
 * await importPublished(findPublished("braai_d6_m9"), [bytes]).catch(({ code }) => code); // => "hdf5-invalid"
 * ```
 */
export async function importPublished(published: PublishedModel, files: readonly Uint8Array[]): Promise<Model> {
  const { name, version, profile, format } = published;
  const names = published.files.map(({ mirrorPath }) => basename(mirrorPath));
  if (files.length !== names.length) {
    throw new BtsbotError("model-invalid", "not the files of this model", {
      path: name,
      expected: names.join(", "),
      got: countOf(files.length, "file"),
    });
  }
  const details = { name, version, ...(profile !== undefined && { profile }) };
  return IMPORTERS[format]({ files, names, details, source: sourceOf(published) });
}

function sourceOf({ files, license, citation, doi }: PublishedModel): ModelSource {
  const from = files.map(({ url, sha256 }) => ({ ...(url !== undefined && { url }), sha256 }));
  return { ...(from.length === 1 ? from[0] : { files: from }), license, citation: `${citation}, doi:${doi}` };
}
