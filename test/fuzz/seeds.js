import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { encodeAlerts, LSST, parseAlerts, schemaOf, toJson } from "@btsbot/alert";
import { writeFits } from "@btsbot/cutout";
import { simulateSurvey } from "@btsbot/simulate";
import { makeArchives } from "./archives.js";
import { takeApart } from "./mutate.js";
import { makeRandom } from "./random.js";

/** Real packets, where they are; see `test/support/testData.ts`. */
const DATA = process.env.BTSBOT_TEST_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** A schema with every type, and few fields: most cases take one of these, as the survey's takes long to make. */
export const SMALL_SCHEMA = {
  type: "record",
  name: "alert",
  namespace: "fuzz",
  fields: [
    { name: "objectId", type: "string" },
    { name: "candid", type: "long" },
    {
      name: "candidate",
      type: {
        type: "record",
        name: "candidate",
        fields: [
          { name: "jd", type: "double" },
          { name: "fid", type: "int" },
          { name: "magpsf", type: ["null", "float"] },
          { name: "isdiffpos", type: ["string", "boolean", "int", "null"] },
          { name: "band", type: { type: "enum", name: "band", symbols: ["g", "r", "i"] } },
        ],
      },
    },
    {
      name: "prv_candidates",
      type: [
        "null",
        {
          type: "array",
          items: {
            type: "record",
            name: "prv",
            fields: [
              { name: "jd", type: "double" },
              { name: "fid", type: "int" },
              { name: "candid", type: ["null", "long"] },
              { name: "magpsf", type: ["null", "float"] },
            ],
          },
        },
      ],
    },
    {
      name: "cutoutScience",
      type: [
        "null",
        {
          type: "record",
          name: "cutout",
          fields: [
            { name: "fileName", type: "string" },
            { name: "stampData", type: "bytes" },
          ],
        },
      ],
    },
    { name: "cutoutTemplate", type: ["null", "cutout"] },
    { name: "cutoutDifference", type: ["null", "cutout"] },
    { name: "tags", type: { type: "map", values: ["null", "long", "string"] } },
    { name: "hash", type: { type: "fixed", name: "hash", size: 4 } },
  ],
};

function makeStamp(random, side) {
  const pixels = Float32Array.from({ length: side * side }, () => random.next() * 100 - 20);
  if (random.chance(0.3)) pixels[random.integer(0, pixels.length - 1)] = Number.NaN;
  return new Uint8Array(gzipSync(writeFits({ width: side, height: side, pixels })));
}

/** An alert of made-up numbers by {@link SMALL_SCHEMA}. */
export function makeSmall(random) {
  const jd = 2459000 + random.next() * 1000;
  const cutout = () =>
    random.chance(0.1) ? null : { fileName: "s.fits.gz", stampData: makeStamp(random, random.pick([3, 21, 63])) };
  return {
    objectId: random.pick(["ZTF20aajcdad", "ZTF18acruwxq", "é\u{1f52d}"]),
    candid: random.pick([1n, -121540793515135001n, 1127495406315015005n, 2n ** 63n - 1n]),
    candidate: {
      jd,
      fid: random.integer(1, 3),
      magpsf: random.chance(0.2) ? null : Math.fround(15 + 6 * random.next()),
      isdiffpos: random.pick(["t", "f", "1", true, false, 1, null]),
      band: random.pick(["g", "r", "i"]),
    },
    prv_candidates: random.chance(0.2)
      ? null
      : Array.from({ length: random.integer(0, 5) }, (_, i) => ({
          jd: jd - i,
          fid: random.integer(1, 3),
          candid: random.chance(0.5) ? null : BigInt(i) + 9007199254740993n,
          magpsf: random.chance(0.5) ? null : Math.fround(19),
        })),
    cutoutScience: cutout(),
    cutoutTemplate: cutout(),
    cutoutDifference: cutout(),
    extra: { tags: { a: 1n, b: null, c: "x" }, hash: Uint8Array.of(1, 2, 3, 4) },
  };
}

/** A stamp as Rubin's are: not packed, with its place on the sky, the variance and a model of a point source. */
function makeRubinStamp(random) {
  const image = (side) => ({
    width: side,
    height: side,
    pixels: Float32Array.from({ length: side * side }, () => random.next() * 100 - 20),
  });
  const step = 0.2 / 3600;
  const wcs = { pixel: [15.5, 15.5], sky: [55.75, -32.25], matrix: [-step, step / 2, step / 2, step] };
  return writeFits([
    { ...image(30), wcs },
    { ...image(30), name: "UNCERT" },
    { ...image(41), name: "PSFIMAGE" },
  ]);
}

