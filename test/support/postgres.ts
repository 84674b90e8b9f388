import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, it } from "vitest";

/** Where Debian keeps the programs of each version, which are in nobody's PATH. */
const DEBIAN = "/usr/lib/postgresql";
/** The first version that tells a server's process that its client is gone while it waits. */
const OLDEST = 14;
/** Users, not root, as whom a server may run: Debian's own, or nobody. */
const USERS = ["postgres", "nobody"];
const READY = /ready to accept connections/;
const NAME = "btsbot";

/** The folder of `initdb` and `postgres`; undefined where they are absent. */
const programs = findPrograms();

function findPrograms(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const debian = versions
    .filter((version) => version >= OLDEST)
    .sort((a, b) => b - a)
    .map((version) => join(DEBIAN, String(version), "bin"));
  const folders = [...debian, ...(process.env.PATH ?? "").split(delimiter)];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/**
 * A `describe` whose tests need a server: skipped by name, and counted as skipped, where PostgreSQL is absent.
 *
 * @param name - the name of the suite
 * @param tests - declares the tests
 */
export function describeWithPostgres(name: string, tests: () => void): void {
  const title = `${name} (needs PostgreSQL ${OLDEST} or later)`;
  // CI must have it, so that there the tests run and fail.
  if (programs === undefined && process.env.CI === undefined) describe(title, () => it.skip("all of it"));
  else describe(title, tests);
}

/** A server of its own, on a socket in a temporary folder: nothing else reaches it. */
export interface PostgresServer {
  /**
   * The address of a new, empty schema.
   *
   * @param user - as whom; the owner of all by default, who needs no password
   */
  newSchema(user?: string): Promise<string>;
  /** Runs statements as the owner of all. */
  run(statements: string): Promise<string>;
  /** Ends it as a power cut would; what it had committed is there when it starts again. */
  kill(): Promise<void>;
  /** Starts it again, at the same address. */
  restart(): Promise<void>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

/** As whom it runs, if that is another than this process: a server refuses to be root's. */
interface RunsAs {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts a server with an empty database.
 *
 * @param password - of the user `reader`, who must give one; nobody has to by default
 * @returns the server, once it serves
 */
export async function startPostgres(password?: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "btsbot-pg-"));
  const as = await findUser();
  await chmod(folder, 0o711);
  if (as.uid !== undefined) await chown(folder, as.uid, as.gid!);
  const data = join(folder, "data");
  const init = ["-D", data, "-A", "trust", "-U", NAME, "--no-sync", "--locale=C", "--encoding=UTF8"];
  await finish(spawn(join(programs!, "initdb"), init, { ...as, cwd: folder, stdio: "pipe" }));
  if (password !== undefined) {
    const rules = `local all reader scram-sha-256\n${await readFile(join(data, "pg_hba.conf"), "utf8")}`;
    await writeFile(join(data, "pg_hba.conf"), rules);
  }
  let server = await serve(folder, data, as);
  let schemas = 0;
  const run = (statements: string): Promise<string> => {
    const where = ["-h", folder, "-U", NAME, "-d", "postgres", "-v", "ON_ERROR_STOP=1"];
    const psql = spawn(join(programs!, "psql"), [...where, "-q", "-t", "-A", "-c", statements], { stdio: "pipe" });
    return finish(psql);
  };
  if (password !== undefined) await run(`create role reader login password '${password}'`);
  const end = async (word: "kill" | "stop"): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.stdin!.end(`${word}\n`);
    await ended;
  };
  return {
    async newSchema(user = NAME) {
      schemas += 1;
      await run(`create schema s${schemas}${user === NAME ? "" : ` authorization ${user}`}`);
      return `postgresql://${user}@/postgres?host=${folder}&options=-csearch_path%3Ds${schemas}`;
    },
    run,
    kill: () => end("kill"),
    async restart() {
      server = await serve(folder, data, as);
    },
    async stop() {
      await end("stop");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts it, and waits for its own word that it serves. A shell stands between: it ends the server when it is told
 * to (a kill of its first process alone would leave the others for a while), or when this process is gone, however it went.
 */
async function serve(folder: string, data: string, as: RunsAs): Promise<ChildProcess> {
  // What is not synchronised survives every death but the machine's.
  const settings = ["listen_addresses=", `unix_socket_directories=${folder}`, "fsync=off", "max_connections=50"];
  const command = [join(programs!, "postgres"), "-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  const script =
    '"$@" </dev/null & server=$!; read -r word; kill -9 $server $(ps -o pid= --ppid $server); wait $server';
  const shell = spawn("sh", ["-c", script, "sh", ...command], { ...as, cwd: folder, stdio: "pipe" });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    shell.stderr.on("data", (chunk: Buffer) => {
      said = (said + String(chunk)).slice(-20_000);
      if (READY.test(said)) resolve();
    });
    shell.once("error", reject);
    shell.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  // Its log has a pipe's room, and must not fill it.
  for (const stream of [shell.stdout, shell.stderr]) stream.removeAllListeners("data").resume();
  return shell;
}

async function findUser(): Promise<RunsAs> {
  if (process.getuid?.() !== 0) return {};
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of USERS) {
    const user = users.find(([each]) => each === name);
    if (user !== undefined) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error(`a server needs a user who is not root: ${USERS.join(" or ")}`);
}

async function finish(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  const wrong: string[] = [];
  child.stdout!.on("data", (chunk) => said.push(String(chunk)));
  child.stderr!.on("data", (chunk) => wrong.push(String(chunk)));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${String(code)}:\n${wrong.join("")}`);
  return said.join("").trim();
}
