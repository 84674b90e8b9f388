/*
 * The records of Rubin's alerts, schemas 9.0 to 11.0: names and types, https://github.com/lsst/alert_packet
 * (python/lsst/alert/packet/schema/). Three hundred and some fields as objects would be most of this package, so that they
 * stand as words: a name, and its type where that is not a float that may be null. Large letters are types that may not.
 */

/** The types by their letters. */
export const LETTERS = {
  l: "long",
  i: "int",
  f: "float",
  d: "double",
  s: "string",
  b: "boolean",
  t: "timestamp",
} as const;

/** Rubin's bands, from blue to red. */
export const LSST_BANDS = ["u", "g", "r", "i", "z", "y"] as const;

/** Fields of schema 11 that may be null before. */
export const NULLABLE_BEFORE_11 = /^(?:psfNdata|trailNdata|dipoleNdata|bboxSize|[ugrizy]_psfFluxNdata)$/;

/** `diaSource`, and each of `prvDiaSources`. */
export const DIA_SOURCE = `
  diaSourceId:L visit:L detector:I diaObjectId:l ssObjectId:l parentDiaSourceId:l midpointMjdTai:D ra:D raErr dec:D
  decErr ra_dec_Cov x:F xErr y:F yErr centroid_flag:b apFlux apFluxErr apFlux_flag:b apFlux_flag_apertureTruncated:b
  isNegative:b snr psfFlux psfFluxErr psfLnL psfChi2 psfNdata:I psfFlux_flag:b psfFlux_flag_edge:b
  psfFlux_flag_noGoodPixels:b trailFlux trailFluxErr trailRa:d trailRaErr trailDec:d trailDecErr trailLength
  trailLengthErr trailAngle trailAngleErr trailChi2 trailNdata:I trail_flag_edge:b dipoleMeanFlux dipoleMeanFluxErr
  dipoleFluxDiff dipoleFluxDiffErr dipoleLength dipoleAngle dipoleChi2 dipoleNdata:I scienceFlux scienceFluxErr
  forced_PsfFlux_flag:b forced_PsfFlux_flag_edge:b forced_PsfFlux_flag_noGoodPixels:b templateFlux templateFluxErr ixx
  iyy ixy ixxPSF iyyPSF ixyPSF shape_flag:b shape_flag_no_pixels:b shape_flag_not_contained:b
  shape_flag_parent_source:b extendedness reliability band:s isDipole:b dipoleFitAttempted:b timeProcessedMjdTai:D
  timeWithdrawnMjdTai:d bboxSize:I pixelFlags:b pixelFlags_bad:b pixelFlags_cr:b pixelFlags_crCenter:b
  pixelFlags_edge:b pixelFlags_nodata:b pixelFlags_nodataCenter:b pixelFlags_interpolated:b
  pixelFlags_interpolatedCenter:b pixelFlags_offimage:b pixelFlags_saturated:b pixelFlags_saturatedCenter:b
  pixelFlags_suspect:b pixelFlags_suspectCenter:b pixelFlags_streak:b pixelFlags_streakCenter:b pixelFlags_injected:b
  pixelFlags_injectedCenter:b pixelFlags_injected_template:b pixelFlags_injected_templateCenter:b glint_trail:b`;

/** Each of `prvDiaForcedSources`. */
export const DIA_FORCED_SOURCE = `
  diaForcedSourceId:L diaObjectId:L ra:D dec:D visit:L detector:I psfFlux psfFluxErr midpointMjdTai:D scienceFlux
  scienceFluxErr band:s timeProcessedMjdTai:D timeWithdrawnMjdTai:d`;

/** `ssSource` of schema 9. */
export const SS_SOURCE_9 = `
  ssObjectId:l diaSourceId:l eclipticLambda:d eclipticBeta:d galacticL:d galacticB:d phaseAngle heliocentricDist
  topocentricDist predictedVMagnitude residualRa:d residualDec:d heliocentricX heliocentricY heliocentricZ
  heliocentricVX heliocentricVY heliocentricVZ topocentricX topocentricY topocentricZ topocentricVX topocentricVY
  topocentricVZ`;

/** `ssSource` since schema 10. */
export const SS_SOURCE = `
  diaSourceId:L ssObjectId:L designation:s eclLambda:D eclBeta:D galLon:D galLat:D elongation phaseAngle topoRange
  topoRangeRate helioRange helioRangeRate ephRa:d ephDec:d ephVmag ephRate ephRateRa ephRateDec ephOffset
  ephOffsetRa:d ephOffsetDec:d ephOffsetAlongTrack ephOffsetCrossTrack helio_x helio_y helio_z helio_vx helio_vy
  helio_vz helio_vtot topo_x topo_y topo_z topo_vx topo_vy topo_vz topo_vtot diaDistanceRank:i`;

/** `MPCORB`, the orbit of schema 9. */
export const MPCORB_9 = `
  mpcDesignation:s ssObjectId:l mpcH epoch:d M:d peri:d node:d incl:d e:d a:d q:d t_p:d`;

/** `mpc_orbits`, the orbit since schema 10. */
export const MPC_ORBITS = `
  id:I designation:S packed_primary_provisional_designation:S unpacked_primary_provisional_designation:S
  mpc_orb_jsonb:s created_at:t updated_at:t orbit_type_int:i u_param:i nopp:i arc_length_total:d arc_length_sel:d
  nobs_total:i nobs_total_sel:i a:d q:d e:d i:d node:d argperi:d peri_time:d yarkovsky:d srp:d a1:d a2:d a3:d dt:d
  mean_anomaly:d period:d mean_motion:d a_unc:d q_unc:d e_unc:d i_unc:d node_unc:d argperi_unc:d peri_time_unc:d
  yarkovsky_unc:d srp_unc:d a1_unc:d a2_unc:d a3_unc:d dt_unc:d mean_anomaly_unc:d period_unc:d mean_motion_unc:d
  epoch_mjd:d h:d g:d not_normalized_rms:d normalized_rms:d earth_moid:d fitting_datetime:t`;

/** `diaObject`: what is known of the object in each band. */
export const DIA_OBJECT = [
  "diaObjectId:L validityStartMjdTai:D ra:D raErr dec:D decErr ra_dec_Cov",
  eachBand("psfFluxMean psfFluxMeanErr psfFluxSigma psfFluxNdata:I fpFluxMean fpFluxMeanErr"),
  eachBand("scienceFluxMean scienceFluxMeanErr"),
  eachBand("psfFluxMin psfFluxMax psfFluxMaxSlope psfFluxErrMean"),
  "firstDiaSourceMjdTai:d lastDiaSourceMjdTai:d nDiaSources:I",
].join(" ");

function eachBand(words: string): string {
  return LSST_BANDS.map((band) => words.replace(/\S+/g, `${band}_$&`)).join(" ");
}
