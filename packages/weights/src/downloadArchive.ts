import { open, readFile, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { fileError } from "./fileError.js";
import type { PublishedModel, PullOptions } from "./types.js";
import { verifyArchive } from "./verifyArchive.js";
import { abandoned, release, workPath } from "./workFiles.js";

/** What a download needs to know. */
interface Download {
  readonly model: PublishedModel;
  readonly cache: string;
  readonly options: Pick<PullOptions, "fetch" | "signal">;
  readonly onBytes: (received: number) => void;
}

/**
 * Downloads a published file into a `.part` beside its place in the cache, going on with one that an
 * earlier pull left, and gives its bytes, verified. The `.part` is gone afterwards, unless the download
 * was interrupted.
 *
 * @throws BtsbotError `download-failed`, `checksum-mismatch`, `cache-unwritable`, `disk-full`; and the
 * signal's reason when it is aborted
 *
 * @internal
 */
export async function downloadArchive(download: Download): Promise<Uint8Array> {
  const { model, cache } = download;
  const part = await claimPart(cache, model.name).catch((error: unknown) => {
    throw fileError(error, cache, "cache-unwritable");
  });
  try {
    let resumed = await fillPart(part, download);
    for (;;) {
      const bytes = await readFile(part);
      try {
        verifyArchive(bytes, model, model.url, "The file was removed; pull again, or from a mirror with --from DIR.");
        await rm(part);
        return bytes;
      } catch (error) {
        await rm(part, { force: true });
        // The bytes that were there already may be the bad ones: once more, from the beginning.
        if (!resumed) throw error;
        resumed = await fillPart(part, download);
      }
    }
  } catch (error) {
    const known = fileError(error, cache, "cache-unwritable");
    await discard(part, known).catch(() => undefined);
    throw known;
  } finally {
    release(part);
  }
}

/** Only an interrupted download is worth keeping. */
async function discard(part: string, error: unknown): Promise<void> {
  const interrupted = !(error instanceof BtsbotError) || error.code === "download-failed";
  if (!interrupted || (await stat(part)).size === 0) await rm(part, { force: true });
}

/** A part that nobody writes, renamed so that nobody else takes it; a new one if there is none. */
async function claimPart(cache: string, name: string): Promise<string> {
  const part = workPath(cache, name, "part");
  for (const found of await abandoned(cache, name, ["part"])) {
    const claimed = await rename(found, part).then(
      () => true,
      () => false,
    );
    if (claimed) return part;
  }
  // Before anything is fetched: a folder that cannot be written says so here.
  await (await open(part, "a")).close();
  return part;
}

/** Fetches what the part lacks. Says whether bytes that were there already were kept. */
async function fillPart(part: string, download: Download): Promise<boolean> {
  const { model, onBytes } = download;
  const length = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (length === model.bytes) return true;
  const resume = length > 0 && length < model.bytes;
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
    throw failed(model, "the server does not give it", `status ${response.status}`);
  }
  const start = continues(response, length) ? length : 0;
  onBytes(start);
  const file = await open(part, start > 0 ? "a" : "w");
  try {
    await receive(response.body, file, start, download);
  } finally {
    await file.close();
  }
  return start > 0;
}

function continues(response: Response, length: number): boolean {
  return response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${length}-`) === true;
}

async function request({ model, options }: Download, start: number): Promise<Response> {
  const fetchBytes = options.fetch ?? fetch;
  // A range counts the bytes as they are sent: compressed on the way, they would not be the file's.
  // `fetch` itself asks for no compression when there is a range.
  const headers: HeadersInit = start > 0 ? { range: `bytes=${start}-` } : { "accept-encoding": "identity" };
  try {
    return await fetchBytes(model.url, { headers, ...(options.signal && { signal: options.signal }) });
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failed(model, "no answer", networkReason(error), error);
  }
}

async function receive(body: ReadableStream<Uint8Array>, file: FileHandle, start: number, download: Download): Promise<void> {
  const { model, options, onBytes } = download;
  const reader = body.getReader();
  let received = start;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        options.signal?.throwIfAborted();
        throw failed(model, `the download broke off after ${received} bytes`, networkReason(error), error);
      });
      if (done) break;
      received += value.length;
      if (received > model.bytes) {
        throw new BtsbotError("checksum-mismatch", "the file is longer than the published one; it was removed", {
          path: model.url,
          expected: `${model.bytes} bytes`,
          got: `at least ${received} bytes`,
        });
      }
      await file.writeFile(value);
      onBytes(received);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  if (received < model.bytes) {
    throw failed(model, "the download ended early", `${received} of ${model.bytes} bytes`);
  }
}

function failed(model: PublishedModel, summary: string, got: string, cause?: unknown): BtsbotError {
  return new BtsbotError("download-failed", summary, {
    path: model.url,
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
