import { pino } from "pino";
import type { Logger } from "pino";
import { readDecideSetup } from "../../deciding/decideSetup.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { checkStream } from "./checkStream.js";
import { openClient } from "./openClient.js";
import { parseStreamConfig } from "./parseStreamConfig.js";
import { runStream } from "./runStream.js";
import type { StreamOptions } from "./types.js";

/**
 * `btsbot stream`: the loop over topics, until it is told to stop.
 *
 * @internal
 */
export async function streamCommand(path: string, { check }: StreamOptions, terminal: Terminal): Promise<number> {
  const config = await parseStreamConfig(path);
  const { model, profiles, filter, policies, rules } = config.decide;
  const setup = await readDecideSetup(
    {
      policy: policies,
      ...(model !== undefined && { model }),
      ...(profiles && { profile: profiles }),
      ...(filter !== undefined && { filter }),
      ...(rules !== undefined && { rules }),
    },
    terminal,
  );
  if (setup === undefined) return EXIT.usage;
  const { log, failed } = openLog(config.log, terminal);
  const client = await openClient(config, terminal, (notice) => log.debug({ event: "client" }, notice));
  try {
    if (check === true) return await checkStream(config, setup, client, terminal);
    const signal = AbortSignal.any([failed, ...(terminal.signal ? [terminal.signal] : [])]);
    const status = await runStream({ config, setup, client, log }, { ...terminal, signal });
    failed.throwIfAborted();
    return status;
  } finally {
    await client.close();
  }
}

/**
 * The log, and what says that it can no longer be written. Lines are written from within calls of the clients, where nothing
 * may be thrown: the stream stops in order, and then the failure is thrown.
 */
function openLog(level: string, { stdout }: Terminal): { readonly log: Logger; readonly failed: AbortSignal } {
  const failure = new AbortController();
  const write = (line: string): void => {
    if (failure.signal.aborted) return;
    try {
      stdout.write(line);
    } catch (error) {
      failure.abort(error);
    }
  };
  const options = { level, base: {}, timestamp: pino.stdTimeFunctions.isoTime };
  return { log: pino(options, { write }), failed: failure.signal };
}
