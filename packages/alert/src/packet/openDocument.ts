import { BtsbotError, toSafe } from "@btsbot/errors";
import type { SafeResult } from "@btsbot/errors";
import type { PacketFields } from "../surveys/Survey.js";
import { isRecord } from "./problems.js";
import { nameForm, runGiven } from "./runGiven.js";
import type { Forms } from "./toForms.js";

/** Answers within answers: more are not opened. */
const MOST_LAYERS = 4;

/**
 * What is read of each document within one: of an answer of a broker's, of each that it holds; else of the document
 * itself. One that cannot be read does not hide the others. They are read when they are asked for: a short answer can
 * hold any number of things that are not alerts.
 */
export function* openDocument<T>(
  given: unknown,
  { forms }: Pick<Forms, "forms">,
  read: (document: unknown) => T,
  layers = MOST_LAYERS,
): Generator<SafeResult<T>, void, void> {
  const opened = toSafe(() => (isRecord(given) && layers > 0 ? openOnce(given, forms) : undefined));
  if (!opened.success) return yield opened;
  if (opened.data === undefined) return yield toSafe(() => read(given));
  for (const document of opened.data) {
    for (const outcome of openDocument(document, { forms }, read, layers - 1)) {
      yield outcome;
      // What an answer holds is all of one kind: one complaint is enough.
      if (isIncomplete(outcome)) return;
    }
  }
}

/**
 * Whether what a document holds is its last list as it stands, as the forms say when they are asked with that list empty:
 * then each of its documents can be read before the next is there.
 */
export function opensItself(head: PacketFields, { forms }: Pick<Forms, "forms">): boolean {
  const opened = toSafe(() => openOnce(head, forms));
  return opened.success && opened.data !== undefined && opened.data === Object.values(head).at(-1);
}

/** Whether a document was known, and is not an alert. */
export function isIncomplete(outcome: SafeResult<unknown>): boolean {
  return !outcome.success && outcome.error.code === "alert-incomplete";
}

function openOnce(document: PacketFields, forms: Forms["forms"]): readonly unknown[] | undefined {
  for (const { name, open } of forms) {
    const documents: unknown = open === undefined ? undefined : runGiven(() => open(document), nameForm(name));
    if (Array.isArray(documents)) return documents as unknown[];
    if (documents !== undefined)
      throw new BtsbotError("alert-invalid", `${nameForm(name)} opened this document, and gave no list`);
  }
  return undefined;
}
