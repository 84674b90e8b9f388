import type { Alert } from "@btsbot/alert";
import { createRandom, shuffle as mix } from "@btsbot/chance";
import { makeAlert } from "./packets.js";

/** What a test asks of an alert; the rest is that of `makeAlert`. */
export interface AlertParts {
  readonly objectId?: string;
  /** Days after the first night. */
  readonly day: number;
  readonly magpsf?: number;
  readonly fid?: number;
  /** Days since the source was first seen: with the age model, over 20 is a score over 0.5. */
  readonly age?: number;
  readonly candidate?: Partial<Alert["candidate"]>;
}

const JD = 2460000.75;

/** An alert whose id follows from its source and its day. */
export function alertOf({
  objectId = "ZTF23aaaaaaa",
  day,
  magpsf = 18.3,
  fid = 1,
  age = 40,
  candidate,
}: AlertParts): Alert {
  const candid = candidOf(objectId, day);
  const jd = JD + day;
  const whole = makeAlert(0);
  return {
    ...whole,
    objectId,
    candid,
    candidate: { ...whole.candidate, candid, jd, fid, magpsf, jdstarthist: jd - age, ...candidate },
    prv_candidates: [],
  };
}

/** The id of that alert. */
export function candidOf(objectId: string, day: number): bigint {
  return (
    2_000_000_000_000_000_000n +
    BigInt(objectId.charCodeAt(objectId.length - 1)) * 1_000_000n +
    BigInt(Math.round(day * 100))
  );
}

/** Alerts of six sources over twenty nights, bright and faint, good and bad. */
export function makeStream(seed: number): Alert[] {
  const random = createRandom(seed);
  return Array.from({ length: 30 }, (_, index) => {
    const objectId = `ZTF23aaaaaa${"abcdef"[Math.floor(random() * 6)]}`;
    return alertOf({ objectId, day: index * 0.7, magpsf: 18 + 1.6 * random(), age: 40 * random() });
  });
}

/** The same alerts in another order, some of them twice. */
export function shuffle(alerts: readonly Alert[], seed: number): Alert[] {
  const random = createRandom(seed);
  return mix([...alerts, ...alerts.filter(() => random() < 0.3)], random);
}
