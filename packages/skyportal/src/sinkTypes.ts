import type { JsonValue, SaveAction } from "@btsbot/policy";
import type { EquatorialPosition } from "@btsbot/sky";
import type { PortalTime, SkyPortalClient } from "./types.js";

/** What SkyPortal is told of a source beside the save: all that is left out is not told. */
export interface PortalIntroduction {
  /** Where it is; the save's own position by default. */
  readonly position?: EquatorialPosition;
  /** The alert that passed a filter: posted for {@link filterIds}. */
  readonly candidate?: {
    /** Its id in decimal. */
    readonly candid: string;
    /** Its Julian date, days UTC. */
    readonly jd: number;
    /** Its score, 0 to 1. */
    readonly score?: number;
  };
  /** Ids of the filters of which it is a candidate. */
  readonly filterIds?: readonly number[];
  /** Annotations, one for each origin. */
  readonly annotations?: readonly {
    /** Whose it is; begins with a letter, a digit or `_`. */
    readonly origin: string;
    /** Names and values. */
    readonly data: { readonly [name: string]: JsonValue };
  }[];
  /** Bodies of `PUT /api/photometry`, without the source's name. */
  readonly photometry?: readonly { readonly [field: string]: JsonValue }[];
  /** Pictures, one of each type. */
  readonly thumbnails?: readonly {
    /** Which stamp it is. */
    readonly type: "new" | "ref" | "sub";
    /** PNG of 16 to 500 pixels a side, base64. */
    readonly data: string;
  }[];
  /** What a machine says that it is. */
  readonly classification?: {
    /** Id of the taxonomy that has the class. */
    readonly taxonomyId: number;
    /** The class. */
    readonly name: string;
    /** How sure the model is, 0 to 1. */
    readonly probability: number;
    /** The model and its version. */
    readonly origin: string;
  };
}

/** How actions are carried out. */
export interface PortalSinkOptions {
  /** What calls. */
  readonly client: SkyPortalClient;
  /** What is told of a source that is saved; nothing beside the save by default. */
  readonly introduce?: (action: SaveAction) => Promise<PortalIntroduction | undefined>;
  /**
   * Keys of the actions of sources that were asked for and not refused (`Store.load`): a comment goes with what it is about.
   * By default, what this sink was not given itself is taken for done.
   */
  readonly issued?: (objectId: string) => Promise<readonly string[]>;
  /**
   * How long after a call without an answer SkyPortal may still carry it out, ms; 60,000 by default: it waits 30 s for a
   * facility. Only after that a look tells that nothing was done.
   */
  readonly settleMs?: number;
  /** The time; the platform's by default. */
  readonly time?: PortalTime;
  /** What SkyPortal shows as the source's origin; `btsbot` by default. */
  readonly origin?: string;
  /** Told when SkyPortal's picture of a source has changed, as whoever remembers it has to forget. */
  readonly onChanged?: (objectId: string) => void;
}
