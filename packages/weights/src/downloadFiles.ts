import { copyFile, open, readFile, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { BtsbotError, countOf } from "@btsbot/errors";
import { fileError } from "./fileError.js";
import type { PublishedFile, PublishedModel, PullOptions } from "./types.js";
import { verifyFile } from "./verifyFile.js";
import { findAbandoned, removeWork, startWork } from "./workFiles.js";
import type { Work } from "./workFiles.js";

/** What a download needs to know. */
interface Downloads {
  readonly model: PublishedModel;
  readonly cache: string;
  readonly options: Pick<PullOptions, "fetch" | "signal">;
  /** Called with the bytes of all files received so far. */
  readonly onBytes: (received: number) => void;
}

/** A file that has a public address. */
type AddressedFile = PublishedFile & { readonly url: string };

interface Download extends Downloads {
  readonly file: AddressedFile;
}

/**
 * Downloads a model's files, each into a `.part` beside its place in the cache, going on with one that an
 * earlier pull left, and gives their bytes, verified. The parts are gone afterwards, unless the download
 * was interrupted.
 *
 * @throws BtsbotError `address-missing` before anything is fetched; `download-failed`, `checksum-mismatch`, `cache-unwritable`, `disk-full`; and the
 * signal's reason when it is aborted
 *
 * @internal
 */
export async function downloadFiles(downloads: Downloads): Promise<Uint8Array[]> {
  const { model, cache } = downloads;
  const addressed = model.files.map((file) => addressedFile(model, file));
  const parts: string[] = [];
  const works: Work[] = [];
  const files: Uint8Array[] = [];
  let before = 0;
  try {
    for (const file of addressed) {
      const start = before;
      const work = await startWork(cache, partName(model, file), "part");
      works.push(work);
      parts.push(work.path);
      await claimPart(cache, partName(model, file), work.path);
      files.push(
        await downloadFile(parts[parts.length - 1], {
          ...downloads,
          file,
          onBytes: (received) => downloads.onBytes(start + received),
        }),
      );
      before += file.bytes;
    }
    for (const part of parts) await rm(part);
    return files;
  } catch (error) {
    const known = fileError(error, cache, "cache-unwritable");
    for (const part of parts) await discard(part, known).catch(() => undefined);
    throw known;
  } finally {
    for (const work of works) await work.end();
  }
}

function addressedFile(model: PublishedModel, file: PublishedFile): AddressedFile {
  const { url } = file;
  if (url !== undefined) return { ...file, url };
  throw new BtsbotError(
    "address-missing",
    "this file has no public address: pull the model from a local mirror that has it (--from DIR)",
    {
      path: `${model.name}: ${file.mirrorPath}`,
      expected: `SHA-256 ${file.sha256}, ${countOf(file.bytes, "byte")}`,
    },
  );
}

/**
 * The name under which a file's part is kept.
 *
 * @internal
 */
export function partName(model: PublishedModel, file: PublishedFile): string {
  return `${model.name}.${basename(file.mirrorPath)}`;
}

/** The bytes of one file; its part is complete then. */
async function downloadFile(part: string, download: Download): Promise<Uint8Array> {
  const { file } = download;
  let resumed = await fillPart(part, download);
  for (;;) {
    const bytes = await readFile(part);
    try {
      verifyFile(bytes, file, file.url, "The file was removed; pull again, or from a mirror with --from DIR.");
      return bytes;
    } catch (error) {
      await rm(part, { force: true });
      // The bytes that were there already may be the bad ones: once more, from the beginning.
      if (!resumed) throw error;
      resumed = await fillPart(part, download);
    }
  }
}

/** Only an interrupted download is worth keeping. */
async function discard(part: string, error: unknown): Promise<void> {
  const interrupted = !(error instanceof BtsbotError) || error.code === "download-failed";
  if (!interrupted || (await stat(part)).size === 0) await rm(part, { force: true });
}

/** Fills the part with one that nobody goes on with, if there is any. */
async function claimPart(cache: string, name: string, part: string): Promise<void> {
  for (const { path, isCertain } of await findAbandoned(cache, name, ["part"])) {
    // Renamed, nobody else takes it. A writer that was silent for long may wake, and write on into what it holds open: not into ours.
    const claimed = await (isCertain ? rename(path, part) : copyFile(path, part)).then(
      () => true,
      () => false,
    );
    if (!claimed) continue;
    await removeWork(path);
    return;
  }
  // Before anything is fetched: a folder that cannot be written says so here.
  await (await open(part, "a")).close();
}

/** Fetches what the part lacks. Says whether bytes that were there already were kept. */
async function fillPart(part: string, download: Download): Promise<boolean> {
  const { file, onBytes } = download;
  const length = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (length === file.bytes) return true;
  const resume = length > 0 && length < file.bytes;
  let response = await request(download, resume ? length : 0);
  if (resume && !continues(response, length)) {
    // A server without ranges answers with the whole file; anything else is asked for it.
    if (response.status !== 200) {
      await response.body?.cancel();
      response = await request(download, 0);
    }
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw failed(download, "the server does not give it", `status ${response.status}`);
  }
  const start = continues(response, length) ? length : 0;
  onBytes(start);
  const handle = await open(part, start > 0 ? "a" : "w");
  try {
    await receive(response.body, handle, start, download);
  } finally {
    await handle.close();
  }
  return start > 0;
}

function continues(response: Response, length: number): boolean {
  return response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${length}-`) === true;
}

async function request(download: Download, start: number): Promise<Response> {
  const { file, options } = download;
  const fetchBytes = options.fetch ?? fetch;
  // A range counts the bytes as they are sent: compressed on the way, they would not be the file's.
  // `fetch` itself asks for no compression when there is a range.
  const headers: HeadersInit = start > 0 ? { range: `bytes=${start}-` } : { "accept-encoding": "identity" };
  try {
    return await fetchBytes(file.url, { headers, ...(options.signal && { signal: options.signal }) });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failed(download, "no answer", networkReason(error), error);
  }
}

async function receive(
  body: ReadableStream<Uint8Array>,
  handle: FileHandle,
  start: number,
  download: Download,
): Promise<void> {
  const { file, options, onBytes } = download;
  const reader = body.getReader();
  let received = start;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        options.signal?.throwIfAborted();
        throw failed(
          download,
          `the download broke off after ${countOf(received, "byte")}`,
          networkReason(error),
          error,
        );
      });
      if (done) break;
      received += value.length;
      if (received > file.bytes) {
        throw new BtsbotError("checksum-mismatch", "the file is longer than the published one; it was removed", {
          path: file.url,
          expected: countOf(file.bytes, "byte"),
          got: `at least ${countOf(received, "byte")}`,
        });
      }
      await handle.writeFile(value);
      onBytes(received);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (received < file.bytes) {
    throw failed(download, "the download ended early", `${received} of ${file.bytes} bytes`);
  }
}

function failed({ model, file }: Download, summary: string, got: string, cause?: unknown): BtsbotError {
  return new BtsbotError("download-failed", summary, {
    path: file.url,
    got,
    hint: `Pull again to go on, or download the file by other means and run \`btsbot models pull ${model.name} --from DIR\`.`,
    ...(cause !== undefined && { cause }),
  });
}

/** Node's fetch says only "fetch failed" and keeps the reason in the cause. */
function networkReason(error: unknown): string {
  const { cause, message } = error as Error;
  const inner = cause as NodeJS.ErrnoException | undefined;
  return inner?.code ?? inner?.message ?? message;
}
