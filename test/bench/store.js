import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@btsbot/store";
import pg from "pg";
import { describeMachine } from "./inputs.js";
import { makeChange } from "./synthetic.js";

/** Sources that are in the store before; `STORE_SOURCES=0,1000` takes others. */
const SOURCES = (process.env.STORE_SOURCES ?? "0,10000,100000").split(",").map(Number);
/** A database of PostgreSQL to measure beside SQLite, in schemas of its own that are removed again. */
const SERVER = process.env.STORE_URL;
/** Alerts in a night. */
const NIGHT = 100;
const ROUNDS = 5;
const program = fileURLToPath(new URL("storeNight.js", import.meta.url));

/** A night of a hundred alerts, in a process of its own, beside stores that hold more and more sources. */
export async function store() {
  process.stdout.write(
    `${describeMachine()}; a night of ${NIGHT} alerts, each process opens the store anew; this process's processor (a server's is its own): median (min .. max) of ${ROUNDS}\n` +
      "  sources  store       first night ms            later night ms            resident MB  database MB\n",
  );
  for (const sources of SOURCES)
    for (const [name, withPlace] of SERVER === undefined
      ? [["SQLite", inFolder]]
      : [
          ["SQLite", inFolder],
          ["PostgreSQL", inSchema],
        ])
      await withPlace(async (place) => {
        const bytes = await fill(place, sources);
        const rounds = Array.from({ length: ROUNDS }, (_, round) => night(place, sources, round));
        const column = (of) => describeAll(rounds.map((each) => each[of])).padEnd(24);
        const resident = Math.max(...rounds.map((each) => each.resident));
        process.stdout.write(
          `  ${String(sources).padStart(7)}  ${name.padEnd(10)}  ${column("first")}  ${column("later")}  ${resident.toFixed(0).padStart(11)}  ${(bytes / 1e6).toFixed(0).padStart(11)}\n`,
        );
      });
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "btsbot-store-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inSchema(work) {
  const schema = `btsbot_bench_${process.pid}`;
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(`create schema ${schema}`);
    await work(`${SERVER}${SERVER.includes("?") ? "&" : "?"}options=-csearch_path%3D${schema}`);
  } finally {
    await client.query(`drop schema if exists ${schema} cascade`);
    await client.end();
  }
}

async function fill(folder, sources) {
  const kept = await openStore(folder);
  for (let from = 0; from < sources; from += 1000) {
    const unit = await kept.begin();
    const names = Array.from({ length: Math.min(1000, sources - from) }, (_, place) => from + place);
    await unit.save(makeChange(names, 10));
    await unit.commit();
  }
  const { bytes } = await kept.info();
  await kept.close();
  return bytes;
}

function night(folder, sources, round) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder, sources, NIGHT, round].map(String), {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`a night ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

function describeAll(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return `${sorted[sorted.length >> 1].toFixed(1)} (${sorted[0].toFixed(1)} .. ${sorted.at(-1).toFixed(1)})`;
}
