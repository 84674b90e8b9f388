import type { SinkAnswer } from "@btsbot/decide";
import type { JsonValue } from "@btsbot/policy";

/**
 * What nobody can know from here: it stays in the outbox, is looked at each time, and is never sent again by itself.
 *
 * @internal
 */
export function holdForPerson(reason: string, facts: { readonly [name: string]: JsonValue }): SinkAnswer {
  return { state: "again", reason: `held for a person: ${reason}`, answer: { ...facts, held: true } };
}

/**
 * Whether an answer says so.
 *
 * @internal
 */
export function isHeld({ state, answer }: SinkAnswer): boolean {
  return state === "again" && typeof answer === "object" && answer !== null && "held" in answer;
}
