import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder that holds pulled models: `BTSBOT_CACHE` if it is set, else `btsbot` in the platform's cache
 * folder (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches` on macOS; `%LOCALAPPDATA%` on Windows).
 *
 * @param env - the environment; the process's own by default
 * @param platform - the platform; the process's own by default
 * @returns the folder's path; it need not exist
 *
 * Source: XDG Base Directory Specification 0.8; File System Programming Guide (Apple); KNOWNFOLDERID (Microsoft).
 *
 * @example
 * ```ts
 * import { cacheFolder } from "@btsbot/weights";
 *
 * cacheFolder({ BTSBOT_CACHE: "/data/btsbot" }); // => "/data/btsbot"
 * ```
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  if (env.BTSBOT_CACHE) return env.BTSBOT_CACHE;
  if (platform === "win32") return join(env.LOCALAPPDATA || join(homedir(), "AppData", "Local"), "btsbot", "Cache");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "btsbot");
  // The specification has relative paths ignored.
  const xdg = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : undefined;
  return join(xdg ?? join(homedir(), ".cache"), "btsbot");
}
