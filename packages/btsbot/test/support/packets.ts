import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encodeAlerts } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { writeFits } from "@btsbot/cutout";
import { createModel, initializeWeights, writeLayersModel } from "@btsbot/model";
import type { Layer, Model, ModelDefinition } from "@btsbot/model";

/** An image's maxima, nine for each of its planes. */
const POOLED: readonly Layer[] = [
  {
    type: "maxPooling2d",
    name: "pool",
    inputs: ["triplet"],
    poolSize: [21, 21],
    strides: [21, 21],
    padding: "valid",
  },
  { type: "flatten", name: "flatten", inputs: ["pool"] },
];

/** A network so small that a test waits for nothing, with BTSbot's inputs. */
function smallNetwork(name: string): ModelDefinition {
  return {
    name,
    version: "0",
    inputs: [
      { kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 63 } },
      { kind: "features", name: "metadata", profile: "btsbot-v1", length: 25 },
    ],
    layers: [
      ...POOLED,
      { type: "batchNormalization", name: "norm", inputs: ["metadata"], epsilon: 1e9, momentum: 0.99 },
      { type: "concatenate", name: "join", inputs: ["flatten", "norm"] },
      { type: "dense", name: "fc_out", inputs: ["join"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "fc_out" },
  };
}

/** Puts small models with random weights into a cache folder, as a pull would. */
export async function fillCache(cache: string, names: readonly string[] = ["btsbot-v1.0.1", "small"]): Promise<string> {
  for (const name of names) {
    const definition = smallNetwork(name);
    writeModel(cache, await createModel(definition, initializeWeights(definition, name.length)));
  }
  return cache;
}

/** A profile by its name, and the place of the age in it. */
interface AgeProfile {
  readonly name: string;
  readonly length: number;
  readonly place: number;
}

/**
 * Puts a model into a cache folder whose score is 1 / (1 + exp(2 - age / 10)): it flips at 20 days. Further layers, if
 * any, have no weights and come between the features and the score.
 */
export async function fillAgeModel(
  cache: string,
  name = "btsbot-v1.0.1",
  between: readonly Layer[] = [],
  { name: profile, length, place }: AgeProfile = { name: "btsbot-v1", length: 25, place: 13 },
): Promise<string> {
  const definition: ModelDefinition = {
    name,
    version: "0",
    inputs: [{ kind: "features", name: "metadata", profile, length }],
    layers: [
      ...between,
      {
        type: "dense",
        name: "fc_out",
        inputs: [between.at(-1)?.name ?? "metadata"],
        units: 1,
        activation: "sigmoid",
        useBias: true,
      },
    ],
    output: { kind: "score", layer: "fc_out" },
  };
  const kernel = new Float32Array(length);
  kernel[place] = 0.1;
  const weights = new Map([
    ["fc_out/kernel", { shape: [length, 1], values: kernel }],
    ["fc_out/bias", { shape: [1], values: Float32Array.of(-2) }],
  ]);
  writeModel(cache, await createModel(definition, weights));
  return cache;
}

/** Puts a model of one image and one score into a cache folder: what may stand for the packet's real/bogus score. */
export async function fillImageModel(cache: string, name: string): Promise<void> {
  const definition: ModelDefinition = {
    name,
    version: "0",
    inputs: [{ kind: "image", name: "triplet", preprocessing: { normalization: "l2", size: 63 } }],
    layers: [
      ...POOLED,
      { type: "dense", name: "fc_out", inputs: ["flatten"], units: 1, activation: "sigmoid", useBias: true },
    ],
    output: { kind: "score", layer: "fc_out" },
  };
  writeModel(cache, await createModel(definition, initializeWeights(definition, 1)));
}

/** Puts a model of two classes into a cache folder. */
export async function fillClassModel(cache: string, name: string): Promise<void> {
  const { inputs, layers } = smallNetwork(name);
  const last = {
    type: "dense",
    name: "fc_out",
    inputs: ["join"],
    units: 2,
    activation: "softmax",
    useBias: true,
  } as const;
  const output = { kind: "classes", layer: "fc_out", classes: ["SN", "bogus"] } as const;
  const definition: ModelDefinition = { name, version: "0", inputs, layers: [...layers.slice(0, -1), last], output };
  writeModel(cache, await createModel(definition, initializeWeights(definition, 1)));
}

function writeModel(cache: string, model: Model): void {
  const folder = join(cache, model.definition.name);
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of writeLayersModel(model)) writeFileSync(join(folder, file), bytes);
}

const JD = 2460000.75;

/** A whole alert, its numbers and pixels made from its place; `changes` replaces parts of it. */
export function makeAlert(place: number, changes: Partial<Alert> = {}): Alert {
  const stampData = (shift: number) => {
    const pixels = Float32Array.from(
      { length: 63 * 63 },
      (_, index) => ((index * 7919 + 31 * place + shift) % 101) - 20,
    );
    return new Uint8Array(gzipSync(writeFits({ width: 63, height: 63, pixels })));
  };
  const candid = 1127495406315015000n + BigInt(place);
  return {
    schemavsn: "4.02",
    publisher: "test",
    objectId: `ZTF20aaaaaa${String.fromCharCode(97 + (place % 26))}`,
    candid,
    candidate: {
      jd: JD + place,
      fid: 1 + (place % 3),
      candid,
      magpsf: 18 + place / 10,
      sigmapsf: 0.1,
      ra: 120,
      dec: 20,
      diffmaglim: 20.5,
      isdiffpos: "t",
      sgscore1: 0.1,
      distpsnr1: 3,
      sgscore2: 0.5,
      distpsnr2: 9,
      fwhm: 2,
      chipsf: 1.5,
      ndethist: 4,
      ncovhist: 200,
      nmtchps: 5,
      jdstarthist: JD - 5,
      drb: 0.99,
      drbversion: "d6_m7",
      chinr: 1,
      sharpnr: 0.1,
      scorr: 12,
      sky: 0.2,
    },
    prv_candidates: [
      { jd: JD - 9, fid: 1, diffmaglim: 20.1 },
      { jd: JD - 4, fid: 2, magpsf: 19.5, sigmapsf: 0.2, isdiffpos: "t", candid: candid - 1000n },
    ],
    cutoutScience: { fileName: null, stampData: stampData(0) },
    cutoutTemplate: { fileName: null, stampData: stampData(17) },
    cutoutDifference: { fileName: null, stampData: stampData(40) },
    ...changes,
  };
}

/** The alert with its template cut in half. */
export function withCutStamp(alert: Alert): Alert {
  const { stampData } = alert.cutoutTemplate!;
  return { ...alert, cutoutTemplate: { fileName: null, stampData: stampData.slice(0, stampData.length >> 1) } };
}

/** Writes alerts into a file of a folder and gives its path. */
export function writePacket(folder: string, name: string, alerts: readonly Alert[]): string {
  const path = join(folder, name);
  writeFileSync(path, encodeAlerts(alerts, { codec: "deflate" }));
  return path;
}

/** A tar archive of files, in the least that tar needs: names below 100 bytes, POSIX.1-1988. */
export function makeTar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts = Object.entries(files).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("        0", 148);
    header.write("ustar\u000000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, bytes, Buffer.alloc(-bytes.length & 511)];
  });
  return new Uint8Array(Buffer.concat([...parts, Buffer.alloc(1024)]));
}
