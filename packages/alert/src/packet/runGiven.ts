import { BtsbotError } from "@btsbot/errors";

/** Runs a function of the caller's: a document that it stumbles over has an error of its own, and others go on. */
export function runGiven<T>(run: () => T, whose: string): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof BtsbotError) throw cause;
    throw new BtsbotError("alert-invalid", `${whose} failed on this document`, { got: String(cause), cause });
  }
}

/** A form in a message. */
export function nameForm(name: string): string {
  return `the form ${JSON.stringify(name)}`;
}
