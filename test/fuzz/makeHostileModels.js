/**
 * Files of models that are small and would unpack to much: archives, checkpoint tables, Keras files, `model.json`.
 * Each kind takes its sizes from a seeded generator, so that a seed makes the same files everywhere.
 */
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { createRandom } from "@btsbot/chance";
import { File, FS, ready } from "h5wasm";
import { tarHeader } from "./tarHeader.js";

const text = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const uint32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

/** Archives: streams of zeros, files without number, sizes that are not there. */
const archives = {
  zeros: (pick) => gzipSync(Buffer.concat([tarHeader("saved_model.pb", 0), Buffer.alloc(pick(2 ** 20, 2 ** 27))])),
  oneFile: (pick) => {
    const size = 512 * pick(2, 2 ** 17);
    return gzipSync(Buffer.concat([tarHeader("a", size), Buffer.alloc(size + 1024)]));
  },
  manyFiles: (pick) => {
    const headers = Array.from({ length: pick(100, 60_000) }, (_, place) => tarHeader(`f${place}`, 0));
    return gzipSync(Buffer.concat([...headers, Buffer.alloc(1024)]));
  },
  claimed: (pick) => Buffer.concat([tarHeader("a", 512 * pick(1, 2 ** 24)), Buffer.alloc(2048)]),
};

/** Zip archives of `.keras` files. */
function zip(files) {
  const parts = [];
  const central = [];
  let offset = 0;
  for (const { name, bytes, length = bytes.length, packed = deflateRawSync(bytes), at = offset } of files) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(length >>> 0, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\0\0"), common, place, Buffer.from(name)]));
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(files.length, 65_535), 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from("PK\x05\x06"), end]);
}

const empty = { class_name: "Sequential", config: { layers: [] } };
const keras = {
  bombOfConfig: (pick) => zip([{ name: "config.json", bytes: Buffer.alloc(pick(2 ** 20, 2 ** 27), 32) }]),
  bombOfWeights: (pick) =>
    zip([
      { name: "config.json", bytes: text(empty) },
      { name: "model.weights.h5", bytes: Buffer.alloc(pick(2 ** 20, 2 ** 27)) },
    ]),
  lies: (pick) => {
    const bytes = Buffer.alloc(pick(2 ** 20, 2 ** 26), 32);
    return zip([{ name: "config.json", bytes, length: pick(1, 1000) }]);
  },
  manyFiles: (pick) => zip(Array.from({ length: pick(900, 60_000) }, (_, i) => ({ name: `f${i}`, bytes: text("") }))),
  config: (pick) =>
    zip([
      { name: "config.json", bytes: text(hostileJson(pick)) },
      { name: "model.weights.h5", bytes: text("x") },
    ]),
};

/** JSON that takes far more memory than bytes, or that makes a reader that calls itself go deep. */
function hostileJson(pick) {
  const size = pick(1000, 2 ** 21 - 1000);
  const kinds = [
    () => `[${"[],".repeat(size / 3)}[]]`,
    () => `[${"{},".repeat(size / 3)}0]`,
    () => "[".repeat(size / 2) + "]".repeat(size / 2),
    () => '{"a":'.repeat(size / 6) + "1" + "}".repeat(size / 6),
    () =>
      JSON.stringify({
        class_name: "Functional",
        config: { layers: many(size / 30, () => ({ class_name: "x", config: {} })) },
      }),
    () =>
      JSON.stringify({
        class_name: "Functional",
        config: { layers: many(size / 60, (i) => ({ class_name: "Lambda", config: { name: `l${i}` } })) },
      }),
    () =>
      JSON.stringify({
        class_name: "Sequential",
        config: {
          layers: many(1999, (i) => ({
            class_name: "Dense",
            config: { name: `l${i}`, units: 1e9, activation: "relu", batch_input_shape: [null, 25] },
          })),
        },
      }),
    () => `"${"\\\\a".repeat(size / 3)}"`,
    () => JSON.stringify(joins(pick(20, 1900), pick(2, 30))),
  ];
  return kinds[pick(0, kinds.length - 1)]();
}

function many(length, make) {
  return Array.from({ length: Math.max(1, Math.floor(length)) }, (_, place) => make(place));
}

/** Each layer joins the one before it with itself, so often: lengths grow beyond all bounds. */
function joins(count, times) {
  const layers = [{ class_name: "InputLayer", name: "l0", config: { name: "l0", batch_input_shape: [null, 25] } }];
  for (let i = 1; i < count; i++) {
    const inbound_nodes = [many(times, () => [`l${i - 1}`, 0, 0, {}])];
    layers.push({ class_name: "Concatenate", name: `l${i}`, config: { name: `l${i}` }, inbound_nodes });
  }
  return { class_name: "Functional", config: { layers, output_layers: [[`l${count - 1}`, 0, 0]] } };
}

const layersModels = {
  topology: (pick) => `{"modelTopology":{"model_config":${hostileJson(pick)}},"weightsManifest":[]}`,
  paths: (pick) =>
    JSON.stringify({
      modelTopology: {},
      weightsManifest: [{ paths: many(pick(2, 90_000), () => "weights.bin"), weights: [] }],
    }),
  groups: (pick) =>
    JSON.stringify({
      modelTopology: {},
      weightsManifest: many(pick(2, 40_000), (i) => ({ paths: [`w${i}`], weights: [] })),
    }),
  weights: (pick) => {
    const shape = [[0], [2 ** 30], [2 ** 52], [1e9, 1e9], [1]][pick(0, 4)];
    const weights = many(pick(2, 30_000), (i) => ({ name: `l${i}/kernel`, shape, dtype: "float32" }));
    return JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths: ["weights.bin"], weights }] });
  },
  tail: (pick) => `{"modelTopology":{},"weightsManifest":[],"more":${hostileJson(pick)}}`,
};

