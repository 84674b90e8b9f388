import { BtsbotError } from "@btsbot/errors";
import type { ModelSource } from "./types/model.js";

const TEXTS = ["url", "sha256", "license", "citation"];

/**
 * Checks that what states where weights come from is such a statement.
 *
 * @throws BtsbotError `model-invalid`
 *
 * @internal
 */
export function readSource(value: unknown, path: string): ModelSource {
  const files = isObject(value) ? value.files : undefined;
  const isWhole =
    isObject(value) && hasTexts(value) && (files === undefined || (Array.isArray(files) && files.every(isFile)));
  if (isWhole) return value;
  throw new BtsbotError("model-invalid", "not what states where weights come from", {
    path,
    expected: "url, sha256, license and citation, texts, and perhaps a list of files",
  });
}

function isFile(value: unknown): boolean {
  return isObject(value) && hasTexts(value);
}

function hasTexts(value: Readonly<Record<string, unknown>>): boolean {
  return TEXTS.every((name) => value[name] === undefined || typeof value[name] === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
