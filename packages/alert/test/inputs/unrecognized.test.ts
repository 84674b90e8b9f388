import { readAlerts, readAlertStream } from "@btsbot/alert";
import { describe, expect, it } from "vitest";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const pad = (start: readonly number[], length = 400): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(start);
  return bytes;
};
const tar = pad([0x61, 0x2e, 0x61, 0x76, 0x72, 0x6f], 1024);
tar.set(text("ustar"), 257);

const FILES: readonly (readonly [string, Uint8Array])[] = [
  ["an HTML page", text("<html><body>503 Service Unavailable</body></html>")],
  ["an HTML page", text("\n<!DOCTYPE html>\n<title>404</title>")],
  ["an XML document", text('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>')],
  ["a Git LFS pointer", text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 67000\n")],
  ["an AppleDouble file", Uint8Array.of(0, 5, 0x16, 7, 0, 2, 0, 0, ...text("Mac OS X        "))],
  ["gzip-compressed", Uint8Array.of(0x1f, 0x8b, 8)],
  ["a zip archive", pad([0x50, 0x4b, 3, 4])],
  ["a tar archive", tar],
  ["a FITS image", text("SIMPLE  =                    T")],
  ["a Parquet file", pad([0x50, 0x41, 0x52, 0x31])],
  ["an HDF5 file", pad([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])],
];

describe("an input that is no alert packet", () => {
  it.each(FILES)("is named: %s", async (what, bytes) => {
    const [outcome] = readAlerts(bytes);
    const error = outcome.success ? undefined : outcome.error;
    expect(error?.code).toBe("input-unrecognized");
    expect(error?.message).toContain(`this is ${what}`);
    // The same of a stream of single bytes.
    async function* bit(): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) yield await Promise.resolve(Uint8Array.of(byte));
    }
    for await (const other of readAlertStream(bit()))
      expect(other).toMatchObject({ success: false, error: { message: error?.message } });
  });

  it("says what to do", () => {
    const hints = FILES.slice(0, 6).map(([, bytes]) => [...readAlerts(bytes)][0]);
    expect(hints.map((outcome) => (outcome.success ? "" : (outcome.error.problems[0].hint ?? "")))).toEqual([
      ...Array.from({ length: 3 }, () => expect.stringContaining("fetch it again") as string),
      expect.stringContaining("git lfs pull") as string,
      "Leave it out.",
      "Unpack it first, or read it with @btsbot/archive.",
    ]);
  });

  it("is still a framed message if only its schema id looks like AppleDouble", () => {
    const [outcome] = readAlerts(Uint8Array.of(0, 5, 0x16, 7, 0, 4, 0, 0));
    expect(outcome).toMatchObject({ error: { code: "confluent-schema-unknown", got: "id 85329664" } });
  });
});
