export { runCli } from "./runCli.js";
export type { CliIo, CliOutput } from "./types.js";
