/** Confluent's wire format: a zero byte and the schema's id, four bytes, big-endian; then the datum. */
const FRAME_BYTES = 5;

/**
 * The id in a message's frame; undefined where it has none.
 *
 * @internal
 */
export function readFrameId(value: Uint8Array | null): number | undefined {
  if (value === null || value.length < FRAME_BYTES || value[0] !== 0) return undefined;
  return new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(1);
}

/**
 * A datum in a frame.
 *
 * @internal
 */
export function writeFrame(id: number, datum: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_BYTES + datum.length);
  new DataView(bytes.buffer).setUint32(1, id);
  bytes.set(datum, FRAME_BYTES);
  return bytes;
}
