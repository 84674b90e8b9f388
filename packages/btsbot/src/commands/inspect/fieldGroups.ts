/**
 * Fields of `candidate` that belong together, each with its unit.
 *
 * @internal
 */
export interface FieldGroup {
  readonly title: string;
  readonly units: Readonly<Record<string, string>>;
}

/**
 * The fields of `candidate` by what they tell; an empty unit is a number, a name or a mark.
 *
 * Source: schema 4.02 and docs/schema.md of https://github.com/ZwickyTransientFacility/ztf-avro-alert
 *
 * @internal
 */
export const FIELD_GROUPS: readonly FieldGroup[] = [
  {
    title: "Brightness",
    units: {
      magpsf: "mag",
      sigmapsf: "mag",
      chipsf: "",
      magap: "mag",
      sigmagap: "mag",
      magapbig: "mag",
      sigmagapbig: "mag",
      magdiff: "mag",
      diffmaglim: "mag",
      magfromlim: "mag",
      isdiffpos: "",
      scorr: "sigma",
    },
  },
  { title: "Place", units: { ra: "deg", dec: "deg", xpos: "px", ypos: "px", field: "", rcid: "", mindtoedge: "px" } },
  { title: "Real or bogus", units: { drb: "", drbversion: "", rb: "", rbversion: "" } },
  {
    title: "Shape",
    units: {
      fwhm: "px",
      classtar: "",
      seeratio: "",
      aimage: "px",
      bimage: "px",
      aimagerat: "",
      bimagerat: "",
      elong: "",
      nneg: "px",
      nbad: "px",
      sumrat: "",
      sky: "DN",
      dsnrms: "",
      ssnrms: "",
      dsdiff: "",
    },
  },
  {
    title: "Past of the source",
    units: { ndethist: "detections", ncovhist: "exposures", jdstarthist: "d", jdendhist: "d" },
  },
  {
    title: "In the template",
    units: {
      distnr: "px",
      magnr: "mag",
      sigmagnr: "mag",
      chinr: "",
      sharpnr: "",
      ranr: "deg",
      decnr: "deg",
      rfid: "",
      jdstartref: "d",
      jdendref: "d",
      nframesref: "",
    },
  },
  {
    title: "Neighbors in Pan-STARRS1",
    units: {
      objectidps1: "",
      sgscore1: "",
      distpsnr1: "arcsec",
      sgmag1: "mag",
      srmag1: "mag",
      simag1: "mag",
      szmag1: "mag",
      objectidps2: "",
      sgscore2: "",
      distpsnr2: "arcsec",
      sgmag2: "mag",
      srmag2: "mag",
      simag2: "mag",
      szmag2: "mag",
      objectidps3: "",
      sgscore3: "",
      distpsnr3: "arcsec",
      sgmag3: "mag",
      srmag3: "mag",
      simag3: "mag",
      szmag3: "mag",
      nmtchps: "",
    },
  },
  {
    title: "Neighbors in Gaia",
    units: { neargaia: "arcsec", maggaia: "mag", neargaiabright: "arcsec", maggaiabright: "mag" },
  },
  { title: "Solar system", units: { ssdistnr: "arcsec", ssmagnr: "mag", ssnamenr: "" } },
  {
    title: "Exposure and calibration",
    units: {
      exptime: "s",
      programid: "",
      programpi: "",
      pid: "",
      nid: "",
      tblid: "",
      pdiffimfilename: "",
      magzpsci: "mag",
      magzpsciunc: "mag",
      magzpscirms: "mag",
      nmatches: "",
      clrcoeff: "",
      clrcounc: "",
      zpclrcov: "",
      zpmed: "mag",
      clrmed: "mag",
      clrrms: "mag",
      tooflag: "",
    },
  },
];
