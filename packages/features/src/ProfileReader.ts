import { BtsbotError, nearestName } from "@btsbot/errors";
import type { Problem, ProblemDetails } from "@btsbot/errors";
import type { PointField, ProfileData, Reduction } from "./profileData.js";

/** Features of the longest profile: the longest of a published model has 26. */
const MOST_FEATURES = 10_000;
/** Rules within rules: deeper than anyone writes, and far from what a program's stack holds. */
const DEEPEST = 100;
/** Rules of a whole profile. */
const MOST_RULES = 100_000;

type Fields = Readonly<Record<string, unknown>>;
/** Checks a value; what it is not is said by `ProfileReader.refuse`. */
type Check = (value: unknown, path: string) => void;
type Checks = Readonly<Record<string, Check>>;

const REDUCTIONS = { min: 1, max: 1, first: 1, last: 1, median: 1, count: 1 } satisfies Record<Reduction, 1>;
const POINT_FIELDS = { jd: 1, fid: 1, magpsf: 1, sigmapsf: 1, diffmaglim: 1 } satisfies Record<PointField, 1>;
const COORDINATES = ["ecl_lat", "ecl_long", "gal_lat", "gal_long"];

/**
 * Checks a profile's data, and gathers everything that is wrong with them.
 *
 * @internal
 */
export class ProfileReader {
  readonly #problems: Problem[] = [];
  #earlier = new Set<string>();
  #rules = 0;

