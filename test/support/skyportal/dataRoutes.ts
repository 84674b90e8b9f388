import { addRow } from "./noteRoutes.js";
import { canSee, fail, idsIn, ok } from "./portal.js";
import type { Fields, Portal, PortalAnswer, PortalCall, PortalRoute, PortalRow } from "./portal.js";
import { showGroups, showInstrumentAndTelescope, showUser } from "./portalShapes.js";
import { sizeOfPng } from "./sizeOfPng.js";

/** Points, stamps and spectra. */
export const DATA_ROUTES: readonly PortalRoute[] = [
  ["PUT", /^\/api\/photometry$/, "Upload data", postPhotometry],
  ["POST", /^\/api\/photometry$/, "Upload data", postPhotometry],
  ["GET", /^\/api\/sources\/([^/]+)\/photometry$/, undefined, getPhotometry],
  ["POST", /^\/api\/thumbnail$/, "Upload data", postThumbnail],
  ["POST", /^\/api\/spectrum$/, "Upload data", postSpectrum],
  ["GET", /^\/api\/spectrum$/, undefined, getSpectra],
  ["GET", /^\/api\/sources\/([^/]+)\/spectra$/, undefined, getSourceSpectra],
];

/** What a point may have, and what a call has for all of its points. */
const POINT_KEYS = ["mjd", "filter", "magsys", "ra", "dec", "ra_unc", "dec_unc", "altdata", "origin", "alert_id"];
const CALL_KEYS = ["obj_id", "instrument_id", "stream_ids", "group_ids", "assignment_id"];
const FLUX_KEYS = ["flux", "fluxerr", "zp"];
const MAG_KEYS = ["mag", "magerr", "limiting_mag", "limiting_mag_nsigma"];

function postPhotometry(portal: Portal, call: PortalCall): PortalAnswer {
  const { body, query, user, method } = call;
  if (query.get("duplicate_ignore_flux") === "true" && user.isAdmin !== true)
    return fail("Ignoring flux/fluxerr when checking for duplicates is reserved to super admin users only");
  const refused = checkPhotometry(portal, call);
  if (refused !== undefined) return refused;
  const points = pointsOf(body);
  if (typeof points === "string")
    return fail(`Unable to coerce passed JSON to a series of packets. Error was: "${points}"`);
  const isFlux = body.mag === undefined && body.limiting_mag === undefined;
  const wrong = isFlux ? wrongInFlux(body, points) : undefined;
  if (wrong !== undefined) return fail(`Invalid input format: Tried to parse data in mag space, got: ${wrong}`);
  const bad = points.find(({ filter }) => !/^(?:ztf[gri]|sdss[ugriz])$/.test(String(filter)));
  if (bad !== undefined)
    return fail(`Filter(s) {np.str_('${String(bad.filter)}')} is not allowed. Allowed filters are: ('`);
  const id = String(body.obj_id);
  const known = points.map((point) =>
    portal.photometry.findLast(
      (row) => row.objId === id && row.body.instrument_id === body.instrument_id && isSame(row.body, point, query),
    ),
  );
  if (method === "POST" && known.some((row) => row !== undefined)) {
    points.forEach(() => portal.next("photometry"));
    return fail("Traceback ...");
  }
  const groups = body.group_ids === "all" ? [2] : [user.groups[0], ...idsIn(body.group_ids)];
  const ids = points.map((point, place) => {
    const row = { ...point, instrument_id: body.instrument_id, group_ids: groups };
    return (known[place] ?? addRow(portal, portal.photometry, "photometry", id, call, row)).id;
  });
  return ok(method === "PUT" ? { ids } : { ids, upload_id: "UUID" });
}

function checkPhotometry(portal: Portal, { body, user }: PortalCall): PortalAnswer | undefined {
  const id = String(body.obj_id);
  if (!portal.instruments.some((each) => each.id === body.instrument_id))
    return fail(`Invalid instrument ID: ${String(body.instrument_id)}`);
  if (!portal.objs.has(id)) return fail(`Invalid object ID: ${id}`);
  const streams = idsIn(body.stream_ids).filter((each) => !user.streams.includes(each));
  if (streams.length > 0) return fail(`Invalid stream IDs: {${streams.join(", ")}}. Available stream IDs: set()`);
  const groups = idsIn(body.group_ids).filter((each) => !portal.groups.some((group) => group.id === each));
  if (groups.length > 0) return fail(`Invalid group IDs: {${groups.join(", ")}}. Available group IDs: set()`);
  return undefined;
}

