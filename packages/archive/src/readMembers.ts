import { BtsbotError, checkOptions, countOf } from "@btsbot/errors";
import { ArchiveBudget } from "./ArchiveBudget.js";
import type { ArchiveMember, ArchiveStep } from "./ArchiveStep.js";
import { ByteReader } from "./ByteReader.js";
import { gunzipStream } from "./gunzipStream.js";
import { isHidden } from "./isHidden.js";
import { limitBytes, MAX_RATIO } from "./limitBytes.js";
import { mayHoldAlerts } from "./mayHoldAlerts.js";
import { readTar } from "./readTar.js";
import { toSeekable } from "./seekable.js";
import { AVRO_MAGIC, sniffArchive, TAR_BLOCK } from "./sniffArchive.js";
import { checkSource, toChunks } from "./toChunks.js";
import { MEMBER_OPTIONS } from "./types.js";
import type { ByteSource, Member, MemberOptions, SeekableBytes } from "./types.js";
import { readZip } from "./zip/readZip.js";
import { findZipDirectory, readZipDirectory } from "./zip/readZipDirectory.js";

/** A tar.gz in a tar.gz in a tar.gz has six layers. */
const MAX_DEPTH = 8;

/**
 * Reads the files that bytes hold, unpacked as they stream: gzip around anything, tar, zip, and
 * any in the other. The
 * content decides, not the name. What is neither is one member, itself.
 *
 * One member is open at a time: its bytes are read before the next is asked for, and what is left of them is skipped.
 * Nothing is held but what the reader of a member holds. Damage inside a member is thrown by its `bytes`, and the next
 * one comes all the same; so does a member that stands for a damaged header.
 *
 * Hidden members, links, and members that neither by name nor by content are alerts are left out, and told to `onSkip`; so
 * are bytes behind a gzip stream that are neither another one nor zeros.
 *
 * @param source - the bytes, or a stream of them
 * @param options - the input's name, how gzip is unpacked, limits
 * @returns the members, in the archive's order
 * @throws BtsbotError `archive-invalid` where an archive ends early, after the members before; `archive-limit`,
 * `archive-unsupported`. What the source throws goes through
 *
 * @example
 * ```ts
 * import { readMembers } from "@btsbot/archive";
 * import { gzipSync } from "fflate";
 *
 * const names: string[] = [];
 * for await (const { name } of readMembers(gzipSync(new Uint8Array([1, 2])), { name: "a.gz" })) names.push(name);
 * names; // => ["a.gz"]
 * ```
 */
export function readMembers(source: ByteSource, options: MemberOptions = {}): AsyncGenerator<Member, void, void> {
  checkOptions("readMembers", options, MEMBER_OPTIONS);
  checkSource("readMembers", source);
  const budget = new ArchiveBudget(options.maxRatio ?? MAX_RATIO);
  const file = toSeekable(source);
  return readLayer(
    budget.earn(toChunks(source)),
    options.name ?? "",
    { ...options, depth: 0, budget },
    { accept: budget.accept, ...(file && { file }) },
  );
}

/** How a layer is read. */
interface ArchiveLayer extends MemberOptions {
  readonly depth: number;
  readonly budget: ArchiveBudget;
}

async function* readLayer(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  layer: ArchiveLayer,
  more: Pick<Member, "file" | "size" | "inside" | "accept"> = {},
): AsyncGenerator<Member, void, void> {
  const { gunzip = gunzipStream, maxDepth = MAX_DEPTH, depth, budget } = layer;
  const inner = { ...layer, depth: depth + 1 };
  const reader = new ByteReader(chunks);
  try {
    const format = sniffArchive(await reader.peek(TAR_BLOCK), name);
    if (format !== "plain" && depth >= maxDepth) throw tooDeep(name, maxDepth);
    if (format === "gzip") {
      const counted = { what: "the gzip stream", meter: { taken: 0, given: 0 }, budget };
      const plain = dropTrailing(limitBytes(reader.rest(), gunzip, layer, counted), () =>
        layer.onSkip?.(name, "trailing-bytes"),
      );
      yield* readLayer(plain, name, inner, {
        ...(more.accept && { accept: more.accept }),
        ...(more.inside && { inside: true }),
      });
    } else if (format !== "plain") {
      const steps = format === "tar" ? readTar(reader) : openZip(reader, more.file, { ...layer, gunzip });
      for await (const step of steps) {
        // Who read the member was told.
        if (budget.isSpent) return;
        yield* readStep(step, name, inner);
      }
    } else yield { name, bytes: reader.rest(), ...more };
  } finally {
    await reader.close();
  }
}

