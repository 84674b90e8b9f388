/** Numbers from 0 to 1, the same for a seed everywhere. */
export type Random = () => number;

/** A whole number from 0, below `count`. */
export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

/** What a file may hold where something else is meant. */
const ODD: readonly unknown[] = [
  null,
  true,
  false,
  -1,
  0,
  1,
  1.5,
  3,
  64,
  1e6,
  1e9,
  2 ** 53,
  1e308,
  -1e-308,
  "",
  "x",
  "relu",
  "softmax",
  "constructor",
  "__proto__",
  "\u0000",
  [],
  {},
  [null],
  [[]],
  [1, 2],
  [-1, -1],
  [[1, 0, 0]],
  { items: [1, 2] },
  { class_name: "Dense", config: {} },
];

/** Bytes with one to eight changes: bits, bytes, pieces cut out, doubled or moved, an end that is missing. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let times = 1 + below(random, 8); times > 0; times--) {
    const at = below(random, Math.max(1, changed.length));
    const end = Math.min(changed.length, at + 1 + below(random, 40));
    const kind = below(random, 8);
    if (kind < 3) changed[at] ^= 1 << below(random, 8);
    else if (kind < 5) changed[at] = [0, 255, 0x7f, 0x80, 0x22, 0x7b][below(random, 6)];
    else if (kind === 5) changed = Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(end)]);
    else if (kind === 6) changed = Uint8Array.from([...changed.subarray(0, end), ...changed.subarray(at)]);
    else changed = changed.slice(0, at);
  }
  return changed;
}

/** A JSON value with one to three of its parts replaced, left out, doubled or renamed. */
export function mutateJson(value: unknown, random: Random): unknown {
  let changed = structuredClone(value);
  for (let times = 1 + below(random, 3); times > 0; times--) {
    const places: [Record<string, unknown>, string][] = [];
    collect(changed, places);
    if (places.length === 0) return ODD[below(random, ODD.length)];
    const [holder, key] = places[below(random, places.length)];
    const kind = below(random, 10);
    if (kind < 6) holder[key] = structuredClone(ODD[below(random, ODD.length)]);
    else if (kind === 6 && Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (kind === 6) Reflect.deleteProperty(holder, key);
    else if (kind === 7 && Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
    else if (kind === 8 && typeof holder[key] === "number") holder[key] *= [-1, 0, 0.5, 2, 1e6][below(random, 5)];
    else {
      const [other, from] = places[below(random, places.length)];
      // Not into itself: JSON has no circles.
      const moved = structuredClone(other[from]);
      if (JSON.stringify(moved).length < 4000) holder[key] = moved;
    }
    if (kind === 9 && below(random, 20) === 0) changed = ODD[below(random, ODD.length)];
  }
  return changed;
}

function collect(value: unknown, places: [Record<string, unknown>, string][]): void {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    places.push([value as Record<string, unknown>, key]);
    collect((value as Record<string, unknown>)[key], places);
  }
}