/** Tables of checkpoints, with right checksums. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
function masked(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
const sealed = (entries) => {
  const block = Buffer.concat([...entries, uint32(0), uint32(1), Buffer.from([0])]);
  return { size: block.length - 1, bytes: Buffer.concat([block, uint32(masked(block))]) };
};
const entry = (shared, added, value) =>
  Buffer.concat([varint(shared), varint(added.length), varint(value.length), added, value]);
function table(blocks, handles) {
  const index = sealed(handles.map((handle, place) => entry(0, text(`k${place}`), handle)));
  const start = blocks.reduce((sum, { length }) => sum + length, 0);
  const footer = Buffer.alloc(48);
  Buffer.concat([varint(0), varint(0), varint(start), varint(index.size)]).copy(footer);
  footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
  return Buffer.concat([...blocks, index.bytes, footer]);
}
const HEADER = entry(0, Buffer.alloc(0), Buffer.from([8, 1]));
const checkpoints = {
  keys: (pick) => {
    const count = pick(100, 40_000);
    const { size, bytes } = sealed([HEADER, ...many(count, (i) => entry(i, Buffer.from([97]), Buffer.alloc(0)))]);
    return table([bytes], [Buffer.concat([varint(0), varint(size)])]);
  },
  again: (pick) => {
    const { size, bytes } = sealed(many(pick(10, 10_000), (i) => entry(0, text(`n${i}`), Buffer.alloc(0))));
    return table(
      [bytes],
      many(pick(10, 5000), () => Buffer.concat([varint(0), varint(size)])),
    );
  },
  entries: (pick) => {
    const { size, bytes } = sealed(many(pick(10, 300_000), () => Buffer.from([0, 0, 0])));
    return table([bytes], [Buffer.concat([varint(0), varint(size)])]);
  },
  overlapping: (pick) => {
    // Every tensor is all of the data: float32, one axis, from byte 0, and a checksum that is right.
    const length = 1000;
    const shape = Buffer.concat([
      Buffer.from([0x12]),
      varint(1 + varint(length).length),
      Buffer.from([8]),
      varint(length),
    ]);
    const crc = Buffer.concat([Buffer.from([0x35]), uint32(masked(Buffer.alloc(4 * length)))]);
    const value = Buffer.concat([
      Buffer.from([8, 1, 0x12]),
      varint(shape.length),
      shape,
      Buffer.from([0x28]),
      varint(4 * length),
      crc,
    ]);
    const names = many(pick(10, 5000), (i) => String(i).padStart(5, "0"));
    const { size, bytes } = sealed([HEADER, ...names.map((name) => entry(0, text(name), value))]);
    return table([bytes], [Buffer.concat([varint(0), varint(size)])]);
  },
};

/** HDF5 files whose weights, names or texts are far more than their bytes. */
const hdf5 = {
  claimed: (pick) =>
    writeHdf5((group) => {
      group.create_attribute("weight_names", ["kernel:0"]);
      const side = pick(1000, 30_000);
      // Never written: the library makes up its zeros.
      group
        .create_dataset({
          name: "kernel:0",
          data: new Float32Array(1),
          shape: [1, 1],
          maxshape: [null, null],
          chunks: [64, 64],
        })
        .resize([side, side]);
    }),
  packed: (pick) =>
    writeHdf5((group) => {
      group.create_attribute("weight_names", ["kernel:0"]);
      const length = pick(2 ** 16, 2 ** 23);
      group.create_dataset({
        name: "kernel:0",
        data: new Float32Array(length),
        shape: [length],
        chunks: [2 ** 16],
        compression: 9,
      });
    }),
  again: (pick) =>
    writeHdf5((group) => {
      group.create_attribute("weight_names", Array(pick(100, 2000)).fill("kernel:0"));
      group.create_dataset({ name: "kernel:0", data: new Float32Array(2 ** 16), shape: [2 ** 16] });
    }),
  names: (pick) => writeHdf5(() => undefined, { layers: Array(pick(1000, 20_000)).fill("dense") }),
  config: (pick) => writeHdf5(() => undefined, { config: hostileJson(pick) }),
};

function writeHdf5(fill, { config = JSON.stringify(empty), layers = ["dense"] } = {}) {
  const path = "/hostile.h5";
  const file = new File(path, "w");
  file.create_attribute("model_config", config);
  const group = file.create_group("model_weights");
  group.create_attribute("layer_names", layers);
  fill(group.create_group("dense"));
  file.close();
  const bytes = Buffer.from(FS.readFile(path));
  FS.unlink(path);
  return bytes;
}

const KINDS = { "tar.gz": archives, keras, "model.json": layersModels, index: checkpoints, h5: hdf5 };

/**
 * Makes one file.
 *
 * @param seed - which
 * @param endings - of which formats
 * @returns its name, which says what is in it and ends as its format does, and its bytes
 */
export async function makeHostileModel(seed, endings = Object.keys(KINDS)) {
  await ready;
  const random = createRandom(seed, "hostile model");
  const pick = (least, most) => least + Math.floor(random() * (most - least + 1));
  const ending = endings[seed % endings.length];
  const names = Object.keys(KINDS[ending]);
  const name = names[pick(0, names.length - 1)];
  return { name: `${seed}-${name}.${ending}`, bytes: Buffer.from(KINDS[ending][name](pick)) };
}