  /**
   * Gives the data as they are, if they are a profile's.
   *
   * @throws BtsbotError `profile-invalid`
   */
  read(value: unknown): ProfileData {
    this.#object(value, "", "a profile: an object with a name and features", ["name", "features"], {
      name: this.#name,
      source: this.#text,
      survey: this.#name,
      features: this.#features,
      stamps: (stamps, path) =>
        this.#object(stamps, path, "an object with padding", ["padding"], {
          padding: (padding, at) => this.#oneOf(padding, at, ["corner", "centered"]),
        }),
      notes: (notes, path) => this.#list(notes, path, 0, this.#text),
    });
    if (this.#problems.length > 0) throw new BtsbotError(this.#problems);
    return value as ProfileData;
  }

  #features: Check = (value, path) => {
    if (Array.isArray(value) && value.length > MOST_FEATURES)
      return this.#refuse(path, `at most ${MOST_FEATURES} features`, value.length);
    this.#list(value, path, 1, (entry, at) => {
      const name = typeof entry === "string" ? entry : (entry as Fields | null)?.name;
      if (typeof entry === "string") this.#name(entry, at);
      else
        this.#object(entry, at, "a field's name, or an object with a name and perhaps a rule", ["name"], {
          name: this.#name,
          rule: (rule, place) => this.#rule(rule, place, 0),
          unit: this.#text,
          meaning: this.#text,
          range: this.#range,
        });
      if (typeof name !== "string") return;
      if (this.#earlier.has(name)) this.#refuse(at, "another name: two features have this one", name);
      this.#earlier.add(name);
    });
  };

  #range: Check = (value, path) => {
    this.#object(value, path, "an object with least and greatest", ["least", "greatest"], {
      least: this.#number,
      greatest: this.#number,
      source: this.#text,
      room: this.#number,
      strict: (strict, at) => {
        if (typeof strict !== "boolean" && strict !== "least") this.#refuse(at, 'true, false or "least"', strict);
      },
      computed: this.#boolean,
      marked: this.#boolean,
    });
    const { least, greatest } = (value ?? {}) as { least?: unknown; greatest?: unknown };
    if (typeof least === "number" && typeof greatest === "number" && !(least <= greatest))
      this.#refuse(path, "least no greater than greatest", `${least} to ${greatest}`);
  };

  #rule(value: unknown, path: string, depth: number): void {
    this.#rules += 1;
    if (depth > DEEPEST) return this.#refuse(path, `rules within rules, at most ${DEEPEST} deep`, "a deeper one");
    if (this.#rules > MOST_RULES) {
      if (this.#rules === MOST_RULES + 1) this.#refuse(path, `at most ${MOST_RULES} rules`, "more");
      return;
    }
    if (typeof value === "number") return this.#number(value, path);
    if (typeof value === "string") return this.#name(value, path);
    const kinds = this.#kinds(depth + 1);
    const keys = isObject(value) ? Object.keys(value) : [];
    const kind = keys.find((key) => Object.hasOwn(kinds, key));
    const expected = `a number, a field's name, or an object with one of ${Object.keys(kinds).join(", ")}`;
    if (kind === undefined) return this.#refuse(path, expected, value, nearOf(keys, Object.keys(kinds)));
    this.#object(value, path, expected, [kind], {
      ...kinds[kind],
      missing: (rule, at) => this.#rule(rule, at, depth + 1),
    });
  }

  /** By the key that tells a rule, what else it has. */
  #kinds(depth: number): Readonly<Record<string, Checks>> {
    const rule: Check = (value, path) => this.#rule(value, path, depth);
    const many: Check = (value, path) => this.#list(value, path, 2, rule);
    const two: Check = (value, path) => this.#list(value, path, 2, rule, 2);
    return {
      field: { field: this.#name, above: rule, below: rule },
      realBogus: { realBogus: this.#name },
      history: {
        history: (value, path) => this.#oneOf(value, path, Object.keys(REDUCTIONS)),
        of: (value, path) => this.#oneOf(value, path, Object.keys(POINT_FIELDS)),
        by: (value, path) => this.#oneOf(value, path, Object.keys(POINT_FIELDS)),
        points: (value, path) => this.#oneOf(value, path, ["detections", "nondetections"]),
        fid: this.#number,
        positive: this.#boolean,
        within: this.#number,
      },
      sky: { sky: (value, path) => this.#oneOf(value, path, COORDINATES) },
      feature: { feature: (value, path) => this.#oneOf(value, path, [...this.#earlier], "an earlier feature's name") },
      "+": { "+": many },
      "-": { "-": two },
      "*": { "*": many },
      "/": { "/": two },
      log10: { log10: rule },
      abs: { abs: rule },
      min: { min: many },
      max: { max: many },
    };
  }

  /** An object that has what is needed, and nothing but what is known. */
  #object(value: unknown, path: string, expected: string, needed: readonly string[], known: Checks): void {
    if (!isObject(value)) return this.#refuse(path, expected, value);
    for (const key of needed)
      if (value[key] === undefined && Object.keys(value).every((each) => Object.hasOwn(known, each)))
        this.#refuse(join(path, key), "to be there", undefined);
    for (const [key, each] of Object.entries(value)) {
      const check = Object.hasOwn(known, key) ? known[key] : undefined;
      if (check !== undefined) {
        // As JSON has it: what is undefined is not there.
        if (each !== undefined) check(each, join(path, key));
      } else
        this.#refuse(
          join(path, key),
          `one of ${Object.keys(known).join(", ")}`,
          key,
          nearOf([key], Object.keys(known)),
        );
    }
  }

  #list(value: unknown, path: string, least: number, check: Check, most = Infinity): void {
    const expected = `a list of ${least === most ? least : `${least} or more`}`;
    if (!Array.isArray(value) || value.length < least || value.length > most)
      return this.#refuse(path, expected, Array.isArray(value) ? `${value.length} of them` : value);
    value.forEach((each: unknown, place) => check(each, `${path}[${place}]`));
  }

  #oneOf(value: unknown, path: string, names: readonly string[], expected = `one of ${names.join(", ")}`): void {
    if (typeof value !== "string") this.#refuse(path, expected, value);
    else if (!names.includes(value)) this.#refuse(path, expected, value, nearestName(value, names));
  }

  #name: Check = (value, path) => {
    if (typeof value !== "string" || value.trim() === "") this.#refuse(path, "a name", value);
  };

  #text: Check = (value, path) => {
    if (typeof value !== "string") this.#refuse(path, "a text", value);
  };

  #number: Check = (value, path) => {
    if (!Number.isFinite(value)) this.#refuse(path, "a finite number", value);
  };

  #boolean: Check = (value, path) => {
    if (typeof value !== "boolean") this.#refuse(path, "true or false", value);
  };

  #refuse(path: string, expected: string, value: unknown, near?: string): void {
    const details: ProblemDetails = {
      ...(path !== "" && { path }),
      expected,
      got: nameValue(value),
      ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
    };
    this.#problems.push(BtsbotError.problem("profile-invalid", "the profile is not valid", details));
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function nearOf(keys: readonly string[], names: readonly string[]): string | undefined {
  return keys.map((key) => nearestName(key, names)).find((near) => near !== undefined);
}

function nameValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : value.slice(0, 80);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === "object"
    ? `an object with ${Object.keys(value).slice(0, 5).join(", ") || "nothing"}`
    : typeof value;
}
