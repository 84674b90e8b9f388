import { BtsbotError, checkArgument } from "@btsbot/errors";
import type { ModelResult, ScoredAlert } from "./types.js";

/**
 * The number that a model gives of an alert, in one call: its score, or the probability of one of its classes.
 *
 * @param result - what the models say of an alert, as `scoreAlert` gives it; as JSON too (see `toJsonResult`)
 * @param model - the model's name; without it, the only one in the result
 * @param className - the class, for a model that has classes
 * @returns the score or probability, 0 to 1
 * @throws BtsbotError with the reasons, under their codes, if the model has no score for this alert; `model-unnamed` if
 * the result has no such model, or several and none is named; `class-unnamed` if the model has classes and not this
 * one, or none is named, or if one is named and the model gives a score
 *
 * @example
 * ```ts
 * import { scoreAlert, scoreOf } from "@btsbot/core";
 *
 * const bare = { objectId: "ZTF20aajcdad", candid: 1n, candidate: { jd: 2458881, fid: 1 } };
 * try {
 *   scoreOf(await scoreAlert(bare));
 * } catch (error) {
 *   (error as { code: string }).code; // => "stamp-absent"
 * }
 * ```
 */
export function scoreOf(result: Pick<ScoredAlert, "scores">, model?: string, className?: string): number {
  checkArgument("scoreOf", "result", result, "object", ["scores"]);
  const [name, answer] = find(result.scores, model);
  if (answer.status === "unscored") throw new BtsbotError(answer.reasons);
  if (answer.score !== undefined && className === undefined) return answer.score;
  const classes = answer.classes ?? {};
  if (className !== undefined && Object.hasOwn(classes, className)) return classes[className];
  const summary = className === undefined ? "the model answers with classes, and none is named" : "no such class";
  throw new BtsbotError("class-unnamed", summary, {
    path: name,
    expected: answer.score === undefined ? `one of its classes: ${Object.keys(classes).join(", ")}` : "no class",
    got: className ?? "no class",
  });
}

function find(scores: ScoredAlert["scores"], model: string | undefined): readonly [string, ModelResult] {
  const names = Object.keys(scores);
  const name = model ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined && Object.hasOwn(scores, name)) return [name, scores[name]];
  const summary = model === undefined ? "the result does not say which model is meant" : "the result has no such model";
  throw new BtsbotError("model-unnamed", summary, {
    path: "model",
    expected: names.length === 0 ? "a result with models" : `one of ${names.join(", ")}`,
    got: model ?? "none",
  });
}
