import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeAlerts, parseAlert } from "@btsbot/alert";
import { createKafkajsClient } from "@btsbot/stream";
import { buildSync } from "esbuild";
import kafkajs from "kafkajs";
import { dataFolder, describeMachine, readInputs } from "./inputs.js";

/** Packets; and those of the run by which the start of a process is taken away. */
const ALERTS = Number(process.env.LIVE_ALERTS ?? 1000);
const FEW = 64;
/** Alerts a second, and for how many seconds. */
const [RATE, SECONDS] = [30, 20];
const KILLS = Number(process.env.LIVE_KILLS ?? 40);
const root = fileURLToPath(new URL("../../", import.meta.url));
const cli = join(root, "packages/btsbot/dist/cli.js");
const timedRun = fileURLToPath(new URL("timedRun.js", import.meta.url));

/** `btsbot stream` on a broker of its own. */
export async function live() {
  const { startKafka } = await importTypeScript("test/support/startKafka.ts");
  const folder = mkdtempSync(join(tmpdir(), "btsbot-bench-"));
  const broker = await startKafka();
  const client = createKafkajsClient(kafkajs, { brokers: [broker.address], compression: "none" });
  try {
    const env = { ...process.env, BTSBOT_CACHE: join(folder, "cache") };
    execFileSync(process.execPath, [cli, "models", "pull", "btsbot-v1.0.1", "--from", join(dataFolder, "models")], {
      env,
      stdio: "ignore",
    });
    const { packets } = await readInputs();
    const world = { folder, client, env, broker: broker.address, packets: rename(packets) };
    process.stdout.write(`${describeMachine()}; btsbot stream, btsbot-v1.0.1, SQLite, ${ALERTS} real packets\n`);
    await compareWithScore(world);
    await measureLatency(world);
    await killOften(world);
  } finally {
    await client.close();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Real packets under ids of their own: the same alert twice would be sent once. */
function rename(packets) {
  return Array.from({ length: ALERTS }, (_, place) => {
    const alert = parseAlert(packets[place % packets.length]);
    const candid = 10n ** 18n + BigInt(place);
    const candidate = { ...alert.candidate, candid, programid: 1 };
    return encodeAlerts([{ ...alert, objectId: `ZTF${place}`, candid, candidate }]);
  });
}

async function compareWithScore({ folder, client, env, broker, packets }) {
  const cpu = {};
  for (const count of [FEW, ALERTS]) {
    const files = join(folder, `files-${count}`);
    mkdirSync(files);
    packets.slice(0, count).forEach((bytes, at) => writeFileSync(join(files, `${at}.avro`), bytes));
    cpu[`score ${count}`] = time(["score", files, "--model", "btsbot-v1.0.1", "--jobs", "1"], env);
    const topic = await fill(client, packets.slice(0, count));
    cpu[`stream ${count}`] = time(["stream", configOf({ folder, broker, topic, until: "end" })], env);
  }
  const perAlert = (what) => (1000 * (cpu[`${what} ${ALERTS}`] - cpu[`${what} ${FEW}`])) / (ALERTS - FEW);
  const [score, stream] = [perAlert("score"), perAlert("stream")];
  process.stdout.write(`  processor: score ${score.toFixed(2)}, stream ${stream.toFixed(2)} ms an alert\n`);
  process.stdout.write(`live/score ${(stream / score).toFixed(2)}\n`);
}

/** From the producer's clock to the clock of the enriched alert, both of this machine. */
async function measureLatency({ folder, client, env, broker, packets }) {
  const topic = await fill(client, packets.slice(0, 1));
  const child = spawn(process.execPath, [cli, "stream", configOf({ folder, broker, topic })], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) =>
    child.stdout.on("data", (line) => String(line).includes('"event":"first"') && resolve()),
  );
  const reader = await client.openReader({
    group: randomUUID(),
    topics: [`${topic}-alerts`],
    place: (partitions) => Promise.resolve(partitions.map(() => 0n)),
  });
  const sender = await client.openSender(randomUUID());
  const [sent, waits] = [new Map(), []];
  const listen = async (count) => {
    while (waits.length < count)
      for (const { value, timestampMs } of await reader.take({ maxBytes: 1e7, maxMessages: 1000, waitMs: 30_000 })) {
        const started = sent.get(JSON.parse(new TextDecoder().decode(value)).objectId);
        if (started !== undefined) waits.push(timestampMs - started);
      }
  };
  const count = Math.min(RATE * SECONDS, packets.length - 1);
  const listening = listen(count);
  for (let place = 1; place <= count; place += 1) {
    const due = new Promise((resolve) => setTimeout(resolve, 1000 / RATE));
    sent.set(`ZTF${place}`, Date.now());
    await send(sender, topic, [packets[place]], place);
    await due;
  }
  await listening;
  child.kill("SIGTERM");
  await Promise.all([sender.close(), reader.close(), new Promise((resolve) => child.once("exit", resolve))]);
  waits.sort((a, b) => a - b);
  const at = (share) => waits[Math.floor(share * (waits.length - 1))];
  process.stdout.write(
    `latency p50 ${at(0.5)} ms, p99 ${at(0.99)} ms over ${count} alerts, ${RATE} a second at most\n`,
  );
}

/** A night of small alerts whose only consumer dies again and again. */
async function killOften({ folder, client, broker }) {
  const { nightProgram } = await importTypeScript("packages/stream/test/nightProgram.ts");
  const alerts = Array.from({ length: 20 * KILLS }, (_, at) => {
    const candidate = { jd: 2460000.75 + Math.floor(at / 40), fid: 1, magpsf: 18, programid: 1 };
    return encodeAlerts([{ objectId: `s${at % 40}`, candid: BigInt(at + 1), candidate }]);
  });
  const topic = await fill(client, alerts, 4);
  const out = { alert: `${topic}-a`, decision: `${topic}-d`, failure: `${topic}-f` };
  await client.createTopics(new Map(Object.values(out).map((name) => [name, 1])));
  const settings = { broker, topic, out, folder: join(folder, "killed"), group: topic, outbox: topic };
  const run = (killMs) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", nightProgram(settings, root)], { cwd: root });
      const timer = killMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killMs);
      child.once("exit", (status, signal) => (clearTimeout(timer), resolve(signal ?? status)));
    });
  let kills = 0;
  while (kills < KILLS && (await run(300 + 900 * Math.random())) === "SIGKILL") kills += 1;
  const status = await run();
  if (status !== 0) throw new Error(`the last run ended with ${status}`);
  const reader = await client.openReader({
    group: randomUUID(),
    topics: [out.alert],
    place: (partitions) => Promise.resolve(partitions.map(() => 0n)),
  });
  const keys = [];
  for (let empty = false; !empty;) {
    const taken = await reader.take({ maxBytes: 1e8, maxMessages: 1e5, waitMs: 3000 });
    keys.push(...taken.map(({ value }) => Buffer.from(value).toString("hex")));
    empty = taken.length === 0;
  }
  await reader.close();
  const distinct = new Set(keys).size;
  process.stdout.write(`chaos ${kills} kills: lost ${alerts.length - distinct}, twice ${keys.length - distinct}\n`);
}

