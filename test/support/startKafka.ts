import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaJars } from "./kafkaJars.js";

/** A broker of its own, on loopback, in a temporary folder. */
export interface KafkaBroker {
  /** Where it listens, `host:port`. */
  readonly address: string;
  /** Where clients log in by SCRAM, `host:port`. */
  readonly saslAddress: string;
  /** Ends it as a power cut would; what it had acknowledged is there when it starts again. */
  kill(): Promise<void>;
  /** Starts it again, at the same address. */
  restart(): Promise<void>;
  /** Ends it, and removes its folder. */
  stop(): Promise<void>;
}

/** Who may log in, and by which password: of a broker that lives for a test. */
export const SCRAM_USER = { username: "reader", password: "a password of the test" } as const;

const STARTED = /Kafka Server started/;

/**
 * Starts a broker: one process that is controller and broker (KRaft), with short sessions, so that what was killed is
 * soon known to be dead.
 *
 * @returns the broker, once it serves
 */
export async function startKafka(): Promise<KafkaBroker> {
  const folder = await mkdtemp(join(tmpdir(), "btsbot-kafka-"));
  const [port, controller, sasl] = await freePorts(3);
  const config = join(folder, "server.properties");
  await writeFile(config, propertiesOf(folder, { port, controller, sasl }));
  const cluster = Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64url");
  const scram = `SCRAM-SHA-512=[name=${SCRAM_USER.username},password="${SCRAM_USER.password}"]`;
  await finish(java(folder, ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", config, "--add-scram", scram]));
  let broker = await serve(folder, config);
  const kill = async (): Promise<void> => {
    if (broker.exitCode !== null || broker.signalCode !== null) return;
    const ended = new Promise((resolve) => broker.once("exit", resolve));
    broker.kill("SIGKILL");
    await ended;
  };
  const orphan = (): void => void broker.kill("SIGKILL");
  process.once("exit", orphan);
  return {
    address: `127.0.0.1:${port}`,
    saslAddress: `127.0.0.1:${sasl}`,
    kill,
    async restart() {
      broker = await serve(folder, config);
    },
    async stop() {
      process.off("exit", orphan);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function propertiesOf(folder: string, ports: { port: number; controller: number; sasl: number }): string {
  const { port, controller, sasl } = ports;
  const jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},LOGIN://127.0.0.1:${sasl},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port},LOGIN://127.0.0.1:${sasl}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.login.scram-sha-512.sasl.jaas.config=${jaas}
log.dirs=${join(folder, "log")}
num.partitions=1
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=500
broker.session.timeout.ms=1000
broker.heartbeat.interval.ms=200
log.cleaner.enable=false
`;
}

function java(folder: string, args: readonly string[]): ChildProcess {
  const flags = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", `-Dkafka.logs.dir=${folder}`];
  return spawn("java", [...flags, "-cp", `${kafkaJars}/*`, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Starts the broker, and waits for its own word that it serves. */
async function serve(folder: string, config: string): Promise<ChildProcess> {
  const child = java(folder, ["kafka.Kafka", config]);
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said = (said + String(chunk)).slice(-20_000);
      if (STARTED.test(said)) resolve();
    };
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the broker ended with ${code}:\n${said}`)));
  });
  // Its log has a pipe's room, and must not fill it.
  said = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.removeAllListeners("data").resume();
  return child;
}

async function finish(child: ChildProcess): Promise<void> {
  let said = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`the broker's folder could not be made (${String(code)}):\n${said}`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
