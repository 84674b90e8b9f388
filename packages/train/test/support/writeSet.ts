import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { writeFits } from "@btsbot/cutout";
import { BTSBOT_V1 } from "@btsbot/features";
import { afterEach } from "vitest";
import { noise } from "../../../../test/support/networks.js";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A new folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "btsbot-train-"));
  folders.push(folder);
  return folder;
}

/** The bytes of a .npy file with any header; formats 2 and 3 have four bytes for its length. */
export function npyBytes(header: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    text.length & 255,
    text.length >> 8,
    ...(version === 1 ? [] : [0, 0]),
    ...text,
    ...data,
  ]);
}

/** A float64 array as NumPy writes it. */
export function float64Npy(shape: readonly number[], values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(Float64Array.from(values).buffer);
  return npyBytes(`{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`, bytes);
}

export const isBright = (source: number): boolean => source % 3 === 0;
export const nameOf = (source: number): string =>
  `ZTF20${(source * 7919 + 456_976)
    .toString(26)
    .replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)])
    .padStart(7, "a")}`;

/** Rows of a candidates table: three alerts a source, the label in two features. */
export function candidateRows(sources: number): { header: string; rows: string[]; labels: number[] } {
  const names = BTSBOT_V1.features.map(({ name }) => name);
  const labels: number[] = [];
  const rows = Array.from({ length: 3 * sources }, (_, row) => {
    const source = Math.floor(row / 3);
    const label = isBright(source) ? 1 : 0;
    labels.push(label);
    const values = noise(names.length, 100 + row).map(
      (value, place) => value + (place === 5 || place === 16 ? 1.5 * label : 0),
    );
    return [nameOf(source), 10_000 + row, 2459000 + row, label, 1 + (row % 2), "t", ...values].join(",");
  });
  return { header: `objectId,candid,jd,label,fid,isdiffpos,${names.join(",")}`, rows, labels };
}

/** A published set of noise that tells its label: a table and 63 x 63 images. */
export async function writePublished(folder: string, sources = 60): Promise<{ candidates: string; triplets: string }> {
  const { header, rows, labels } = candidateRows(sources);
  const candidates = join(folder, "candidates.csv");
  await writeFile(candidates, `${[header, ...rows].join("\n")}\n`);
  const images = new Float32Array(rows.length * 63 * 63 * 3);
  const texture = noise(63 * 63 * 3, 1);
  labels.forEach((label, row) => {
    for (let place = 0; place < texture.length; place++)
      images[row * texture.length + place] = (texture[(place * 7 + row) % texture.length] + label) / 63;
  });
  const triplets = join(folder, "triplets.npy");
  await writeFile(triplets, float64Npy([rows.length, 63, 63, 3], images));
  return { candidates, triplets };
}

/** An alert with stamps and every field that the 25 features need. */
export function makePacket(source: number, alert: number, facts: object = {}): Alert {
  const seed = 10 * source + alert;
  const stamp = (shift: number) => ({
    stampData: writeFits({
      width: 63,
      height: 63,
      pixels: noise(3969, seed + shift).map((value) => value + 2 + Number(isBright(source))),
    }),
  });
  const jd = 2459000 + seed;
  const candidate = {
    jd,
    fid: 1,
    isdiffpos: "t",
    magpsf: 18 - Number(isBright(source)) + noise(1, seed)[0],
    sigmapsf: 0.1,
    ra: 150,
    dec: 20,
    diffmaglim: 20,
    candid: BigInt(10_000 + seed),
    programid: 1,
    sgscore1: 0.1,
    distpsnr1: 2,
    sgscore2: 0.4,
    distpsnr2: 9,
    fwhm: 2,
    chipsf: 1,
    ndethist: 3,
    nmtchps: 4,
    ncovhist: 50,
    chinr: 1,
    sharpnr: 0,
    scorr: 20,
    sky: 1,
    drb: 0.99,
    drbversion: "d6_m7",
    jdstarthist: jd - 5,
    ...facts,
  };
  const stamps = { cutoutScience: stamp(1), cutoutTemplate: stamp(2), cutoutDifference: stamp(3) };
  return { objectId: nameOf(source), candid: candidate.candid, candidate, ...stamps };
}

/** A folder of packets, a file a source, and its truth table. */
export async function writePackets(folder: string, sources = 40): Promise<{ packets: string; truth: string }> {
  const packets = join(folder, "packets");
  await mkdir(packets);
  const rows = ["objectId,label,class"];
  for (let source = 0; source < sources; source++) {
    await writeFile(
      join(packets, `${String(source).padStart(3, "0")}.avro`),
      encodeAlerts([makePacket(source, 0), makePacket(source, 1)]),
    );
    rows.push(`${nameOf(source)},${isBright(source) ? 1 : 0},${isBright(source) ? "SN Ia" : "AGN"}`);
  }
  const truth = join(folder, "truth.csv");
  await writeFile(truth, `${rows.join("\n")}\n`);
  return { packets, truth };
}
