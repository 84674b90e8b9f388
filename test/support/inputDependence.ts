import { toLightCurve } from "@btsbot/alert";
import type { Alert } from "@btsbot/alert";
import { readStamps, toTriplet } from "@btsbot/cutout";
import { toSafe } from "@btsbot/errors";
import { extractFeatures, toProfile } from "@btsbot/features";
import { inputLength } from "@btsbot/model";
import type { Engine, Model, ModelDefinition, ModelInput } from "@btsbot/model";

/** The stamps of an image, in the order of its planes. */
const PLANES = ["science", "template", "difference"] as const;

/** One part of a network's inputs: a stamp, or a feature. */
interface Part {
  readonly name: string;
  readonly input: ModelInput;
  /** Its place among those that take turns in the input, and how many they are. */
  readonly place: number;
  readonly step: number;
}

/**
 * How far each stamp and each feature can move a model's answer: each in turn is taken from another alert, all
 * else left as it is.
 *
 * @param model - the model
 * @param alerts - real alerts; those that the model cannot read are left out
 * @param engine - what runs it
 * @returns by name (`images: science`, `features: fwhm`), the largest change of any output of any alert
 */
export async function measureDependence(
  model: Model,
  alerts: readonly Alert[],
  engine: Engine,
): Promise<Map<string, number>> {
  const { definition } = model;
  const inputs = alerts.map((alert) => readInputs(definition, alert)).filter((values) => values !== undefined);
  const count = inputs.length;
  const batch = Object.fromEntries(
    definition.inputs.map(({ name }, place) => [name, joined(inputs.map((values) => values[place]))]),
  );
  const prepared = await engine.prepare(model);
  const base = await prepared.predict(batch, count);
  const moved = new Map<string, number>();
  for (const part of definition.inputs.flatMap(partsOf)) {
    const values = batch[part.input.name];
    const other = { ...batch, [part.input.name]: exchange(values, part, count) };
    const answers = await prepared.predict(other, count);
    moved.set(
      part.name,
      base.reduce((most, answer, place) => Math.max(most, Math.abs(answer - answers[place])), 0),
    );
  }
  prepared.dispose();
  return moved;
}

function partsOf(input: ModelInput): Part[] {
  const names = input.kind === "image" ? PLANES : toProfile(input.profile).features.map((feature) => feature.name);
  return names.map((name, place) => ({ name: `${input.name}: ${name}`, input, place, step: names.length }));
}

/** The values with one part of each alert's taken from the alert half the batch away. */
function exchange(values: Float32Array, { input, place, step }: Part, count: number): Float32Array {
  const length = inputLength(input);
  const away = Math.ceil(count / 2) * length;
  return values.map((value, index) =>
    (index % length) % step === place ? values[(index + away) % values.length] : value,
  );
}

function readInputs(definition: ModelDefinition, alert: Alert): Float32Array[] | undefined {
  const read = definition.inputs.map((input) => {
    if (input.kind === "image") {
      const image = toSafe(() => toTriplet(readStamps(alert), input.preprocessing));
      return image.success ? image.data.pixels : undefined;
    }
    const { values, reasons } = extractFeatures(toProfile(input.profile), { alert, history: toLightCurve(alert) });
    return reasons.length === 0 ? Float32Array.from(values) : undefined;
  });
  return read.every((values) => values !== undefined) ? read : undefined;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
