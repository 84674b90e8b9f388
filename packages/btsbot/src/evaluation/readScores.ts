import { BtsbotError, countOf } from "@btsbot/errors";
import type { Policy, PolicyAlert } from "@btsbot/policy";
import type { LightCurvePoint } from "@btsbot/report";
import { isAbsent, openTable, RowReader, toNumber } from "@btsbot/tables";
import type { Row } from "@btsbot/tables";
import type { Progress } from "../terminal/progress.js";
import { readLimits, readPhotometry } from "./readPhotometry.js";
import type { AlertPhotometry } from "./readPhotometry.js";

/** What all alerts have without a policy's own fields. */
const OWN_FIELDS = ["score", "magpsf", "jd", "fid"];
/** An id that went through a floating-point number, as the published tables have it: 2.46644e+18. */
const ROUNDED = /^-?\d+(\.\d*)?(e\+?\d+)?$/i;
const RANGES = { score: [0, 1], magnitude: [-30, 40], filter: [0, 1000] } as const;
const AGAIN = "btsbot score writes it: score the alerts again with this version.";

/**
 * How scores are read.
 *
 * @internal
 */
export interface ReadScoresOptions {
  /** The model whose scores are meant, in JSON Lines; may be left out where there is one. */
  readonly model?: string;
  /** The column of the scores in CSV. */
  readonly scoreColumn?: string;
  /** Policies whose conditions may name more columns. */
  readonly policies: readonly Policy[];
  /** Whether what pictures show beside the magnitudes is kept. */
  readonly photometry?: boolean;
}

/**
 * Scored alerts of a file.
 *
 * @internal
 */
export interface Scores {
  readonly alerts: readonly PolicyAlert[];
  /** The line of each alert. */
  readonly lines: readonly number[];
  /** The model, where the file names it. */
  readonly model?: string;
  /** Lines that stand for inputs that could not be read when alerts were scored. */
  readonly unreadable: number;
  /** Alerts without a magnitude, left out. */
  readonly withoutMagnitude: number;
  /** Alerts of JSON Lines whose date, magnitude or filter cannot be, left out. */
  readonly impossible: number;
  /** True if the ids were rounded by whoever wrote the file, and the lines' numbers stand for them. */
  readonly rounded: boolean;
  /** What pictures show of each alert beside its magnitude, if it was asked for. */
  readonly photometry: readonly AlertPhotometry[];
  /** Upper limits of sources by name, if they were asked for. */
  readonly limits: ReadonlyMap<string, readonly LightCurvePoint[]>;
}

/**
 * Reads scored alerts: JSON Lines of `btsbot score`, or CSV with objectId, candid, jd, magpsf and score.
 *
 * @param path - the file; `-` is standard input
 * @param options - model, column, policies
 * @param world - standard input and the progress line
 * @throws BtsbotError `file-unreadable`; `table-invalid`, which names line, column, what was expected and what is there
 *
 * @internal
 */
export async function readScores(
  path: string,
  options: ReadScoresOptions,
  world: { readonly stdin: AsyncIterable<Uint8Array>; readonly progress: Progress },
): Promise<Scores> {
  const table = await openTable(path, path === "-" ? { chunks: world.stdin } : {});
  const reader = new AlertReader(path, table.kind, options);
  for await (const row of table.rows) {
    reader.take(row);
    if (reader.alerts.length === 1) reader.finish();
    world.progress.show(`${path}: ${countOf(reader.alerts.length, "alert")} ${table.progress()}`);
  }
  reader.finish();
  const { alerts, lines, model, unreadable, withoutMagnitude, impossible, rounded, photometry, limits } = reader;
  if (alerts.length === 0) {
    // Of one in a night another alert is at fault; of all, the file.
    if (impossible !== undefined) reader.refuseImpossible(impossible.first);
    throw new BtsbotError("table-invalid", "the file holds no scored alerts", { path });
  }
  if (rounded > 0 && rounded < alerts.length) {
    throw new BtsbotError("table-invalid", "some ids are rounded", {
      path: `${path}: candid`,
      expected: "all digits of every id",
      got: `${rounded} of ${alerts.length} rounded`,
    });
  }
  const left = { unreadable, withoutMagnitude, impossible: impossible?.count ?? 0 };
  const scores = { alerts, lines, ...left, rounded: rounded > 0, photometry, limits };
  return { ...scores, ...(model !== undefined && { model }) };
}

