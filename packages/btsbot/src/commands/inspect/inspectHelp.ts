/**
 * What stands below the options of `btsbot inspect`.
 *
 * @internal
 */
export const INSPECT_HELP = `
Examples:
  $ btsbot inspect packet.avro
  $ btsbot inspect packet.avro --png stamps.png
  $ btsbot inspect night.avro --index 12
  $ btsbot inspect night.tar.gz/1127495406315015004.avro
  $ btsbot inspect packet.avro --format json | jq .features.values.age`;
