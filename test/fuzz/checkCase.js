import { gunzipSync, inflateRawSync } from "node:zlib";
import { BROKER_FORMS, LSST, parseAlertJson, readAlerts, safeParseLightCurves, toJson } from "@btsbot/alert";
import { readStamp, readStampImages, toTriplet, turnNorthUp } from "@btsbot/cutout";
import { BtsbotError } from "@btsbot/errors";
import { avroType } from "../../packages/alert/dist/avro/avroType.js";
import { Tap } from "../../packages/alert/dist/avro/Tap.js";
import { findGzipBody } from "../../packages/cutout/dist/findGzipBody.js";
import { readWithAvsc } from "./avscOracle.js";
import { makeArchiveCase } from "./archives.js";
import { concat } from "./avroBytes.js";
import { BROKER_TEXTS } from "./brokerTexts.js";
import { mutateBytes, mutateContainer, mutateJson, mutateStamp } from "./mutate.js";
import { makeRandom } from "./random.js";
import { RUBIN_ID } from "./seeds.js";

/** Cases of each form, in a hundred. */
const FORMS = [
  ...Array(25).fill("container"),
  ...Array(5).fill("archive"),
  ...Array(25).fill("datum"),
  ...Array(10).fill("json"),
  ...Array(5).fill("broker"),
  ...Array(20).fill("stamp"),
  ...Array(10).fill("frame"),
];

/** Cases that begin with a small alert, whose schema takes little to make, of a hundred; one in three of the others is Rubin's. */
const SMALL = 0.85;

/** Alerts that are written again and whose stamps are opened, of a hundred: it takes ten times as long as to read them. */
const USED = 0.1;

/**
 * Makes a case, reads it and checks what must hold of any input: an alert or a typed error, the same as another
 * implementation where both accept it, and no pixels from a stamp that cannot be read.
 *
 * @param {ReturnType<import("./seeds.js").makeSeeds>} seeds
 * @param {number} number - which case: the same one makes the same input
 * @returns {Promise<{ form: string, outcome: string, bytes: Uint8Array, problem?: string }>}
 */
export async function checkCase(seeds, number) {
  const random = makeRandom(Math.imul(number, 2654435761));
  const seed = random.chance(SMALL) ? seeds[0] : random.chance(0.3) ? seeds[2] : random.pick(seeds);
  const form = random.pick(FORMS);
  const { bytes, run } = MAKE[form](form === "archive" ? seeds[0] : seed, random);
  try {
    return { form, bytes, outcome: await run() };
  } catch (error) {
    if (error instanceof BtsbotError) return { form, bytes, outcome: error.code };
    return { form, bytes, outcome: "untyped", problem: String(error?.stack ?? error) };
  }
}

const MAKE = {
  container({ containers, survey }, random) {
    const bytes = mutateContainer(random.pick(containers), random);
    return { bytes, run: () => drain(bytes, optionsOf(survey), random) };
  },
  json({ texts, survey }, random) {
    const bytes = mutateJson(random.pick(texts), random);
    const isText = random.chance(0.3);
    return {
      bytes,
      run: () =>
        isText
          ? use(parseAlertJson(Buffer.from(bytes).toString(), optionsOf(survey)), random)
          : drain(bytes, optionsOf(survey), random),
    };
  },
  broker(_, random) {
    const bytes = mutateJson(random.pick(BROKER_TEXTS), random);
    return {
      bytes,
      run: () => {
        const curves = safeParseLightCurves(bytes);
        const read = drain(bytes, { forms: BROKER_FORMS, surveys: [LSST] }, random);
        return `${read}, ${curves.success ? "curve" : curves.error.code}`;
      },
    };
  },
  archive({ archives }, random) {
    return makeArchiveCase(archives, random);
  },
  frame({ containers, survey }, random) {
    const { metadata, blocks } = random.pick(containers).parts;
    const id = survey ? RUBIN_ID : 1;
    const bytes = mutateBytes(concat([Uint8Array.of(0, 0, 0, id >> 8, id & 255), blocks[0].plain]), random);
    // Rubin's are known by their ids.
    if (survey) return { bytes, run: () => drain(bytes, optionsOf(survey), random) };
    return { bytes, run: () => drain(bytes, { schemas: metadata["avro.schema"] }, random) };
  },
  datum({ containers }, random) {
    const { metadata, blocks } = random.pick(containers).parts;
    const bytes = mutateBytes(blocks[0].plain, random);
    return { bytes, run: () => compare(metadata["avro.schema"], bytes) };
  },
  stamp({ stamps }, random) {
    const bytes = mutateStamp(random.pick(stamps), random);
    return { bytes, run: () => checkStamp(bytes) };
  },
};

/** Surveys beside ZTF are given to whoever reads. */
function optionsOf(survey) {
  return survey ? { surveys: [LSST] } : {};
}

