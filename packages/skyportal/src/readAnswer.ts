import { BtsbotError, nameKind } from "@btsbot/errors";

/**
 * A part of an answer, with its place in it.
 *
 * @internal
 */
export interface AnswerPart {
  /** The part itself. */
  readonly value: unknown;
  /** The call and the fields that lead here. */
  readonly path: string;
}

/** A field of an object. */
export function partOf({ value, path }: AnswerPart, field: string): AnswerPart {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(path, "an object", value);
  return { value: (value as Readonly<Record<string, unknown>>)[field], path: `${path}.${field}` };
}

/** The entries of a list; none where it is absent or null. */
export function partsOf({ value, path }: AnswerPart): AnswerPart[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unexpected(path, "a list", value);
  return value.map((each: unknown, place) => ({ value: each, path: `${path}[${place}]` }));
}

/** A number that is there. */
export function numberIn({ value, path }: AnswerPart): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw unexpected(path, "a number", value);
  return value;
}

/** A text that is there. */
export function textIn({ value, path }: AnswerPart): string {
  if (typeof value !== "string") throw unexpected(path, "a text", value);
  return value;
}

/** A moment, as SkyPortal writes it: UTC without saying so. Ms since 1970. */
export function momentIn(part: AnswerPart): number {
  const text = textIn(part);
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(" ", "T")}Z`);
  if (Number.isNaN(at)) throw unexpected(part.path, "a date", text);
  return at;
}

function unexpected(path: string, expected: string, value: unknown): BtsbotError {
  return new BtsbotError("skyportal-answer", "SkyPortal answers in a form that is not known here", {
    path,
    expected,
    got: typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : nameKind(value),
    hint: "The forms of SkyPortal 1.4.0 are known.",
  });
}
