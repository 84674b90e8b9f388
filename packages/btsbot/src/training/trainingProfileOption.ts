import { Option } from "commander";

/**
 * `--profile` of `btsbot train` and `btsbot search`.
 *
 * @internal
 */
export function trainingProfileOption(): Option {
  return new Option("-p, --profile <file>", "your own feature profile, for the network to read: JSON, or a module");
}
