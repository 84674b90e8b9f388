import type { Problem } from "@btsbot/errors";
import type { BrokerForm } from "../forms/BrokerForm.js";
import type { PreparedSurvey } from "./prepareSurvey.js";

/** What is at hand while a packet is read. */
export interface Reading {
  readonly survey: PreparedSurvey;
  readonly forms: readonly BrokerForm[];
  /** Fields that need no check, as `findInForm` gives them. */
  readonly inForm: ReadonlySet<string>;
  readonly problems: Problem[];
}
