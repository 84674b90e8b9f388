/** What a field of the survey holds. `float` is single precision; `sign` is `isdiffpos`, which systems write in many ways. */
export type FieldKind = "double" | "float" | "int" | "long" | "string" | "sign";

/** The fields of one record, in the survey's order. */
export type FieldTable = Readonly<Record<string, FieldKind>>;

/*
 * The fields of schema 4.02, https://github.com/ZwickyTransientFacility/ztf-avro-alert (schema/).
 * Earlier versions have fewer.
 */

/** Fields that a detection has, in `candidate` and `prv_candidates`. */
const MEASUREMENT = {
  jd: "double", fid: "int", pid: "long", diffmaglim: "float", pdiffimfilename: "string", programpi: "string",
  programid: "int", candid: "long", isdiffpos: "sign", tblid: "long", nid: "int", rcid: "int", field: "int",
  xpos: "float", ypos: "float", ra: "double", dec: "double", magpsf: "float", sigmapsf: "float", chipsf: "float",
  magap: "float", sigmagap: "float", distnr: "float", magnr: "float", sigmagnr: "float", chinr: "float",
  sharpnr: "float", sky: "float", magdiff: "float", fwhm: "float", classtar: "float", mindtoedge: "float",
  magfromlim: "float", seeratio: "float", aimage: "float", bimage: "float", aimagerat: "float", bimagerat: "float",
  elong: "float", nneg: "int", nbad: "int", rb: "float", ssdistnr: "float", ssmagnr: "float", ssnamenr: "string",
  sumrat: "float", magapbig: "float", sigmagapbig: "float", ranr: "double", decnr: "double",
} as const satisfies FieldTable;

/** Fields of `candidate`. */
export const CANDIDATE_FIELDS: FieldTable = {
  ...MEASUREMENT,
  sgmag1: "float", srmag1: "float", simag1: "float", szmag1: "float", sgscore1: "float", distpsnr1: "float",
  ndethist: "int", ncovhist: "int", jdstarthist: "double", jdendhist: "double", scorr: "double", tooflag: "int",
  objectidps1: "long", objectidps2: "long", sgmag2: "float", srmag2: "float", simag2: "float", szmag2: "float",
  sgscore2: "float", distpsnr2: "float", objectidps3: "long", sgmag3: "float", srmag3: "float", simag3: "float",
  szmag3: "float", sgscore3: "float", distpsnr3: "float", nmtchps: "int", rfid: "long", jdstartref: "double",
  jdendref: "double", nframesref: "int", rbversion: "string", dsnrms: "float", ssnrms: "float", dsdiff: "float",
  magzpsci: "float", magzpsciunc: "float", magzpscirms: "float", nmatches: "int", clrcoeff: "float",
  clrcounc: "float", zpclrcov: "float", zpmed: "float", clrmed: "float", clrrms: "float", neargaia: "float",
  neargaiabright: "float", maggaia: "float", maggaiabright: "float", exptime: "float", drb: "float",
  drbversion: "string",
};

/** Fields of an entry of `prv_candidates`. */
export const PRV_CANDIDATE_FIELDS: FieldTable = {
  ...MEASUREMENT,
  scorr: "double", magzpsci: "float", magzpsciunc: "float", magzpscirms: "float", clrcoeff: "float",
  clrcounc: "float", rbversion: "string",
};

/** Fields of an entry of `fp_hists`. */
export const FP_HIST_FIELDS: FieldTable = {
  field: "int", rcid: "int", fid: "int", pid: "long", rfid: "long", sciinpseeing: "float", scibckgnd: "float",
  scisigpix: "float", magzpsci: "float", magzpsciunc: "float", magzpscirms: "float", clrcoeff: "float",
  clrcounc: "float", exptime: "float", adpctdif1: "float", adpctdif2: "float", diffmaglim: "float",
  programid: "int", jd: "double", forcediffimflux: "float", forcediffimfluxunc: "float", procstatus: "string",
  distnr: "float", ranr: "double", decnr: "double", magnr: "float", sigmagnr: "float", chinr: "float",
  sharpnr: "float",
};

/** Fields without which a measurement means nothing. */
export const REQUIRED_FIELDS: readonly string[] = ["jd", "fid"];

/** The names of the stamps, in the order of a triplet. */
export const CUTOUT_FIELDS = ["cutoutScience", "cutoutTemplate", "cutoutDifference"] as const;
