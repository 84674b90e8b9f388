/** A format that is not a table's, and the way out. */
export interface OtherFormat {
  /** What it is, after "the file is". */
  readonly name: string;
  /** What to do. */
  readonly hint: string;
}

/** First bytes of what people have instead of a table in UTF-8. */
const FORMATS: readonly (OtherFormat & { readonly bytes: readonly number[] })[] = [
  {
    bytes: [0xff, 0xfe],
    name: "in UTF-16",
    hint: "iconv -f UTF-16 -t UTF-8 converts it; spreadsheets can save as CSV in UTF-8.",
  },
  {
    bytes: [0xfe, 0xff],
    name: "in UTF-16",
    hint: "iconv -f UTF-16 -t UTF-8 converts it; spreadsheets can save as CSV in UTF-8.",
  },
  { bytes: [0x1f, 0x8b], name: "compressed by gzip", hint: "gunzip -c writes what is in it; - reads standard input." },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    name: "a zip archive, as spreadsheets (.xlsx, .ods) are",
    hint: "Unpack it, or save the sheet as CSV in UTF-8.",
  },
  {
    bytes: [0x50, 0x41, 0x52, 0x31],
    name: "Parquet",
    hint: "pandas.read_parquet(...).to_csv(..., index=False) converts it.",
  },
  {
    bytes: [0x4f, 0x62, 0x6a, 0x01],
    name: "an Avro container",
    hint: "btsbot score reads alerts, and writes JSON Lines.",
  },
];

/**
 * Names a file that is not a table by its first bytes.
 *
 * @internal
 */
export function nameFormat(head: Uint8Array): OtherFormat | undefined {
  return FORMATS.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
}
