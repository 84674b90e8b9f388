/** One alert of one source with its score: what a policy reads. Everything but the score comes from the packet. */
export interface PolicyAlert {
  /** The source's name. */
  readonly objectId: string;
  /** The alert's id, exact. */
  readonly candid: bigint;
  /** Julian date of the alert, days UTC. */
  readonly jd: number;
  /** PSF-fit magnitude of the difference, mag. */
  readonly magpsf: number;
  /** Filter: 1 g, 2 r, 3 i; absent where unknown. */
  readonly fid?: number | undefined;
  /** The model's score, 0 to 1; absent where the alert could not be scored. */
  readonly score?: number | undefined;
  /** Other values that a policy's conditions name, such as `sgscore1`. */
  readonly fields?: Readonly<Record<string, number | string | boolean>>;
}

/** What a policy asks for. */
export type PolicyAction = "save" | "trigger";

/** What a policy says of a source, once: it fired. */
export interface Decision {
  /** Name of the policy. */
  readonly policy: string;
  /** The source's name. */
  readonly objectId: string;
  /** What is asked for. */
  readonly action: PolicyAction;
  /** Urgency of the request that follows, where the policy states one: 1 to 5. */
  readonly priority?: number;
  /** The alert that completed the rule: the first, by jd, at which it holds. */
  readonly candid: bigint;
  /** That alert's Julian date, days UTC. */
  readonly jd: number;
  /** Which condition held, with the numbers, a line each, for people. */
  readonly reasons: readonly string[];
  /** The alerts that made it hold, by jd. */
  readonly alerts: readonly DecisionAlert[];
  /** True where the policy had fired before and a late, earlier alert moved the moment: nothing is to be done again. */
  readonly revised?: true;
}

/** An alert that a decision rests on. */
export interface DecisionAlert {
  /** The alert's id, exact. */
  readonly candid: bigint;
  /** Julian date, days UTC. */
  readonly jd: number;
  /** PSF-fit magnitude, mag. */
  readonly magpsf: number;
  /** Its score, 0 to 1; absent where it had none. */
  readonly score?: number;
}
