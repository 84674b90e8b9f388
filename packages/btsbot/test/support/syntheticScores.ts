import { createRandom } from "@btsbot/chance";
import type { SourceTruth } from "@btsbot/evaluate";

/** A scored alert as a CSV file has it. */
export interface SyntheticAlert {
  readonly objectId: string;
  readonly candid: string;
  readonly jd: number;
  readonly fid: number;
  readonly magpsf: number;
  readonly score: number;
}

/** Scored alerts of a made-up survey, and what is known of their sources. */
export interface SyntheticSurvey {
  readonly alerts: readonly SyntheticAlert[];
  readonly truth: readonly SourceTruth[];
}

/** First date: 2021-09-01, after which delays count. */
const START = 2459458.5;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * Makes sources that rise and fall over a season: bright transients with mostly high scores, dim ones, variables and
 * AGN with mostly low ones. The same seed gives the same survey.
 */
export function makeSurvey(seed: number, sources: number, days = 60): SyntheticSurvey {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const alerts: SyntheticAlert[] = [];
  const truth: SourceTruth[] = [];
  for (let index = 0; index < sources; index += 1) {
    const objectId = `ZTF21${[6, 5, 4, 3, 2, 1, 0].map((place) => LETTERS[Math.floor(index / 26 ** place) % 26]).join("")}`;
    const kind = random() < 0.3 ? "bright" : random() < 0.55 ? "dim" : "variable";
    const peak =
      kind === "bright" ? 18.5 - 1.6 * random() ** 2 : kind === "dim" ? 18.55 + 0.8 * random() : 17.2 + 1.6 * random();
    const start = START + random() * days;
    const rise = 8 + 8 * random();
    // Some sources are hard, whatever their night.
    const hard = 1.5 * normal();
    const own: SyntheticAlert[] = [];
    for (let day = start; day < start + 30; day += 1 + Math.floor(3 * random())) {
      const phase = (day - start - rise) / rise;
      const shape = kind === "variable" ? 0.3 * normal() : phase < 0 ? 1.6 * phase ** 2 : 0.5 * phase;
      const magpsf = peak + Math.abs(shape) + 0.03 * Math.abs(normal());
      if (magpsf > 20.3) continue;
      const brightness = (19.2 - magpsf) * 1.1;
      const logit =
        (kind === "bright" ? 1.6 + brightness : kind === "dim" ? -0.9 + 0.4 * brightness : -3.2) +
        hard +
        0.9 * normal();
      const candid = `${2000000000000000000n + BigInt(alerts.length + own.length) * 15015n}`;
      own.push({
        objectId,
        candid,
        jd: Number((day + 0.25 + 0.2 * random()).toFixed(5)),
        fid: random() < 0.45 ? 1 : random() < 0.85 ? 2 : 3,
        magpsf: Number(magpsf.toFixed(4)),
        score: Number((1 / (1 + Math.exp(-logit))).toFixed(6)),
      });
    }
    if (own.length === 0) continue;
    alerts.push(...own);
    const saved = own.find(({ magpsf }) => magpsf < 19);
    const isSaved = kind === "bright" && saved !== undefined;
    truth.push({
      objectId,
      label: kind === "bright" && own.some(({ magpsf }) => magpsf <= 18.5) ? 1 : 0,
      ...(isSaved && {
        saveJd: Number((saved.jd + 0.4 + Math.abs(normal()) + (random() < 0.1 ? 6 * random() : 0)).toFixed(4)),
      }),
      ...(isSaved && random() < 0.7 && { triggerJd: Number((saved.jd + 1.2 + 1.5 * random()).toFixed(4)) }),
      ...(kind === "variable" && random() < 0.1 && { junk: true }),
      classification: kind === "bright" ? "SN Ia" : kind === "dim" ? "SN, dim" : "AGN",
    });
  }
  return { alerts, truth };
}
