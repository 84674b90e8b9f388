import { setTimeout } from "node:timers/promises";
import { readAlerts } from "@btsbot/alert";
import type { Alert, AvroSchema, ReadOptions } from "@btsbot/alert";
import type { SourceItem } from "@btsbot/decide";
import { BtsbotError } from "@btsbot/errors";
import { createBackoff } from "./createBackoff.js";
import type { KafkaSourceOptions } from "./kafkaSourceOptions.js";
import { readFrameId, writeFrame } from "./confluentFrame.js";
import type { KafkaMessage, Signal } from "./types.js";

/** The survey's public programme (ZTF: 1 public, 2 partnership, 3 Caltech). */
export const PUBLIC: readonly number[] = [1];

/**
 * Reads messages as alerts: containers, framed messages, JSON, bare datums.
 *
 * @returns items of a batch; undefined where the signal ended the wait for a schema
 *
 * @internal
 */
export function createMessageReader(options: KafkaSourceOptions) {
  const { registry, datum, read = {}, programs = PUBLIC, onNotice, onWithheld } = options;
  const schemas = new Map<number, AvroSchema | undefined>();
  const backoff = createBackoff(onNotice);

  /** Asks for the schemas that are not known yet; a registry that cannot be reached is tried for ever. */
  const fetchSchemas = async (messages: readonly KafkaMessage[], signal: Signal | undefined): Promise<boolean> => {
    if (registry === undefined || datum !== undefined) return true;
    const ids = new Set(messages.flatMap(({ value }) => readFrameId(value) ?? []));
    for (const id of ids) {
      while (!schemas.has(id)) {
        try {
          schemas.set(id, await registry.schema(id));
          backoff.reset();
        } catch (error) {
          if (!(error instanceof BtsbotError) || error.code !== "registry-unreachable") throw error;
          await setTimeout(backoff.next(error), undefined, { ...(signal && { signal }) }).catch(() => undefined);
          if (signal?.aborted === true) return false;
        }
      }
    }
    return true;
  };

  const readOptions: ReadOptions = registry === undefined ? read : { ...read, schemas: (id) => schemas.get(id) };
  const isTaken = ({ candidate: { programid } }: Alert): boolean => programid == null || programs.includes(programid);

  const toItems = (message: KafkaMessage): SourceItem[] => {
    const { topic, partition, offset, value } = message;
    // A message without a value says that something was deleted.
    if (value === null) return [];
    const place = { file: `${topic}/${partition}`, index: Number(offset) };
    const framed = datum === undefined ? undefined : frameDatum(message, datum);
    if (framed instanceof BtsbotError) return [{ ...place, error: framed, bytes: value }];
    const items: SourceItem[] = [];
    let withheld = 0;
    for (const outcome of readAlerts(
      framed?.bytes ?? value,
      framed ? { ...read, schemas: framed.schema } : readOptions,
    ))
      if (!outcome.success) items.push({ ...place, error: outcome.error, bytes: value });
      else if (isTaken(outcome.data)) items.push({ ...place, alert: outcome.data });
      else withheld += 1;
    if (withheld > 0) onWithheld?.(withheld);
    return items;
  };

  return async (messages: readonly KafkaMessage[], signal?: Signal): Promise<SourceItem[] | undefined> =>
    (await fetchSchemas(messages, signal)) ? messages.flatMap(toItems) : undefined;
}

/** A datum without a frame gets one: then it is read as every other. */
function frameDatum(
  { key, value }: KafkaMessage,
  datum: AvroSchema,
): { readonly bytes: Uint8Array; readonly schema: AvroSchema } | BtsbotError {
  const bytes = writeFrame(0, value!);
  if (datum !== "key") return { bytes, schema: datum };
  try {
    return { bytes, schema: JSON.parse(new TextDecoder().decode(key ?? new Uint8Array())) as AvroSchema };
  } catch (cause) {
    return new BtsbotError("avro-schema-invalid", "the message's key is not its schema", {
      got: (cause as Error).message,
      cause,
    });
  }
}
