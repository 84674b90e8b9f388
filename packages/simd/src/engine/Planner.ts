import type { ModelDefinition, Seat } from "@btsbot/model";
import { Arena } from "./Arena.js";
import type { Extent } from "./findExtents.js";
import type { Margins, Tilings } from "./findTilings.js";
import { encodeJob } from "./ForwardKernels.js";
import type { Job, Machine } from "./ForwardKernels.js";
import { roundUp } from "./packPanels.js";

/** One step of a network, on `count` alerts from the `first` of those at hand. */
export type Step = (machine: Machine, first: number, count: number) => void;

/** A value and where it lies: one copy of one alert after another. */
export interface Value extends Extent {
  readonly address: number;
  readonly image: boolean;
  readonly channels: number;
  /** Bytes from a pixel to the next, and from four channels to the next four: a value is pixel after pixel, or plane after plane of four channels. */
  readonly pixel: number;
  readonly quad: number;
  /** Bytes from a row to the next, and columns of room before and after each. */
  readonly row: number;
  readonly before: number;
  readonly after: number;
  /** Bytes of one copy. */
  readonly bytes: number;
}

/**
 * Images held at once, in floats: of BTSbot's largest, 63 x 63 x 32, two, so that both go by one reading of a kernel. Cores
 * that work at once share what reads kernels from the outer cache; to one alone it makes no difference.
 */
const GROUP_FLOATS = 1 << 18;
const MOST_ALERTS = 16;

/** Bytes of a page of WebAssembly's memory, and of four channels. */
const PAGE = 65536;
const VECTOR = 16;
const NONE: Margins = { before: 0, after: 0 };

/** What a memory must have before a network runs in it. */
export interface Layout {
  /** Its pages. */
  readonly pages: number;
  /** What is written to it once. */
  readonly constants: readonly (readonly [address: number, make: () => Float32Array])[];
  /** Where this thread alone writes; zeros at first. */
  readonly own: readonly (readonly [address: number, bytes: number])[];
  /** What this thread writes there once. */
  readonly jobs: readonly (readonly [address: number, job: Int32Array])[];
}

/** Lays a network out in memory, and gathers its steps. */
export class Planner {
  /** Alerts worked on from input to output at once. */
  readonly alerts = MOST_ALERTS;
  /** Alerts whose images are held at once. */
  readonly group: number;
  readonly imageSteps: Step[] = [];
  readonly vectorSteps: Step[] = [];
  readonly values = new Map<string, Value>();
  readonly #arena: Arena;
  readonly #rooms = new Map<Value, number>();
  readonly #constants: [address: number, make: () => Float32Array][] = [];
  readonly #jobs: [address: number, job: Job][] = [];
  #scratch = 0;

  constructor(
    readonly definition: ModelDefinition,
    readonly extents: ReadonlyMap<string, Extent>,
    readonly tilings: Tilings,
    seat: Pick<Seat, "index" | "count">,
  ) {
    this.#arena = new Arena(seat);
    const images = [...extents.values()].filter(({ shape }) => shape.length === 3);
    const largest = Math.max(
      1,
      ...images.map(({ height, width, shape, copies }) => height * width * shape[2] * copies),
    );
    this.group = Math.min(MOST_ALERTS, Math.max(1, Math.floor(GROUP_FLOATS / largest)));
  }

  /** Numbers that stay, the same for all threads. */
  constant(data: Float32Array): number {
    return this.laterConstant(data.length, () => data);
  }

  /** The same for numbers that take long to make: a thread that finds them there need not. */
  laterConstant(length: number, make: () => Float32Array): number {
    const address = this.#arena.share(4 * length);
    this.#constants.push([address, make]);
    return address;
  }

  /** A convolution or pooling that needs so many bytes of scratch; its address for a kernel. */
  job(job: Job, scratch: number): number {
    const address = this.#arena.keep(encodeJob(job).byteLength);
    this.#jobs.push([address, job]);
    this.#scratch = Math.max(this.#scratch, scratch);
    return address;
  }

  /** Room for what is read of a value; in planes of four channels, with room around their rows, if asked. */
  place(extent: Extent, margins?: Margins): Value {
    const { shape, height, width, copies } = extent;
    const image = shape.length === 3;
    const channels = shape[shape.length - 1];
    const length = 4 * roundUp(channels, 4);
    const pixel = margins === undefined ? length : VECTOR;
    const { before, after } = margins ?? NONE;
    const row = image ? (before + width + after) * pixel : length;
    const quad = margins === undefined ? VECTOR : height * row;
    const bytes = image ? (height * row * length) / pixel : length;
    const room = this.#arena.hold(bytes * copies * (image ? this.group : this.alerts), image ? "images" : "vectors");
    const value = {
      ...extent,
      address: room + before * pixel,
      image,
      channels,
      pixel,
      quad,
      row,
      before,
      after,
      bytes,
    };
    this.#rooms.set(value, room);
    return value;
  }

  /** Room for the value of a name. */
  define(name: string): Value {
    const value = this.place(this.extents.get(name)!, this.tilings.planar.get(name));
    this.values.set(name, value);
    return value;
  }

  /** Room for so many bytes that no value takes. */
  room(bytes: number): number {
    return this.#arena.keep(bytes);
  }

  /** Gives back the room of a value. */
  release(value: Value): void {
    this.#arena.release(this.#rooms.get(value)!);
  }

  /** Adds a step that reads images, or one that reads vectors. */
  add(reads: Value, step: Step): void {
    (reads.image ? this.imageSteps : this.vectorSteps).push(step);
  }

  /** What the memory must have. */
  finish(): Layout {
    const scratch = this.#arena.keep(this.#scratch);
    const jobs = this.#jobs.map(([address, job]) => [address, encodeJob({ ...job, scratch })] as const);
    return { pages: Math.ceil(this.#arena.bytes / PAGE), constants: this.#constants, own: this.#arena.own, jobs };
  }
}
