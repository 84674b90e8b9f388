/** Matches are looked for within so many bytes, so that an offset takes two. */
const FRAGMENT = 1 << 16;
/** Places that are remembered: by a hash of the four bytes that stand there. */
const HASH_BITS = 14;
/** Knuth's multiplier for a hash by the upper bits of a product: The Art of Computer Programming 3, section 6.4. */
const MULTIPLIER = 0x9e3779b1;
/** The shortest match that is worth a copy, and what the hash looks at. */
const SHORTEST = 4;
/** A copy of this kind is so long at most. */
const LONGEST_COPY = 64;
/** After so many misses the search takes a larger step: bytes that hardly repeat are soon passed. */
const MISSES_A_STEP = 32;

/**
 * Packs raw snappy. Our own, since no kept library that packs it is an ES module.
 *
 * Source: https://github.com/google/snappy/blob/main/format_description.txt
 */
export function packSnappy(plain: Uint8Array): Uint8Array {
  const packed = new Uint8Array(longestPacked(plain.length));
  let at = writeLength(packed, plain.length);
  const table = new Uint16Array(1 << HASH_BITS);
  for (let start = 0; start < plain.length; start += FRAGMENT)
    at = packFragment(plain.subarray(start, start + FRAGMENT), table.fill(0), packed, at);
  return packed.slice(0, at);
}

/** The length, and of each fragment a literal of all its bytes with its tag; matches only shorten it. */
function longestPacked(length: number): number {
  return 5 + length + 5 * Math.ceil(length / FRAGMENT) + Math.ceil(length / 6);
}

function writeLength(packed: Uint8Array, length: number): number {
  let [at, rest] = [0, length];
  for (; rest >= 128; rest = Math.floor(rest / 128)) packed[at++] = (rest % 128) + 128;
  packed[at++] = rest;
  return at;
}

function packFragment(bytes: Uint8Array, table: Uint16Array, packed: Uint8Array, at: number): number {
  const last = bytes.length - SHORTEST;
  let [unwritten, place, misses] = [0, 1, MISSES_A_STEP];
  while (place <= last) {
    const hash = Math.imul(read(bytes, place), MULTIPLIER) >>> (32 - HASH_BITS);
    const before = table[hash];
    table[hash] = place;
    if (before >= place || read(bytes, before) !== read(bytes, place)) {
      place += Math.floor(misses++ / MISSES_A_STEP);
      continue;
    }
    at = writeLiteral(bytes, unwritten, place, packed, at);
    let length = SHORTEST;
    while (place + length < bytes.length && bytes[before + length] === bytes[place + length]) length += 1;
    at = writeCopies(place - before, length, packed, at);
    place += length;
    unwritten = place;
    misses = MISSES_A_STEP;
  }
  return writeLiteral(bytes, unwritten, bytes.length, packed, at);
}

function read(bytes: Uint8Array, place: number): number {
  return bytes[place] | (bytes[place + 1] << 8) | (bytes[place + 2] << 16) | (bytes[place + 3] << 24);
}

function writeLiteral(bytes: Uint8Array, from: number, to: number, packed: Uint8Array, at: number): number {
  if (from === to) return at;
  const most = to - from - 1;
  if (most < 60) packed[at++] = most << 2;
  else if (most < 256) {
    packed[at++] = 60 << 2;
    packed[at++] = most;
  } else {
    packed[at++] = 61 << 2;
    packed[at++] = most & 255;
    packed[at++] = most >>> 8;
  }
  packed.set(bytes.subarray(from, to), at);
  return at + to - from;
}

/** Copies with an offset of two bytes. */
function writeCopies(offset: number, length: number, packed: Uint8Array, at: number): number {
  for (let rest = length; rest > 0;) {
    const most = Math.min(rest, LONGEST_COPY);
    packed[at++] = ((most - 1) << 2) | 2;
    packed[at++] = offset & 255;
    packed[at++] = offset >>> 8;
    rest -= most;
  }
  return at;
}
