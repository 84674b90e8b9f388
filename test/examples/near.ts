import type { JsonResult } from "@btsbot/core";
import { expect } from "vitest";

/** Digits after the point to which two runs of one network agree, batched or not. */
const DIGITS = 6;

/** A result that another may equal up to the last digits of its score. */
export function near(result: JsonResult["scores"][string]): unknown {
  return "score" in result && result.score !== undefined
    ? { ...result, score: expect.closeTo(result.score, DIGITS) }
    : result;
}