/** An alert of Rubin's, of made-up numbers, with all that schema 11 needs. */
export function makeRubin(random) {
  const jd = 2461000 + random.next() * 1000;
  const exposure = (i) => ({
    jd: jd - i,
    fid: random.integer(11, 16),
    visit: BigInt(i + 1),
    detector: 12,
    ra: 55.75,
    dec: -32.25,
    timeProcessedMjdTai: 61000,
  });
  const detection = (i) => ({
    ...exposure(i),
    candid: 170032890044678150n + BigInt(i),
    ...{ x: 1, y: 2, psfNdata: 3, trailNdata: 4, dipoleNdata: 5, bboxSize: 6 },
    magpsf: 19 + 5 * random.next(),
    sigmapsf: 0.1,
    isdiffpos: random.pick(["t", "f"]),
  });
  const some = (make) => Array.from({ length: random.integer(0, 4) }, (_, i) => make(i + 1));
  const cutout = () => (random.chance(0.1) ? null : { stampData: makeRubinStamp(random) });
  return {
    objectId: random.pick(["170055001640894469", "23"]),
    candid: 170032890044678150n,
    candidate: { ...detection(0), drb: random.next() },
    prv_candidates: random.chance(0.2) ? null : some(detection),
    fp_hists: random.chance(0.2)
      ? null
      : some((i) => ({
          ...exposure(i),
          diaForcedSourceId: BigInt(i),
          forcediffimflux: random.next() * 1000 - 500,
          forcediffimfluxunc: 50,
        })),
    cutoutScience: cutout(),
    cutoutTemplate: cutout(),
    cutoutDifference: cutout(),
  };
}

/** A packet of Rubin's as JSON: ids in digits, stamps in base64. */
function writeRubin(alert) {
  return JSON.stringify(LSST.toPacket(alert), (_, value) => {
    if (typeof value === "bigint") return String(value);
    return ArrayBuffer.isView(value) ? Buffer.from(value).toString("base64") : value;
  });
}

/** The id in the frame of the schema that Rubin's seeds are written by. */
export const RUBIN_ID = 1100;

/**
 * The inputs that mutations begin with: alerts made for it, simulated ones, and real ones where the data are, in all
 * the forms that are read. The first are the cheap ones.
 */
export function makeSeeds() {
  const random = makeRandom(1);
  const simulated = [...simulateSurvey({ seed: 3, sources: 12, nights: 1 })].map(({ alert }) => alert);
  const small = Array.from({ length: 40 }, () => makeSmall(random));
  const seeds = [
    encodeSeed(small, SMALL_SCHEMA, 40, random),
    encodeSeed(simulated, undefined, 10, random),
    encodeSeed(
      Array.from({ length: 12 }, () => makeRubin(random)),
      LSST.schemas(RUBIN_ID),
      10,
      random,
      LSST,
    ),
  ];
  seeds[0].archives = makeArchives(small, SMALL_SCHEMA, simulated, makeRandom(2));
  if (existsSync(`${DATA}/alerts`)) {
    for (const file of readdirSync(`${DATA}/alerts`).filter((_, i) => i % 6 === 0)) {
      const bytes = readFileSync(`${DATA}/alerts/${file}`);
      seeds.push(encodeSeed(parseAlerts(bytes).slice(0, 2), JSON.parse(schemaOf(bytes)), 3, random));
    }
  }
  return seeds;
}

function encodeSeed(alerts, schema, count, random, survey) {
  const some = () => Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => random.pick(alerts));
  const many = (make) => Array.from({ length: count }, (_, i) => make(i));
  const containers = many((i) => {
    const bytes = encodeAlerts(some(), {
      ...(schema && { schema }),
      ...(survey && { survey }),
      codec: ["null", "deflate", "snappy"][i % 3],
    });
    return { bytes, parts: takeApart(bytes) };
  });
  const texts = many(() => {
    const documents = some().map((alert) => (survey ? writeRubin(alert) : JSON.stringify(toJson(alert))));
    return random.pick([documents.join("\n"), `[${documents.join()}]`, documents[0]]);
  });
  const stamps = alerts.flatMap(({ cutoutScience, cutoutTemplate }) =>
    [cutoutScience, cutoutTemplate].flatMap((cutout) => cutout?.stampData ?? []),
  );
  return { containers, texts, stamps, survey };
}
