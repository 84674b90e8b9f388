/** How a file begins that people take for an alert packet, what it is, and what to do about it. */
interface Look {
  readonly what: string;
  readonly hint?: string;
  readonly start: RegExp | readonly number[];
  readonly at?: number;
}

const AGAIN = "A server sent it in place of the file: look at its address, and fetch it again.";

/** The first that fits counts. Numbers are bytes, and patterns match text without white space in front. */
const LOOKS: readonly Look[] = [
  { what: "an HTML page", hint: AGAIN, start: /^<(?:!doctype html|html|head|body)\b/i },
  { what: "an XML document", hint: AGAIN, start: /^<(?:\?xml|[a-z])/i },
  {
    what: "a Git LFS pointer, which stands for the file",
    hint: "Run `git lfs pull` where it comes from.",
    start: /^version https:\/\/git-lfs\.github\.com\/spec\//,
  },
  { what: "gzip-compressed", hint: "Unpack it first, or read it with @btsbot/archive.", start: [0x1f, 0x8b] },
  { what: "a zip archive", hint: "Unpack it first, or read it with @btsbot/archive.", start: [0x50, 0x4b, 3, 4] },
  { what: "bzip2-compressed", hint: "Unpack it first.", start: [0x42, 0x5a, 0x68] },
  { what: "xz-compressed", hint: "Unpack it first.", start: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] },
  { what: "zstd-compressed", hint: "Unpack it first.", start: [0x28, 0xb5, 0x2f, 0xfd] },
  {
    what: "a tar archive",
    hint: "Unpack it first, or read it with @btsbot/archive.",
    start: [0x75, 0x73, 0x74, 0x61, 0x72],
    at: 257,
  },
  { what: "a FITS image", hint: "An alert holds three of them.", start: /^SIMPLE {2}=/ },
  { what: "an HDF5 file, such as a Keras model", start: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] },
  { what: "a Parquet file", hint: "Read it with @btsbot/archive.", start: [0x50, 0x41, 0x52, 0x31] },
  { what: "a NumPy array", start: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] },
  { what: "a PNG picture", start: [0x89, 0x50, 0x4e, 0x47] },
  { what: "a JPEG picture", start: [0xff, 0xd8, 0xff] },
  { what: "a PDF document", start: /^%PDF-/ },
  {
    what: "an AppleDouble file, which macOS writes beside the file of that name without `._`",
    hint: "Leave it out.",
    // Its magic and its version; RFC 1740, appendix B.
    start: [0, 5, 0x16, 7, 0, 2, 0, 0],
  },
];

/** Bytes that a pattern sees. */
const MOST_TEXT = 200;

/** What bytes that are not alerts are instead, as far as that is known. */
export function nameInput(bytes: Uint8Array): (Pick<Look, "what" | "hint"> & { readonly isText: boolean }) | undefined {
  let text = "";
  for (const byte of bytes.subarray(0, MOST_TEXT)) text += String.fromCharCode(byte);
  text = text.replace(/^(?:\u00ef\u00bb\u00bf)?\s+/, "");
  const look = LOOKS.find(({ start, at = 0 }) =>
    start instanceof RegExp ? start.test(text) : start.every((byte, i) => bytes[at + i] === byte),
  );
  return look && { ...look, isText: look.start instanceof RegExp };
}
