import { Option } from "commander";
import { collect } from "./parseOptions.js";

/**
 * `--profile`: a feature profile of the user's own.
 *
 * @param flags - how it is written, where -p is another option
 *
 * @internal
 */
export function profileOption(flags = "-p, --profile <file>"): Option {
  return new Option(flags, "your own feature profile, which a model names: JSON, or a module; repeatable")
    .argParser(collect)
    .default([], "none");
}
