import { ByteWindow } from "./avro/ByteWindow.js";
import { readHead } from "./avro/readContainer.js";
import { toBounds } from "./inputs/readLimits.js";
import { sniff } from "./inputs/sniff.js";
import { toInput } from "./inputs/toInput.js";
import { BtsbotError } from "@btsbot/errors";
import type { Bytes } from "@btsbot/errors";

/**
 * Returns the schema that an Avro container was written with, so that what was read can be written
 * again the same.
 *
 * @param bytes - the file, or its beginning as far as the first block
 * @returns the schema's JSON text, as it stands in the file
 * @throws BtsbotError `input-empty`; `input-invalid` if it is not bytes; `limit-exceeded` for a schema of more than 256 KiB; `input-unrecognized` if the bytes are not a container; `avro-truncated`,
 * `avro-length-invalid`, `avro-codec-unknown`, `avro-schema-invalid` if its head is damaged
 *
 * @example
 * ```ts
 * import { encodeAlerts, schemaOf, ZTF_SCHEMA } from "@btsbot/alert";
 *
 * const bytes = encodeAlerts([{ objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881.0, fid: 1 } }]);
 * schemaOf(bytes) === JSON.stringify(ZTF_SCHEMA); // => true
 * ```
 */
export function schemaOf(bytes: Bytes): string {
  const input = toInput(bytes);
  if (sniff(input) !== "avro") {
    throw new BtsbotError("input-unrecognized", "only an Avro container carries its schema", {
      path: "byte 0",
      expected: "Obj 0x01",
    });
  }
  const step = readHead(new ByteWindow(input), toBounds({})).next();
  // A window over a whole input never asks for more, so that the first step is the last.
  return (step.value as { readonly schema: string }).schema;
}