class AlertReader extends RowReader {
  readonly alerts: PolicyAlert[] = [];
  readonly lines: number[] = [];
  model: string | undefined;
  unreadable = 0;
  withoutMagnitude = 0;
  impossible: { readonly first: Row; readonly count: number } | undefined;
  rounded = 0;
  readonly photometry: AlertPhotometry[] = [];
  readonly limits = new Map<string, LightCurvePoint[]>();
  private readonly keepsPhotometry: boolean;
  private readonly standIns = new Map<string, bigint>();
  private readonly fields: ReadonlyMap<string, "number" | "text">;
  private readonly column: string;

  constructor(
    path: string,
    private readonly kind: "csv" | "jsonl",
    { model, scoreColumn = "score", policies, photometry = false }: ReadScoresOptions,
  ) {
    super(path);
    this.keepsPhotometry = photometry;
    this.model = model;
    this.column = scoreColumn;
    this.fields = fieldsOf(policies);
  }

  take(row: Row): void {
    if (this.kind === "jsonl" && row.has("error")) this.unreadable += 1;
    else if (this.isLimit(row)) this.keepLimits(row);
    else if (row.get("magpsf") === null) this.withoutMagnitude += 1;
    else if (this.isImpossible(row))
      this.impossible = { first: this.impossible?.first ?? row, count: (this.impossible?.count ?? 0) + 1 };
    else {
      this.alerts.push(this.alert(row));
      this.lines.push(row.line);
      if (!this.keepsPhotometry) return;
      this.photometry.push(readPhotometry(row));
      this.keepLimits(row);
    }
  }

  /** In CSV a light curve's row may be an upper limit: no magnitude, and how faint the exposure went. */
  private isLimit(row: Row): boolean {
    return (
      this.kind === "csv" && row.get("magpsf") === "" && !isAbsent(row.get("diffmaglim")) && row.get(this.column) === ""
    );
  }

  /** `btsbot score` writes what packets hold: one alert whose numbers cannot be must not stop a year of others. */
  private isImpossible(row: Row): boolean {
    if (this.kind === "csv") return false;
    const trial = new RowReader(this.path);
    if (typeof row.get("jd") === "number") trial.date(row, "jd");
    if (typeof row.get("magpsf") === "number") this.magnitude(row, trial);
    if (typeof row.get("fid") === "number") this.filter(row, trial);
    return trial.problems.length > 0;
  }

  /**
   * Says what cannot be in an alert.
   *
   * @throws BtsbotError `table-invalid`
   */
  refuseImpossible(row: Row): void {
    this.alert(row);
    this.finish();
  }

  private magnitude(row: Row, reader: RowReader = this): number {
    const again = this.kind === "jsonl" && !row.has("magpsf") ? { hint: AGAIN } : {};
    return reader.number(row, "magpsf", RANGES.magnitude, { expected: "a magnitude", ...again });
  }

  private filter(row: Row, reader: RowReader = this): number {
    return reader.number(row, "fid", RANGES.filter, { expected: "a filter: 1 g, 2 r, 3 i" });
  }

  private keepLimits(row: Row): void {
    const objectId = row.get("objectId");
    if (!this.keepsPhotometry || typeof objectId !== "string") return;
    const limits = readLimits(row);
    if (limits.length > 0) this.limits.set(objectId, [...(this.limits.get(objectId) ?? []), ...limits]);
  }

