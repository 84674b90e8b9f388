/** CRC-32C's polynomial, bits reversed (Castagnoli et al. 1993; RFC 3720, appendix B.4). */
const POLYNOMIAL = 0x82f63b78;

/** Added to a rotated checksum by LevelDB and TensorFlow, since a checksum over data that hold checksums is weak. */
const MASK_DELTA = 0xa282ead8;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

/**
 * The masked CRC-32C by which TensorFlow's checkpoints guard their blocks and tensors: the checksum,
 * rotated right by 15 bits, plus a constant.
 *
 * Source: tensorflow/tsl/lib/hash/crc32c.h.
 *
 * @internal
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