/** Reads all of an input; the last outcome. */
function drain(bytes, options, random) {
  let last = "empty";
  for (const outcome of readAlerts(bytes, options))
    last = outcome.success ? use(outcome.data, random) : outcome.error.code;
  return last;
}

/** What may be done with an alert that was read, of some: written as JSON and read again, its stamps opened. */
function use(alert, random) {
  if (!random.chance(USED)) return "alert";
  const text = JSON.stringify(toJson(alert));
  const again = parseAlertJson(text);
  if (again.candid !== alert.candid) throw new Error(`the candid ${alert.candid} became ${again.candid}`);
  const { cutoutScience: science, cutoutTemplate: template, cutoutDifference: difference } = alert;
  for (const cutout of [science, template, difference]) {
    try {
      if (cutout) checkStamp(cutout.stampData);
    } catch (error) {
      if (!(error instanceof BtsbotError)) throw error;
    }
  }
  return "alert";
}

/** The same record as avsc reads, where both read one. */
function compare(schema, bytes) {
  const tap = new Tap(bytes, { describe: (at) => `byte ${at}`, mayLack: 0 });
  const ours = avroType(schema).read(tap);
  const theirs = readWithAvsc(schema, bytes);
  if (theirs === undefined) return "avsc refuses";
  if (theirs.offset !== tap.pos) throw new Error(`read ${tap.pos} bytes, avsc ${theirs.offset}`);
  const difference = findDifference(ours, theirs.value, "");
  if (difference !== undefined) throw new Error(`differs from avsc: ${difference}`);
  return "as avsc";
}

function findDifference(ours, theirs, path) {
  if (ArrayBuffer.isView(ours)) return Buffer.compare(ours, theirs) === 0 ? undefined : `${path}: bytes`;
  if (typeof ours !== "object" || ours === null) {
    return Object.is(ours, theirs) ? undefined : `${path}: ${String(ours)}, ${String(theirs)}`;
  }
  const keys = Object.keys(ours);
  if (keys.length !== Object.keys(theirs).length) return `${path}: ${keys.length} keys`;
  for (const key of keys) {
    const difference = findDifference(ours[key], theirs[key], `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Pixels come from a stamp alone that zlib unpacks too, and are those of the image in it. */
function checkStamp(bytes) {
  const stamp = readStamp(bytes);
  // Of what is no gzip stream there is nothing to unpack.
  const fits = bytes[0] === 0x1f ? unpack(bytes) : Buffer.from(bytes);
  if (fits === undefined) return "stamp, by its checksum";
  const header = fits.toString("latin1");
  const { width, height, pixels } = stamp;
  const start =
    2880 * Math.ceil((80 * (cardsOf(header).findIndex((card) => card.slice(0, 8).trimEnd() === "END") + 1)) / 2880);
  if (fits.length < start + 4 * width * height) throw new Error("pixels came from behind the end");
  for (let i = 0; i < pixels.length; i++) {
    const pixel = fits.readFloatBE(start + 4 * i);
    if (!Object.is(pixel, pixels[i])) throw new Error(`pixel ${i} is ${pixels[i]}, and ${pixel} in the file`);
  }
  checkImages(bytes, stamp);
  const triplet = toTriplet({ science: stamp, template: stamp, difference: stamp });
  if (!triplet.pixels.every(Number.isFinite)) throw new Error("the triplet is not finite");
  return "stamp";
}

/** Every image of the file, the first as `readStamp` has it; each that says how it lies can be turned. */
function checkImages(bytes, { width, height }) {
  try {
    const images = readStampImages(bytes);
    if (images[0].width !== width || images[0].height !== height) throw new Error("the first image is another");
    for (const image of images) if (image.wcs) turnNorthUp(image);
    const [science] = images;
    const { pixels } = toTriplet({ science }, { normalization: "l2", size: 30, planes: ["science"], anySize: true });
    if (!pixels.every(Number.isFinite)) throw new Error("the image is not finite");
  } catch (error) {
    if (!(error instanceof BtsbotError)) throw error;
  }
}

/**
 * What zlib makes of a stream that was accepted. Three things it alone refuses, since fflate does not show them: another
 * complement of a stored block's length, a distance code that RFC 1951 leaves out, and bytes between the stream and its
 * trailer. The checksum says that the
 * plain bytes are right all the same; undefined where there is nothing to compare them with.
 */
function unpack(bytes) {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    if (/^invalid (?:stored block lengths|distance code)$/.test(error.message)) return undefined;
    if (!/^incorrect (?:data|length) check$/.test(error.message)) throw error;
    return inflateRawSync(bytes.subarray(findGzipBody(bytes)));
  }
}

function cardsOf(header) {
  return header.match(/[^]{80}/g) ?? [];
}
