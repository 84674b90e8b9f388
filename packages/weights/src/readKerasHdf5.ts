import { BtsbotError } from "@btsbot/errors";
import type { Bytes, Platform } from "@btsbot/errors";
import { askHdf5 } from "./askHdf5.js";
import { fileBytes } from "./fileBytes.js";
import { isZip } from "./readZip.js";
import { parseKerasJson } from "./parseKerasJson.js";
import type { KerasModel } from "./types.js";

/**
 * Reads a Keras HDF5 file as `model.save` of Keras 2 and 3 writes it: the network's configuration from the
 * attribute `model_config`, the weights from `model_weights`, float32 or float64 (rounded to float32) in
 * either order of bytes. The optimizer's state is left out.
 *
 * The HDF5 library runs in a thread of its own that ends with the file: what it prints, keeps, or breaks
 * on a damaged file stays there. A file may unpack to 4 MB and four times its length.
 *
 * @param input - the file
 * @param file - its name, for messages
 * @returns the Keras configuration, the weights by `layer/weight`, and which Keras wrote them
 * @throws BtsbotError `hdf5-invalid` if it is not such a file, damaged or cut short, or holds weights alone; a
 * plain `Error` if the thread or the HDF5 library cannot start, whatever the file
 *
 * Source: keras/saving/hdf5_format.py (Keras 2.2 to 2.13), keras/src/legacy/saving/legacy_h5_format.py (3).
 *
 * @example
 * ```ts
 * import { readKerasHdf5 } from "@btsbot/weights";
 *
 * await readKerasHdf5(new Uint8Array(100), "mine.h5").catch(({ code, path }) => `${code} ${path}`); // => "hdf5-invalid mine.h5"
 * ```
 */
export async function readKerasHdf5(input: Bytes | Platform<"Blob">, file = "HDF5 file"): Promise<KerasModel> {
  const bytes = await fileBytes(input, file);
  if (isZip(bytes)) {
    const hint = "A .keras file is one: read it with importKeras.";
    throw new BtsbotError("hdf5-invalid", "a zip archive, not an HDF5 file", { path: file, hint });
  }
  const answer = await askHdf5(bytes, file, "model");
  // The thread answers what it was asked for.
  if (!("config" in answer))
    throw new BtsbotError("hdf5-invalid", "the file does not hold the network", { path: file });
  return {
    kerasConfig: parseKerasJson(answer.config, `${file}: model_config`, "hdf5-invalid"),
    weights: new Map(answer.weights),
    ...(answer.version !== undefined && { writtenBy: `Keras ${answer.version.slice(0, 40)}` }),
  };
}
