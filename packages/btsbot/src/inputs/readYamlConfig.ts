import { readFile } from "node:fs/promises";
import { BtsbotError } from "@btsbot/errors";
import { describeSystemError } from "@btsbot/tables";
import { parse as parseYaml } from "yaml";

/**
 * Reads a configuration without secrets: JSON or YAML, of which JSON is a part.
 *
 * @throws BtsbotError `file-unreadable`; `config-invalid` for what is neither, or holds a secret
 *
 * @internal
 */
export async function readYamlConfig(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new BtsbotError("file-unreadable", "cannot be read", {
      path,
      got: describeSystemError(cause.code ?? ""),
      cause,
    });
  });
  let data: unknown;
  try {
    data = parseYaml(text);
  } catch (cause) {
    throw new BtsbotError("config-invalid", "the configuration is neither JSON nor YAML", {
      path,
      got: (cause as Error).message,
      cause,
    });
  }
  refuseSecrets(data, "");
  return data;
}

/** What a secret is called by whoever writes it where it does not belong. */
const SECRET = /password|passwd|secret|token|username|credential/i;
/** What names the variable in which it stands, or the file. */
const NAMES_PLACE = /(?:From|File)$/;

/** Before anything is said of the data: what is wrong with them is told with what was found, and goes to logs. */
function refuseSecrets(data: unknown, path: string): void {
  if (typeof data !== "object" || data === null) return;
  for (const [name, value] of Object.entries(data)) {
    const place = path === "" ? name : `${path}.${name}`;
    if (SECRET.test(name) && !NAMES_PLACE.test(name))
      throw new BtsbotError("config-invalid", "the configuration holds a secret", {
        path: place,
        hint: "Put it in an environment variable, and name that one: usernameFrom, passwordFrom, tokenFrom.",
      });
    refuseSecrets(value, place);
  }
}
