import { createRandom } from "@btsbot/chance";
import type { Random } from "@btsbot/chance";
import { makeAsteroid, makeBogus } from "./makeIntruder.js";
import { makeSky } from "./makeSky.js";
import { makeTransient } from "./makeTransient.js";
import { makeVariable } from "./makeVariable.js";
import { toGalactic } from "@btsbot/sky";
import { distanceOf } from "./source.js";
import type { Artifact, Nature, SimulatedSource } from "./source.js";
import type { SourceClass } from "./types.js";

const LETTERS = 26;
const NAME_LETTERS = 7;
/** Odd and no multiple of 13, so that no two of 26^7 numbers get the same letters. */
const NAME_STEP = 1_234_567_891;
/** PS1 covers the sky north of -30 degrees but for some holes (Chambers et al. 2016). */
const PS1_COVERAGE = 0.97;

/**
 * Makes a source of a class: everything follows from the seed, the index and the attempt.
 *
 * @internal
 */
export function makeSource(
  seed: number,
  index: number,
  attempt: number,
  name: SourceClass,
  window: readonly [number, number],
): SimulatedSource {
  const random = createRandom(seed, 21, index, attempt);
  const nature = makeNature(random, name, window);
  const around = makeSky(
    createRandom(seed, 22, index, attempt),
    toGalactic(nature.place.ra, nature.place.dec).latitude,
  );
  const sky = [...nature.objects, ...around].sort((a, b) => distanceOf(a) - distanceOf(b));
  const named = nature.begin ?? (isRecurrent(nature) ? 2458300 : window[0]);
  return {
    ...nature,
    index,
    attempt,
    class: name,
    objectId: makeName(seed, index, named),
    sky,
    inPs1: random.chance(PS1_COVERAGE),
  };
}

/** Whether it has been there since the survey began. */
export function isRecurrent({ begin, once }: Nature): boolean {
  return begin === null && once === undefined;
}

function makeNature(random: Random, name: SourceClass, window: readonly [number, number]): Nature {
  switch (name) {
    case "SN Ia":
    case "SN II":
    case "SN Ibc":
    case "TDE":
      return makeTransient(random, name, window);
    case "AGN":
    case "CV":
    case "Nova":
    case "RR Lyrae":
    case "Eclipsing binary":
    case "Long-period variable":
    case "Young star":
      return makeVariable(random, name, window);
    case "Asteroid":
      return makeAsteroid(random, window);
    default:
      return makeBogus(random, name.replace("Bogus: ", "") as Artifact, window);
  }
}

/** `ZTF`, the year of discovery, seven letters, as the survey names its sources. */
function makeName(seed: number, index: number, jd: number): string {
  const offset = createRandom(seed, 23).below(LETTERS ** NAME_LETTERS);
  let number = Number((BigInt(offset) + BigInt(index) * BigInt(NAME_STEP)) % BigInt(LETTERS ** NAME_LETTERS));
  let letters = "";
  for (let place = 0; place < NAME_LETTERS; place += 1) {
    letters = String.fromCharCode(97 + (number % LETTERS)) + letters;
    number = Math.floor(number / LETTERS);
  }
  // 2458119.5 is 2018 January 1.
  const year = 18 + Math.floor((Math.max(jd, 2458119.5) - 2458119.5) / 365.25);
  return `ZTF${String(year % 100).padStart(2, "0")}${letters}`;
}
