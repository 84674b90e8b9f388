import * as z from "zod";
import { readCondition } from "./readCondition.js";
import type { Condition, Policy, Requirement } from "./types.js";

const ORDERED = [">=", ">", "<=", "<"] as const;

const condition: z.ZodType<Condition> = z.preprocess(
  (value) => (typeof value === "string" ? (readCondition(value) ?? value) : value),
  z
    .strictObject(
      {
        field: z.string().min(1),
        is: z.enum([...ORDERED, "==", "!="]),
        value: z.union([z.number(), z.string(), z.boolean()]),
      },
      {
        error: (issue) =>
          typeof issue.input === "string" ? `"${issue.input}" is not a condition such as "score >= 0.5"` : undefined,
      },
    )
    .refine(({ is, value }) => typeof value === "number" || is === "==" || is === "!=", {
      error: "only numbers can be compared by order",
    }),
);

/** What a requirement must be; conditions may be texts. */
export const requirementSchema: z.ZodType<Requirement> = z.strictObject({
  count: z.int().min(1).max(1000),
  where: z.array(condition),
});

/** What a policy must be; conditions may be texts. */
export const policySchema: z.ZodType<Policy> = z.strictObject({
  name: z.string().min(1),
  action: z.enum(["save", "trigger"]),
  priority: z.number().min(1).max(5).exactOptional(),
  countedBy: z.enum(["exposures", "candids"]).exactOptional(),
  require: z.array(requirementSchema).min(1),
  source: z.string().exactOptional(),
});
