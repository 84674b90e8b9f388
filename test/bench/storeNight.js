/** What `store` measures, as a process of its own: `FOLDER SOURCES ALERTS ROUND`; what it took comes as JSON. */
import { openStore } from "@btsbot/store";
import { makeChange, nameSource } from "./synthetic.js";

/** The first night compiles what runs in the later ones, of which the median is told. */
const NIGHTS = 40;

const [folder, ...numbers] = process.argv.slice(2);
const [sources, alerts, round] = numbers.map(Number);
const store = await openStore(folder);
const taken = [];
for (let night = 0; night < NIGHTS; night += 1) {
  // Sources from all over the store; of an empty one the same each night.
  const of = Array.from({ length: alerts }, (_, place) =>
    sources === 0 ? place : (place * Math.floor(sources / alerts) + 37 * night + round) % sources,
  );
  const start = process.cpuUsage();
  const unit = await store.begin();
  const kept = await unit.load(of.map(nameSource));
  await unit.save(makeChange(of, 11 + night, kept));
  await unit.commit();
  const { user, system } = process.cpuUsage(start);
  taken.push((user + system) / 1000);
}
await store.close();
const later = taken.slice(1).sort((a, b) => a - b);
process.stdout.write(
  JSON.stringify({ first: taken[0], later: later[later.length >> 1], resident: process.memoryUsage.rss() / 1e6 }),
);
