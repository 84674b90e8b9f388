const POINT = { jd: 2458881.5, fid: 1, candid: 5, magpsf: 18.5, sigmapsf: 0.1, diffmaglim: 20.5, isdiffpos: "t" };
const CANDIDATE = { jd: 2458882.5, fid: 1, band: "g", magpsf: 18.25, sigmapsf: 0.1, psfFlux: 1.8e11, isdiffpos: true };
const HISTORY = {
  prv_candidates: [{ jd: 2458881.5, band: "r", psfFlux: 1.8e11, psfFluxErr: 1e9 }],
  prv_nondetections: [{ jd: 2458880.5, band: "i", psfFluxErr: 1e9 }],
  fp_hists: [{ jd: 2458879.5, band: "g", psfFlux: null, psfFluxErr: 1e9 }],
};
const PACKET = { objectId: "ZTF20aajcdad", candid: 5, candidate: CANDIDATE };
const STAMPS = {
  cutoutScience: [31, 139, 8],
  cutoutTemplate: "H4sI",
  cutoutDifference: {
    stampData: [
      [1, 2],
      [3, null],
    ],
  },
};
const prefixed = (prefix, record) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));

/** A document of each form that brokers give alerts and light curves, to begin mutations with. */
export const BROKER_TEXTS = [
  { status: "success", data: [PACKET, { ...PACKET, ...STAMPS }] },
  { status: "success", data: { ZTF_alerts: { "10, 20": [PACKET] } } },
  { status: "error", message: "no such object" },
  {
    status: "success",
    message: "found",
    data: { ...PACKET, _id: 5, ...HISTORY, ...STAMPS, classifications: { btsbot: 0.5 } },
  },
  { ...PACKET, ...HISTORY, survey_matches: {}, properties: { rock: false } },
  {
    candid: 5,
    objectId: "ZTF20aajcdad",
    jd: 2458882.5,
    survey: "Ztf",
    filters: [{ filter_id: "7" }],
    classifications: [{ classifier: "drb", score: 0.5 }],
    photometry: [{ jd: 2458882.5, flux: 1.8e11, flux_err: 1e9, band: "g", origin: "Alert", survey: "Ztf" }],
  },
  [{ ...prefixed("i:", { ...POINT, objectId: "ZTF20aajcdad" }), "d:roid": 0, "b:cutoutScience_stampData": [[1, 2]] }],
  [{ tid: "ztf", ...POINT, mjd: 58881 }],
  {
    detections: [{ mjd: 58881, ...POINT }],
    non_detections: [{ mjd: 58880, fid: 1, diffmaglim: 20 }],
    oid: "ZTF20aajcdad",
  },
  [{ object: "ZTF20aajcdad", separation: 1.5 }],
  { objectId: "ZTF20aajcdad", objectData: {}, candidates: [POINT], noncandidates: [POINT] },
  { data: [{ type: "alert", attributes: { properties: prefixed("ztf_", { ...POINT, object_id: "ZTF20aajcdad" }) } }] },
  { _id: "ZTF20aajcdad", prv_candidates: [POINT] },
  { objectid: "WNTR24awati", candid: 5, candidate: { ...POINT, tooflag: false }, cutout_science: "H4sI" },
].map((document) => JSON.stringify(document));
