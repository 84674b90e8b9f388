import { Option } from "commander";
import { collect } from "./parseOptions.js";

/**
 * `--profile`: a feature profile of the user's own.
 *
 * @internal
 */
export function profileOption(): Option {
  return new Option(
    "-p, --profile <file>",
    "your own feature profile, which a model names: JSON, or a module; repeatable",
  )
    .argParser(collect)
    .default([], "none");
}