/** The lists of a call as a list of points; or what is wrong with them. */
function pointsOf(body: Fields): Fields[] | string {
  const columns = Object.entries(body).filter(([key]) => !CALL_KEYS.includes(key));
  const lengths = new Set(columns.flatMap(([, value]) => (Array.isArray(value) ? [value.length] : [])));
  if (lengths.size > 1) return "All arrays must be of the same length";
  const [length = 1] = lengths;
  if (length === 0) return "Length of values (0) does not match length of index (1)";
  return Array.from({ length }, (_, place) =>
    Object.fromEntries(
      columns.map(([key, value]) => [key, Array.isArray(value) ? (value as unknown[])[place] : value]),
    ),
  );
}

function wrongInFlux(body: Fields, points: readonly Fields[]): string | undefined {
  const known = [...POINT_KEYS, ...FLUX_KEYS, ...MAG_KEYS, ...CALL_KEYS];
  const extra = Object.keys(body).find((key) => !known.includes(key));
  if (extra !== undefined) return `"{'${extra}': ['Unknown field.']}"`;
  const missing = FLUX_KEYS.find((key) => body[key] === undefined);
  if (missing !== undefined)
    return `"{'flux': ['Unknown field.']}", "{'${missing}': ['Missing data for required field.']}"`;
  if (points.some(({ fluxerr }) => fluxerr === null))
    return `"{'fluxerr': ['fluxerr must be a number or list of numbers`;
  return undefined;
}

/** The same point whatever its filter; and, for a super admin who says so, whatever its flux. */
function isSame(row: Fields, point: Fields, query: URLSearchParams): boolean {
  const keys =
    query.get("duplicate_ignore_flux") === "true" ? ["mjd", "filter"] : ["mjd", "flux", "fluxerr", "mag", "magerr"];
  return [...keys, "origin"].every((key) => row[key] === point[key]);
}

/** A point as it is shown. */
export function showPoint(portal: Portal, row: PortalRow, format: "mag" | "flux"): Fields {
  const {
    ra = null,
    dec = null,
    filter,
    mjd,
    instrument_id,
    magsys,
    altdata = null,
    flux = null,
    fluxerr = null,
    zp,
  } = row.body;
  const shown = {
    id: row.id,
    obj_id: row.objId,
    ra,
    dec,
    filter,
    mjd,
    snr: flux === null ? null : Number(flux) / Number(fluxerr),
    instrument_id,
    instrument_name: portal.instruments.find(({ id }) => id === instrument_id)!.name,
    ra_unc: null,
    dec_unc: null,
    origin: row.body.origin ?? "None",
    altdata,
    created_at: row.at,
    groups: portal.groups
      .filter(({ id }) => row.groupIds.includes(id))
      .map(({ id, name, single = false }) => ({ id, name, nickname: null, single_user_group: single })),
    magsys,
  };
  if (format === "flux") return { ...shown, flux, fluxerr, zp: zp ?? 23.9 };
  const mag = flux === null ? null : Number(zp) - 2.5 * Math.log10(Number(flux));
  return { ...shown, mag, magerr: flux === null ? null : 0.03, limiting_mag: 20.5 };
}

function getPhotometry(portal: Portal, { user, token, params: [id], query }: PortalCall): PortalAnswer {
  if (!canSee(portal, user, id)) return fail(`Insufficient permissions for User ${token} to read Obj ${id}`, 403);
  const format = query.get("format") === "flux" ? "flux" : "mag";
  return ok(portal.photometry.filter(({ objId }) => objId === id).map((row) => showPoint(portal, row, format)));
}

const TYPES = ["new", "ref", "sub", "sdss", "ls", "ps1", "new_gz", "ref_gz", "sub_gz"];

