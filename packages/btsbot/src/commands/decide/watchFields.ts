import { ZTF_SCHEMA } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { nearestName } from "@btsbot/errors";
import { DERIVED, readAlertValue } from "@btsbot/policy";
import type { DecideSetup } from "./types.js";

/** What policies read besides the fields of `candidate`. */
const OF_POLICIES: readonly string[] = ["score"];

/**
 * Looks for fields that conditions name and that no alert has: a misspelt one never holds, night after night.
 *
 * @internal
 */
export interface FieldWatch {
  see(alert: Alert): void;
  /** A line for each field that neither the survey nor any alert that was seen has; none before the first alert. */
  complaints(): string[];
}

/**
 * Watches for the fields of a filter and of policies.
 *
 * @internal
 */
export function watchFields({ filter, policies }: Pick<DecideSetup, "filter" | "policies">): FieldWatch {
  const survey = surveyFields();
  const users = new Map<string, string>();
  for (const field of fieldsIn(filter?.rule))
    if (!survey.has(field) && !DERIVED.includes(field)) users.set(field, `filter ${filter!.name}`);
  for (const { name, require } of policies) {
    for (const { field } of require.flatMap(({ where }) => where))
      if (!survey.has(field) && !OF_POLICIES.includes(field)) users.set(field, `policy ${name}`);
  }
  let seen = false;
  return {
    see(alert) {
      seen = true;
      for (const field of users.keys()) if (readAlertValue(alert, field) != null) users.delete(field);
    },
    complaints() {
      if (!seen) return [];
      return [...users].map(([field, user]) => {
        const near = nearestName(field, [...(user.startsWith("filter") ? DERIVED : OF_POLICIES), ...survey]);
        return `no alert has the field ${field} of ${user}${near === undefined ? "" : `; did you mean ${near}?`}`;
      });
    },
  };
}

/** The fields of `candidate` in the survey's schema. */
function surveyFields(): Set<string> {
  interface Named {
    readonly name: string;
    readonly type: { readonly fields?: readonly Named[] };
  }
  const { fields } = ZTF_SCHEMA as unknown as { readonly fields: readonly Named[] };
  return new Set(fields.find(({ name }) => name === "candidate")!.type.fields!.map(({ name }) => name));
}

/** The fields that a filter's rule, or a quantity in it, reads. */
function fieldsIn(part: unknown): string[] {
  if (typeof part === "string") return [part];
  if (typeof part !== "object" || part === null) return [];
  const { compare, all, any, not, abs, minus, firstOf, brightestOf } = part as Readonly<Record<string, unknown>>;
  const quantities = Array.isArray(compare) ? compare.filter((_, index) => index % 2 === 0) : [];
  return [quantities, all, any, not, abs, minus, firstOf, brightestOf].flat().flatMap(fieldsIn);
}
