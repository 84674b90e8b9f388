import type { JudgedAlert } from "@btsbot/decide";

/** Why an alert has no score. */
export interface EnrichedReason {
  /** The code, from the registry. */
  readonly code: string;
  /** One line for people. */
  readonly message: string;
}

/** An alert with its score, as it leaves: ids are decimal strings, what is absent is null. */
export interface EnrichedAlert {
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id, decimal. */
  readonly candid: string;
  /** Its Julian date, days UTC. */
  readonly jd: number;
  /** Filter: ZTF's 1 g, 2 r, 3 i. */
  readonly fid: number;
  /** Whose data they are: ZTF's 1 is public. */
  readonly programid: number | null;
  /** Right ascension J2000, degrees. */
  readonly ra: number | null;
  /** Declination J2000, degrees. */
  readonly dec: number | null;
  /** PSF-fit magnitude, mag. */
  readonly magpsf: number | null;
  /** Its 1-sigma error, mag. */
  readonly sigmapsf: number | null;
  /** Name of the filter that it passed; null without one. */
  readonly filter: string | null;
  /** Name of the model that was asked; null where none was. */
  readonly model: string | null;
  /** Its score, 0 to 1; null where it gives none. */
  readonly score: number | null;
  /** Why there is no score. */
  readonly reasons: readonly EnrichedReason[];
  /** Where an input was not the training's: what stood in its place. */
  readonly flags: readonly string[];
  /** By what the score was made, JSON; null where no model was asked. */
  readonly provenance: string | null;
}

/**
 * An alert with what was judged of it, in the form in which it leaves (`ENRICHED_SCHEMA`).
 *
 * @param judged - the alert, with its result
 * @returns what `JSON.stringify` writes
 *
 * @example
 * ```ts
 * import { toEnriched } from "@btsbot/stream";
 *
 * const alert = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1, magpsf: 18.2 } };
 * const provenance = { model: "btsbot-mini" } as never;
 * const result = { status: "scored", score: 0.9, flags: [], provenance } as const;
 * toEnriched({ file: "t/0", index: 7, alert, result }).score; // => 0.9
 * ```
 */
export function toEnriched({ alert, filtered, result }: JudgedAlert): EnrichedAlert {
  const { objectId, candid, candidate } = alert;
  const { jd, fid, programid, ra, dec, magpsf, sigmapsf } = candidate;
  return {
    objectId,
    candid: String(candid),
    jd,
    fid,
    programid: finite(programid),
    ra: finite(ra),
    dec: finite(dec),
    magpsf: finite(magpsf),
    sigmapsf: finite(sigmapsf),
    filter: filtered?.name ?? null,
    model: result?.provenance.model ?? null,
    score: result?.status === "scored" ? (result.score ?? null) : null,
    reasons: result?.status === "unscored" ? result.reasons.map(({ code, message }) => ({ code, message })) : [],
    flags: result?.flags ?? [],
    provenance: result === undefined ? null : JSON.stringify(result.provenance),
  };
}

/** JSON has no other number; the packet's NaN stands for no value. */
function finite(value: number | null | undefined): number | null {
  return value != null && Number.isFinite(value) ? value : null;
}