function postThumbnail(portal: Portal, call: PortalCall): PortalAnswer {
  const { body } = call;
  const refuse = (why: string): PortalAnswer => fail(`Thumbnail failed to post: ${why}`);
  const extra = Object.keys(body).find((key) => !["obj_id", "data", "ttype", "survey"].includes(key));
  if (extra !== undefined) return fail(`Invalid/missing parameters: ${extra}: Extra inputs are not permitted`);
  if (body.data === undefined) return fail("Invalid/missing parameters: data: Field required");
  const id = String(body.obj_id);
  if (!portal.objs.has(id)) return refuse(`Invalid obj_id: ${id}`);
  const data = String(body.data);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data) || data.length % 4 !== 0) return refuse("Incorrect padding");
  const bytes = Buffer.from(data, "base64");
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return refuse("Invalid thumbnail image type. Only PNG are supported.");
  const size = sizeOfPng(bytes);
  if (size === undefined) return refuse("Invalid file type: cannot identify image file <_io.BytesIO object at 0x7f>");
  if (size.some((side) => side < 16 || side > 500))
    return refuse("Invalid thumbnail size. Only thumbnails between (16, 16) and (500, 500) allowed.");
  if (!TYPES.includes(String(body.ttype)))
    return refuse(
      `Invalid ttype: (builtins.LookupError) '${String(body.ttype)}' is not among the defined enum values.`,
    );
  return ok({ id: addRow(portal, portal.thumbnails, "thumbnails", id, call, body).id });
}

/** The newest of each type. */
export function showThumbnails(portal: Portal, id: string): Fields[] {
  const newest = new Map(portal.thumbnails.filter(({ objId }) => objId === id).map((row) => [row.body.ttype, row]));
  return [...newest.values()].map((row) => ({
    id: row.id,
    obj_id: id,
    origin: null,
    type: row.body.ttype,
    file_uri: "PATH",
    public_url: `/static/thumbnails/${id}_${String(row.body.ttype)}.png`,
    survey: row.body.survey ?? null,
    is_grayscale: true,
    created_at: row.at,
    modified: row.at,
  }));
}

function postSpectrum(portal: Portal, call: PortalCall): PortalAnswer {
  const id = String(call.body.obj_id);
  if (!portal.objs.has(id)) return fail("Invalid object ID.");
  return ok({ id: addRow(portal, portal.spectra, "spectra", id, call, call.body).id });
}

function showSpectrum({ id, objId, userId, at, body }: PortalRow): Fields {
  return {
    id,
    obj_id: objId,
    owner_id: userId,
    observed_at: body.observed_at,
    instrument_id: body.instrument_id,
    type: "source",
    ...Object.fromEntries(
      ["altdata", "origin", "original_file_filename", "label", "assignment_id"].map((key) => [key, null]),
    ),
    followup_request_id: null,
    modified: at,
    created_at: at,
  };
}

function getSpectra(portal: Portal, { query }: PortalCall): PortalAnswer {
  const id = query.get("objID");
  return ok(portal.spectra.filter(({ objId }) => id === null || objId === id).map(showSpectrum));
}

function getSourceSpectra(portal: Portal, { user, params: [id] }: PortalCall): PortalAnswer {
  if (!canSee(portal, user, id)) return fail("Invalid object ID.");
  const spectra = portal.spectra
    .filter(({ objId }) => objId === id)
    .map((row) => ({
      ...showSpectrum(row),
      wavelengths: row.body.wavelengths,
      fluxes: row.body.fluxes,
      errors: null,
      units: null,
      observers: [],
      instrument: showInstrumentAndTelescope(portal, Number(row.body.instrument_id)),
      owner: showUser(user),
      groups: showGroups(portal, row.groupIds),
      pis: [],
      reducers: [],
      comments: [],
      annotations: [],
      instrument_name: portal.instruments.find(({ id: each }) => each === row.body.instrument_id)!.name,
      telescope_id: 1,
      telescope_name: "Palomar 60",
      observed_at_mjd: Date.parse(`${String(row.body.observed_at)}Z`) / 864e5 + 40587,
    }));
  return ok({ obj_id: id, spectra });
}
