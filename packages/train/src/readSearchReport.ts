import { BtsbotError } from "@btsbot/errors";
import * as z from "zod";
import { parseJson } from "./parseTrainConfig.js";

const LOSS = z.number().nullable();
const TRIAL = z.object({
  trial: z.int().min(0),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  rounds: z.array(
    z.object({ epochs: z.number(), validationLoss: LOSS, bestEpoch: z.number(), validationAccuracy: LOSS }),
  ),
});

/** The file `search.json`, for one that was damaged or is another. */
const SEARCH_REPORT = z.object({
  key: z.string(),
  method: z.enum(["random", "halving"]),
  trials: z.array(TRIAL),
  best: TRIAL.nullable(),
  done: z.boolean(),
});

/**
 * Reads a `search.json` that a search wrote, to go on with it.
 *
 * @throws BtsbotError `resume-invalid` if it is damaged or something else, `json-invalid`
 *
 * @internal
 */
export function readSearchReport(text: string, path: string): z.infer<typeof SEARCH_REPORT> {
  const read = SEARCH_REPORT.safeParse(parseJson(text, path));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new BtsbotError("resume-invalid", "it is damaged, or not a search", {
    path: [path, issue.path.join(".")].filter((part) => part !== "").join(": "),
    got: issue.message,
    hint: "Remove it to begin from the start.",
  });
}