  private alert(row: Row): PolicyAlert {
    const fid = isAbsent(row.get("fid")) ? undefined : this.filter(row);
    const score = this.kind === "csv" ? this.csvScore(row) : this.jsonScore(row);
    const alert = {
      objectId: this.text(row, "objectId"),
      jd: this.date(row, "jd"),
      magpsf: this.magnitude(row),
      ...(fid !== undefined && { fid }),
      ...(score !== undefined && { score }),
    };
    return {
      ...alert,
      candid: this.candid(row, alert),
      ...(this.fields.size > 0 && { fields: this.ownFields(row) }),
    };
  }

  private candid(row: Row, alert: Omit<PolicyAlert, "candid">): bigint {
    const candid = row.get("candid");
    if (typeof candid === "string" && /^-?\d+$/.test(candid)) return BigInt(candid);
    if (this.kind === "csv" && typeof candid === "string" && ROUNDED.test(candid)) {
      this.rounded += 1;
      return this.standIn(row, alert);
    }
    this.refuse(row, "candid", {
      expected: this.kind === "csv" ? "all digits of the id" : "a string of digits: a JSON number may have lost some",
    });
    return 0n;
  }

  /** The line's number in place of a rounded id; of a row that comes again, the first one's. */
  private standIn({ line }: Row, { objectId, jd, magpsf, fid, score }: Omit<PolicyAlert, "candid">): bigint {
    const key = [objectId, jd, fid, magpsf, score].join();
    const known = this.standIns.get(key) ?? BigInt(line);
    this.standIns.set(key, known);
    return known;
  }

  private csvScore(row: Row): number | undefined {
    if (row.get(this.column) === "") return undefined;
    return this.number(row, this.column, RANGES.score, { expected: "a score from 0 to 1, or nothing" });
  }

  private jsonScore(row: Row): number | undefined {
    const scores = row.get("scores");
    if (typeof scores !== "object" || scores === null)
      return (this.refuse(row, "scores", { expected: "an object with an entry for each model" }), undefined);
    const names = Object.keys(scores);
    if (this.model === undefined && names.length !== 1)
      return (
        this.refuse(row, "scores", { expected: "one model, or --model NAME with one of these", got: names }),
        undefined
      );
    this.model ??= names[0];
    const result = (scores as Record<string, unknown>)[this.model] as
      { status?: unknown; score?: unknown; classes?: unknown } | null | undefined;
    if (typeof result === "object" && result?.status === "unscored") return undefined;
    const place = `scores.${this.model}`;
    if (result === undefined)
      return (this.refuse(row, place, { expected: `a result of ${this.model}`, got: names }), undefined);
    const got = result?.classes ?? result?.score ?? null;
    return this.number(row, place, RANGES.score, { expected: "a score from 0 to 1", got });
  }

  private ownFields(row: Row): NonNullable<PolicyAlert["fields"]> {
    const fields: Record<string, number | string | boolean> = {};
    for (const [name, kind] of this.fields) {
      const value = row.get(name);
      if (isAbsent(value)) {
        if (!row.has(name)) this.refuse(row, name, { expected: "a column that a policy's condition names" });
      } else if (kind === "number") {
        const number = toNumber(value);
        if (number === undefined) this.refuse(row, name, { expected: "a number, or nothing" });
        else fields[name] = number;
      } else if (typeof value === "boolean" || typeof value === "string") fields[name] = value;
      else fields[name] = `${value as number}`;
    }
    return fields;
  }
}

/** The columns that the policies' conditions name, and what they compare them with. */
function fieldsOf(policies: readonly Policy[]): Map<string, "number" | "text"> {
  const conditions = policies.flatMap(({ require }) => require.flatMap(({ where }) => where));
  const own = conditions.filter(({ field }) => !OWN_FIELDS.includes(field));
  return new Map(own.map(({ field, value }) => [field, typeof value === "number" ? "number" : "text"]));
}