async function* openZip(
  reader: ByteReader,
  file: SeekableBytes | undefined,
  { gunzip, maxRatio, maxUnpackedBytes, budget }: ArchiveLayer & Required<Pick<ArchiveLayer, "gunzip">>,
): AsyncGenerator<ArchiveStep, void, void> {
  const unpacking = {
    gunzip,
    meter: { taken: 0, given: 0 },
    budget,
    ...(maxRatio !== undefined && { maxRatio }),
    ...(maxUnpackedBytes !== undefined && { maxUnpackedBytes }),
  };
  const directory = file && (await findZipDirectory(file));
  if (file === undefined || directory === undefined) return yield* readZip(reader, unpacking);
  // Who enters it anywhere has all of its bytes.
  budget.earnAll(file.size);
  yield* readZipDirectory(file, directory, unpacking);
}

async function* readStep(step: ArchiveStep, archive: string, layer: ArchiveLayer): AsyncGenerator<Member, void, void> {
  const accept = layer.budget.spend(sizeOf(step));
  if (step instanceof BtsbotError) return yield failing(archive, step);
  if (step.kind === "directory") return;
  const path = step.name.replace(/^(\.?\/)+/, "");
  const name = archive === "" ? path : `${archive}/${path}`;
  if (isHidden(path)) return layer.onSkip?.(name, "hidden");
  if (step.kind === "other") return layer.onSkip?.(name, "not-a-file");
  yield* contain(readFile(step, path, name, layer, accept), name, layer.budget);
}

function sizeOf(step: ArchiveStep): number | undefined {
  if (step instanceof BtsbotError) return 0;
  return step.kind === "file" ? step.packed : undefined;
}

async function* readFile(
  { bytes, size, unreadable }: ArchiveMember,
  path: string,
  name: string,
  layer: ArchiveLayer,
  accept: () => void,
): AsyncGenerator<Member, void, void> {
  const reader = new ByteReader(bytes);
  if (!mayHoldAlerts(path, await reader.peek(AVRO_MAGIC.length))) return layer.onSkip?.(name, "not-alerts");
  if (unreadable !== undefined) throw unreadable;
  yield* readLayer(reader.rest(), name, layer, { accept, inside: true, ...(size !== undefined && { size }) });
}

/** Bytes behind a gzip stream that are not another one must not cost what came before. */
async function* dropTrailing(
  plain: AsyncIterable<Uint8Array>,
  onTrailing: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* plain;
  } catch (error) {
    if (!(error instanceof BtsbotError) || error.code !== "archive-trailing") throw error;
    onTrailing();
  }
}

/** What is wrong with a member before it is open must not end the archive around it. */
async function* contain(
  members: AsyncGenerator<Member, void, void>,
  name: string,
  budget: ArchiveBudget,
): AsyncGenerator<Member, void, void> {
  try {
    yield* members;
  } catch (error) {
    if (!(error instanceof BtsbotError) || budget.isSpent) throw error;
    yield failing(name, error);
  }
}

function failing(name: string, error: BtsbotError): Member {
  return {
    name,
    // eslint-disable-next-line require-yield -- the error is all there is
    bytes: (async function* () {
      throw error;
    })(),
  };
}

function tooDeep(path: string, maxDepth: number): BtsbotError {
  return new BtsbotError("archive-limit", "archives are nested too deeply", {
    ...(path !== "" && { path }),
    expected: `at most ${countOf(maxDepth, "layer")} of gzip, tar and zip`,
  });
}
