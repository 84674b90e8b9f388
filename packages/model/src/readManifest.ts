import { BtsbotError, countOf } from "@btsbot/errors";
import { decodeFloat16 } from "./float16.js";
import type { ManifestGroup, Quantization } from "./modelJson.js";
import type { Weight, Weights } from "./types/model.js";

/** Bytes of one value, by how it is stored. */
const STORED: Readonly<Record<string, number>> = { float32: 4, float16: 2, uint8: 1, uint16: 2 };

/** Bytes of one value of the types that tfjs has and that no weight of a network has here. */
const OTHERS: Readonly<Record<string, number>> = { int32: 4, bool: 1 };

/**
 * Reads the weights that a manifest lists, quantised ones too: half precision as it is, whole numbers `q`
 * as `q * scale + min` in double precision, rounded to float32, as tfjs reads them. Counters (int32) are left out.
 *
 * Source: tfjs-core/src/io/io_utils.ts, decodeWeights.
 *
 * @throws BtsbotError `weights-missing` for what a file does not hold, `model-invalid` for a manifest that
 * lists a file twice, and what `read` throws
 *
 * @internal
 */
export async function readManifest(
  manifest: readonly ManifestGroup[],
  read: (file: string) => Promise<Uint8Array>,
): Promise<Weights> {
  const seen = new Set<string>();
  const twice = manifest.flatMap((group) => group.paths).find((path) => seen.size === seen.add(path).size);
  if (twice !== undefined) {
    throw new BtsbotError("model-invalid", "a file of weights is listed twice", { path: "model.json", got: twice });
  }
  const weights = new Map<string, Weight>();
  for (const group of manifest) {
    const bytes = concatenate(await Promise.all(group.paths.map(read)));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let offset = 0;
    for (const { name, shape, dtype, quantization } of group.weights) {
      const stored = quantization?.dtype ?? dtype;
      const length = shape.reduce((product, axis) => product * axis, 1);
      const size = STORED[stored] ?? OTHERS[stored];
      const end = offset + size * length;
      const isWeight = dtype === "float32" && Object.hasOwn(STORED, stored) && isComplete(quantization);
      if (!(end <= bytes.length) || !(isWeight || (dtype in OTHERS && stored === dtype))) {
        throw new BtsbotError("weights-missing", "the weight file does not hold it", {
          path: `${group.paths.join(", ")}: ${name}`,
          expected: isWeight
            ? `${length} ${stored} from byte ${offset}`
            : "float32, or float16, uint8 or uint16 for it",
          got: isWeight
            ? `${countOf(bytes.length, "byte")} in all`
            : stored === dtype
              ? dtype
              : `${stored} for ${dtype}`,
        });
      }
      if (isWeight) weights.set(name, { shape, values: decode(view, offset, length, quantization) });
      offset = end;
    }
  }
  return weights;
}

/** float32 alone stands for itself; whole numbers need a scale and a least value. */
function isComplete(quantization: Quantization | undefined): boolean {
  if (quantization === undefined || quantization.dtype === "float16") return true;
  const { dtype, scale, min } = quantization;
  return dtype !== "float32" && Number.isFinite(scale) && Number.isFinite(min);
}

function decode(view: DataView, start: number, length: number, quantization: Quantization | undefined): Float32Array {
  if (quantization === undefined) return Float32Array.from({ length }, (_, i) => view.getFloat32(start + 4 * i, true));
  const { dtype, scale = 1, min = 0 } = quantization;
  if (dtype === "float16") {
    return decodeFloat16(Uint16Array.from({ length }, (_, i) => view.getUint16(start + 2 * i, true)));
  }
  const at =
    dtype === "uint8" ? (i: number) => view.getUint8(start + i) : (i: number) => view.getUint16(start + 2 * i, true);
  return Float32Array.from({ length }, (_, i) => at(i) * scale + min);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