function configOf({ folder, broker, topic, until }) {
  const path = join(folder, `${topic}.json`);
  const config = {
    kafka: { brokers: [broker] },
    input: { topics: [topic], group: topic, ...(until && { until }) },
    decide: { model: "btsbot-v1.0.1", filter: "none" },
    store: join(folder, `store-${topic}`),
    output: { alerts: { topic: `${topic}-alerts`, format: "json" }, decisions: { topic: `${topic}-decisions` } },
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

async function fill(client, packets, partitions = 1) {
  const topic = `t-${randomUUID()}`;
  await client.createTopics(new Map([[topic, partitions]]));
  const sender = await client.openSender(randomUUID());
  for (let at = 0; at < packets.length; at += 200) await send(sender, topic, packets.slice(at, at + 200), at);
  await sender.close();
  return topic;
}

async function send(sender, topic, packets, from) {
  const messages = packets.map((value, at) => ({ topic, key: `k${from + at}`, value }));
  for (let tries = 0; ; tries += 1)
    try {
      return await sender.send({ messages, marker: { group: "bench", topic, partition: 0, offset: BigInt(from + 1) } });
    } catch (error) {
      // A broker that has just begun.
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

function time(args, env) {
  const { status, stderr } = spawnSync(process.execPath, [timedRun, "command", ...args], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return Number(/^cpu (.+)$/m.exec(stderr)[1]);
}

/** Node runs no TypeScript before 22. */
async function importTypeScript(file) {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, file)],
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
