import type { BrokerForm, FieldTable, PacketFields, Survey } from "@btsbot/alert";

/*
 * A survey and a broker that do not exist, as somebody outside would write them: other names, another nesting, dates as
 * MJD, filters as letters, 64-bit ids of objects, stamps in one record; and a broker that puts packets into an envelope,
 * upper limits apart, and stamps into hexadecimal digits.
 */

const BANDS = ["g", "r", "i"];
/** JD of MJD 0. */
const MJD_ZERO = 2_400_000.5;

const SOURCE: FieldTable = {
  sourceId: "long",
  skyObjectId: "long",
  mjd: "double",
  band: "string",
  mag: "double",
  positive: "sign",
};
const FORCED: FieldTable = { mjd: "double", band: "string", flux: "double", fluxErr: "double" };

/** Fields that models read and the survey has under the same names. */
const SHARED = (
  "sigmapsf ra dec diffmaglim sgscore1 distpsnr1 sgscore2 distpsnr2 fwhm chipsf ndethist ncovhist nmtchps " +
  "jdstarthist drb drbversion chinr sharpnr scorr sky"
).split(" ");

const AVRO_TYPES = { double: "double", float: "float", int: "int", long: "long", string: "string", sign: "boolean" };

function toRecord(name: string, table: FieldTable): object {
  const own = Object.entries(table).map(([field, kind]) => ({ name: field, type: ["null", AVRO_TYPES[kind]] }));
  const shared = SHARED.map((field) => ({ name: field, type: ["null", field === "drbversion" ? "string" : "double"] }));
  return { type: "record", name, fields: [...own, ...shared] };
}

const image = (name: string) => ({ name, type: ["null", "bytes"] });

/** The made-up survey. */
export const SKYWATCH: Survey = {
  name: "skywatch",
  detection: "source",
  records: {
    source: { fields: SOURCE, required: ["mjd"] },
    pastSources: { fields: SOURCE, required: ["mjd"] },
    forcedSources: { fields: FORCED, required: ["mjd"] },
  },
  filters: { 1: "g", 2: "r", 3: "i" },
  schema: {
    type: "record",
    name: "skywatchAlert",
    fields: [
      { name: "alertId", type: "long" },
      { name: "site", type: ["null", "string"] },
      { name: "source", type: toRecord("Source", SOURCE) },
      { name: "pastSources", type: ["null", { type: "array", items: "Source" }] },
      { name: "forcedSources", type: ["null", { type: "array", items: toRecord("Forced", FORCED) }] },
      {
        name: "images",
        type: ["null", { type: "record", name: "Images", fields: ["science", "reference", "difference"].map(image) }],
      },
    ],
  },
  toAlert: ({ alertId, source, pastSources, forcedSources, images, ...rest }) => {
    const { science, reference, difference } = (images ?? {}) as PacketFields;
    return {
      ...rest,
      objectId: `SKY${String((source as PacketFields).skyObjectId)}`,
      candid: alertId,
      candidate: toMeasurement(source as PacketFields),
      prv_candidates: map(pastSources, toMeasurement),
      fp_hists: map(forcedSources, toForced),
      cutoutScience: science,
      cutoutTemplate: reference,
      cutoutDifference: difference,
    };
  },
  toPacket: ({
    objectId: _,
    candid,
    candidate,
    prv_candidates,
    fp_hists,
    cutoutScience,
    cutoutTemplate,
    cutoutDifference,
    ...rest
  }) => ({
    ...rest,
    alertId: candid,
    source: fromMeasurement(candidate as PacketFields),
    pastSources: map(prv_candidates, fromMeasurement),
    forcedSources: map(fp_hists, fromForced),
    images: {
      science: bytesOf(cutoutScience),
      reference: bytesOf(cutoutTemplate),
      difference: bytesOf(cutoutDifference),
    },
  }),
};

/** The made-up broker. */
export const SKYHUB: BrokerForm = {
  name: "skyhub",
  candid: "hubId",
  lists: { upperLimits: "pastSources" },
  readStamp: (value) => {
    const { hex } = (value ?? {}) as { readonly hex?: unknown };
    if (typeof hex !== "string") return undefined;
    return Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
  },
  toPacket: (document) =>
    typeof document.payload === "object" && document.payload !== null ? (document.payload as PacketFields) : document,
};

function map(list: unknown, change: (record: PacketFields) => PacketFields): unknown {
  return Array.isArray(list) ? list.map(change) : list;
}

function bytesOf(stamp: unknown): unknown {
  return (stamp as { readonly stampData?: Uint8Array } | null | undefined)?.stampData ?? null;
}

function toMeasurement({ sourceId, mjd, band, mag, positive, ...rest }: PacketFields): PacketFields {
  return {
    ...rest,
    candid: sourceId,
    jd: (mjd as number) + MJD_ZERO,
    fid: BANDS.indexOf(band as string) + 1,
    magpsf: mag,
    isdiffpos: positive,
  };
}

function fromMeasurement({ candid, jd, fid, magpsf, isdiffpos, ...rest }: PacketFields): PacketFields {
  return {
    ...rest,
    sourceId: candid,
    mjd: (jd as number) - MJD_ZERO,
    band: BANDS[(fid as number) - 1],
    mag: magpsf,
    positive: isdiffpos,
  };
}

function toForced({ mjd, band, flux, fluxErr, ...rest }: PacketFields): PacketFields {
  const [jd, fid] = [(mjd as number) + MJD_ZERO, BANDS.indexOf(band as string) + 1];
  return { ...rest, jd, fid, forcediffimflux: flux, forcediffimfluxunc: fluxErr };
}

function fromForced({ jd, fid, forcediffimflux, forcediffimfluxunc, ...rest }: PacketFields): PacketFields {
  return {
    ...rest,
    mjd: (jd as number) - MJD_ZERO,
    band: BANDS[(fid as number) - 1],
    flux: forcediffimflux,
    fluxErr: forcediffimfluxunc,
  };
}
