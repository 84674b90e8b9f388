import { pino } from "pino";
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
  const options = { level: config.log, base: {}, timestamp: pino.stdTimeFunctions.isoTime };
  const log = pino(options, { write: (line: string) => void terminal.stdout.write(line) });
  const client = await openClient(config, terminal, (notice) => log.debug({ event: "client" }, notice));
  try {
    if (check === true) return await checkStream(config, setup, client, terminal);
    return await runStream({ config, setup, client, log }, terminal);
  } finally {
    await client.close();
  }
}
