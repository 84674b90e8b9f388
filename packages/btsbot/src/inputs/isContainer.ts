/** The first bytes of an Avro container (Avro 1.11, Object Container Files). */
const AVRO_MAGIC: readonly number[] = [0x4f, 0x62, 0x6a, 0x01];

/**
 * Whether bytes begin as an Avro container does, plain and not packed.
 *
 * @internal
 */
export function isContainer(bytes: Uint8Array): boolean {
  return AVRO_MAGIC.every((byte, place) => bytes[place] === byte);
}
