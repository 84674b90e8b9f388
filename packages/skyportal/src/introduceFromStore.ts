import { checkOptions } from "@btsbot/errors";
import type { OptionNames } from "@btsbot/errors";
import type { HistoryPoint, KeptSource, Store } from "@btsbot/decide";
import type { JsonValue, SaveAction } from "@btsbot/policy";
import { MJD_EPOCH_JD } from "@btsbot/sky";
import type { PortalIntroduction } from "./sinkTypes.js";

/** What is told of sources, out of what a store keeps of them. */
export interface StoreIntroductionOptions {
  /** What scored: its name with its version stands in the annotation and the classification. Without it, neither is told. */
  readonly model?: string;
  /** Who says it; `btsbot` by default: annotations have the origin `btsbot:MODEL`. */
  readonly origin?: string;
  /** Ids of the filters of which the source is a candidate. */
  readonly filterIds?: readonly number[];
  /** Id of the instrument of the light curve; without it, no photometry is told. */
  readonly instrumentId?: number;
  /** Ids of the streams whose members see the photometry. */
  readonly streamIds?: readonly number[];
  /** The class that the score is the probability of; without it, no classification is told. */
  readonly classification?: {
    /** Id of the taxonomy. */
    readonly taxonomyId: number;
    /** The class, one of the taxonomy's. */
    readonly name: string;
  };
  /** Whether points that are not public are told too (ZTF's `programid` 2 and 3); false by default. */
  readonly nonPublic?: boolean;
}

/** The names of {@link StoreIntroductionOptions}. */
const INTRODUCTION_OPTIONS: OptionNames<StoreIntroductionOptions> = {
  model: "string",
  origin: "string",
  filterIds: "list",
  instrumentId: "number",
  streamIds: "list",
  classification: "object",
  nonPublic: "boolean",
};

/** SkyPortal's names of ZTF's filters, by `fid` (sncosmo's, as skyportal/skyportal takes them). */
const FILTERS: Readonly<Record<number, string>> = { 1: "ztfg", 2: "ztfr", 3: "ztfi" };
/** AB magnitude of a flux of 1 microjansky (Oke & Gunn 1983, ApJ 266, 713), as SkyPortal's default. */
const ZERO_POINT = 23.9;
/** ZTF's limits are of so many sigma (Masci et al. 2019, PASP 131, 018003). */
const LIMIT_SIGMA = 5;

/**
 * Makes what tells SkyPortal of a source, out of what a store keeps: the alert that completed the policy with its score, the
 * light curve, and the score as annotation and, where a taxonomy has the class, as a machine's classification.
 *
 * @param store - the store
 * @param options - by which ids in SkyPortal, and in whose name
 * @returns for `introduce` of `createSkyPortalSink`
 *
 * @example
 * ```ts
 * import { createMemoryStore } from "@btsbot/decide";
 * import { introduceFromStore } from "@btsbot/skyportal";
 *
 * const introduce = introduceFromStore(createMemoryStore(), { model: "btsbot-v1.0.1", filterIds: [1] });
 * const save = { kind: "save", objectId: "ZTF23abhvlji", policy: "gt1", key: "ZTF23abhvlji/save/41", reasons: [], groupId: 41, ignoreGroupIds: [] } as const;
 * await introduce(save); // => {}
 * ```
 */
export function introduceFromStore(
  store: Pick<Store, "load" | "points">,
  options: StoreIntroductionOptions = {},
): (action: SaveAction) => Promise<PortalIntroduction> {
  checkOptions("introduceFromStore", options, INTRODUCTION_OPTIONS);
  const { model, origin = "btsbot", filterIds, classification, nonPublic = false } = options;
  return async ({ objectId, policy }) => {
    const kept = (await store.load([objectId])).get(objectId);
    if (kept === undefined) return {};
    const points = ((await store.points([objectId])).get(objectId) ?? []).filter(
      (point) => nonPublic || isPublic(point),
    );
    const position = kept.state.latest?.position;
    const candidate = candidateOf(kept, policy);
    const photometry = photometryOf(points, options);
    const score = candidate?.score;
    return {
      ...(position && { position }),
      ...(candidate && { candidate }),
      ...(filterIds && { filterIds }),
      ...(photometry && { photometry: [photometry] }),
      ...(candidate !== undefined &&
        score !== undefined &&
        model !== undefined && {
          annotations: [
            { origin: `${origin}:${model}`, data: { score, model, candid: candidate.candid, jd: candidate.jd } },
          ],
          ...(classification && {
            classification: { ...classification, probability: score, origin: `${origin}:${model}` },
          }),
        }),
    };
  };
}

/**
 * Whether a point may be shown to everyone: ZTF's partnership (2) and Caltech (3) may not.
 *
 * @internal
 */
export function isPublic({ programid }: Pick<HistoryPoint, "programid">): boolean {
  return programid !== 2 && programid !== 3;
}

/** The last alert that the policy counted: the decision rests on it. */
function candidateOf({ state }: KeptSource, policy: string): PortalIntroduction["candidate"] {
  const matches = (state.policies[policy]?.matches ?? []).flat();
  const last = matches.reduce<(typeof matches)[number] | undefined>(
    (best, each) => (best === undefined || each.jd > best.jd ? each : best),
    undefined,
  );
  if (last === undefined) return undefined;
  const { candid, jd, score } = last;
  return { candid, jd, ...(score !== undefined && { score }) };
}

/** A point in SkyPortal's fields; fluxes in microjansky. */
interface PortalPoint {
  readonly mjd: number;
  readonly filter: string;
  readonly flux: number | null;
  readonly fluxerr: number;
}

/** In fluxes, whose repetition SkyPortal knows: a limit has none, and its error. */
function photometryOf(
  points: readonly HistoryPoint[],
  { instrumentId, streamIds, origin = "btsbot" }: StoreIntroductionOptions,
): { readonly [field: string]: JsonValue } | undefined {
  if (instrumentId === undefined) return undefined;
  const rows = points.flatMap(({ jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos }): PortalPoint[] => {
    const filter = FILTERS[fid];
    const mjd = jd - MJD_EPOCH_JD;
    if (filter === undefined) return [];
    if (magpsf != null && sigmapsf != null) {
      const size = toFlux(magpsf);
      const flux = isNegative(isdiffpos) ? -size : size;
      return [{ mjd, filter, flux, fluxerr: (size * sigmapsf * Math.LN10) / 2.5 }];
    }
    return diffmaglim == null ? [] : [{ mjd, filter, flux: null, fluxerr: toFlux(diffmaglim) / LIMIT_SIGMA }];
  });
  if (rows.length === 0) return undefined;
  return {
    instrument_id: instrumentId,
    ...(streamIds && { stream_ids: streamIds }),
    magsys: "ab",
    zp: ZERO_POINT,
    origin,
    mjd: rows.map(({ mjd }) => mjd),
    filter: rows.map(({ filter }) => filter),
    flux: rows.map(({ flux }) => flux),
    fluxerr: rows.map(({ fluxerr }) => fluxerr),
  };
}

/** In microjansky. */
function toFlux(magnitude: number): number {
  return 10 ** ((ZERO_POINT - magnitude) / 2.5);
}

/** ZTF writes `f` or `0`; brokers also false. */
function isNegative(isdiffpos: HistoryPoint["isdiffpos"]): boolean {
  return ["f", "0", "false"].includes(String(isdiffpos).toLowerCase());
}
