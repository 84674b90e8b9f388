import { basename } from "node:path";
import { BtsbotError } from "@btsbot/errors";

/** A model's name becomes a folder's or a file's: no slash, and no dot in front. */
const MODEL_NAME = /^\w[\w.+-]*$/;

/**
 * Whether a model's name can be a folder's.
 *
 * @internal
 */
export function isModelName(name: string): boolean {
  return MODEL_NAME.test(name);
}

/**
 * Refuses a model's name that would lead out of the folder it is put in.
 *
 * @throws BtsbotError `model-invalid`
 *
 * @internal
 */
export function checkModelName(name: string): void {
  if (isModelName(name)) return;
  throw new BtsbotError("model-invalid", "the model's name cannot be a file's", {
    path: "name",
    expected: "letters, digits, . _ + -, no dot in front",
    got: JSON.stringify(name),
  });
}

/**
 * Refuses a file name that leads out of its folder, or deeper into it.
 *
 * @returns the name
 * @throws BtsbotError `model-invalid`
 *
 * @internal
 */
export function checkFileName(name: string): string {
  if (name !== "" && name !== "." && name !== ".." && basename(name) === name) return name;
  throw new BtsbotError("model-invalid", "a model's files lie side by side in one folder", {
    expected: "a file's name without a folder",
    got: JSON.stringify(name),
  });
}
