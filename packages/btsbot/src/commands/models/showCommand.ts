import { DEFAULT_PLANES } from "@btsbot/cutout";
import { BtsbotError, countOf, toSafe } from "@btsbot/errors";
import { toProfile } from "@btsbot/features";
import type { Feature } from "@btsbot/features";
import { DEFAULT_MODEL, ignoredInputs, inferShapes, nameProfile, weightSpecs } from "@btsbot/model";
import type { Layer, Model, ModelDefinition } from "@btsbot/model";
import { PUBLISHED_MODELS } from "@btsbot/weights";
import type { PublishedModel } from "@btsbot/weights";
import { openModels } from "../../models/openModels.js";
import type { Colors, Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import { printable } from "../../terminal/printable.js";
import { wrapText } from "../../terminal/wrapText.js";
import { megabytes, SHIPPED_TITLE, sizeOf } from "./modelText.js";

/** What becomes of a number outside its range: see `isOutside` and `findReason` of `extractFeatures`. */
const OUTSIDE =
  "A value outside its range is flagged; far outside it, the alert is not scored. Where each is from: README of @btsbot/features";

/**
 * `btsbot models show`: what is published is told of any model, what is inside of one that is here.
 *
 * @internal
 */
export async function showCommand(name: string, terminal: Terminal): Promise<number> {
  const { stdout, colors, width } = terminal;
  const published = PUBLISHED_MODELS.find((model) => model.name === name);
  const model = await openModels(terminal)
    .load(name)
    .catch((error: unknown) => {
      if (published !== undefined && error instanceof BtsbotError && error.code === "model-not-pulled")
        return undefined;
      throw error;
    });
  const parts = [
    sourceLines(name, published, model, colors),
    published?.caution === undefined ? [] : [...wrapText(published.caution, width).map(colors.yellow), ""],
    model === undefined
      ? [colors.dim(`Inputs, layers and features: pull it first, btsbot models pull ${name}`)]
      : insideLines(model, terminal),
  ];
  stdout.write(`${parts.flat().join("\n")}\n`);
  return EXIT.ok;
}

function sourceLines(
  name: string,
  published: PublishedModel | undefined,
  model: Model | undefined,
  colors: Colors,
): string[] {
  const rows: [string, string | undefined][] = [
    ["version", published?.version ?? model?.definition.version],
    ...(published?.files ?? model?.source?.files ?? [model?.source]).flatMap((file): [string, string | undefined][] => [
      ["source", file?.url],
      ["SHA-256", file?.sha256],
    ]),
    ["size", published && megabytes(sizeOf(published))],
    ["weights", model && `${model.sha256} (SHA-256)`],
    ["network", model && `${model.definitionSha256} (SHA-256 of the definition)`],
    ["licence", published?.license ?? model?.source?.license],
    ["cite", published ? `${published.citation}, https://doi.org/${published.doi}` : model?.source?.citation],
  ];
  const lines = rows.flatMap(([title, value]) =>
    value === undefined ? [] : [`  ${colors.dim(title.padEnd(8))} ${printable(value)}`],
  );
  const title = published?.title ?? (name === DEFAULT_MODEL ? SHIPPED_TITLE : undefined);
  return [colors.bold(name) + (title === undefined ? "" : `  ${title}`), ...lines, ""];
}

function insideLines(model: Model, { colors, width }: Terminal): string[] {
  const { definition } = model;
  const { layers } = definition;
  const shapes = inferShapes(definition);
  const counts = new Map<string, number>();
  for (const { name, shape } of weightSpecs(definition)) {
    const layer = name.slice(0, name.lastIndexOf("/"));
    counts.set(layer, (counts.get(layer) ?? 0) + shape.reduce((product, axis) => product * axis, 1));
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const table = layoutTable<Layer>(
    [
      { title: "layer", min: widest(layers, ({ name }) => name), cell: ({ name }) => ({ text: name }) },
      {
        title: "reads",
        min: widest(layers, reads),
        drop: 1,
        cell: (layer) => ({ text: reads(layer), paint: colors.dim }),
      },
      { title: "shape", min: 12, align: "right", cell: ({ name }) => ({ text: shapes.get(name)!.join(" x ") }) },
      {
        title: "parameters",
        min: 10,
        align: "right",
        cell: ({ name }) => ({ text: counts.get(name)?.toLocaleString("en") ?? "" }),
      },
      {
        title: "what it does",
        min: widest(layers, describeLayer),
        drop: 2,
        cell: (layer) => ({ text: describeLayer(layer), paint: colors.dim }),
      },
    ],
    width - 2,
  );
  const inputs = definition.inputs.map((input) => {
    const what =
      input.kind === "image"
        ? `stamps, ${input.preprocessing.normalization} norm, ${(input.preprocessing.planes ?? DEFAULT_PLANES).join(", ")}`
        : `features of ${nameProfile(input.profile)}`;
    const ignored = ignoredInputs(model).includes(input.name) ? colors.yellow("  changes no answer: dead weights") : "";
    return `  ${printable(input.name).padEnd(10)} ${shapes.get(input.name)!.join(" x ").padEnd(12)} ${colors.dim(printable(what))}${ignored}`;
  });
  const rows = [table.header(colors.bold), ...layers.map((layer) => table.row(layer))].map((line) => `  ${line}`);
  const title = `${countOf(layers.length, "layer")}, ${total.toLocaleString("en")} parameters`;
  return [
    colors.bold("Inputs"),
    ...inputs,
    "",
    colors.bold(title),
    ...rows,
    ...profileLines(definition, width, colors),
  ];
}

function profileLines(definition: ModelDefinition, width: number, colors: Colors): string[] {
  return definition.inputs.flatMap((input) => {
    if (input.kind !== "features") return [];
    const profile = toSafe(() => toProfile(input.profile));
    // One of the user's own, which whoever scores gives.
    if (!profile.success) return ["", colors.dim(`  ${printable(nameProfile(input.profile))}: not a ready profile`)];
    const { name, features } = profile.data;
    const table = layoutTable<Feature & { place: number }>(
      [
        { title: "#", min: 2, align: "right", cell: ({ place }) => ({ text: String(place), paint: colors.dim }) },
        { title: "feature", min: 15, cell: (feature) => ({ text: feature.name }) },
        {
          title: "range",
          min: widest(features, describeRange),
          cell: (feature) => ({ text: describeRange(feature), paint: colors.dim }),
        },
        { title: "what it is", min: 30, max: 110, cell: ({ meaning }) => ({ text: meaning, paint: colors.dim }) },
      ],
      width - 2,
    );
    const rows = features.map((feature, index) => `  ${table.row({ ...feature, place: index + 1 })}`);
    const title = `${name}, ${countOf(features.length, "feature")}, each with the range that it can have`;
    return ["", colors.bold(title), ...rows, ...wrapText(OUTSIDE, width - 2).map((line) => `  ${colors.dim(line)}`)];
  });
}

function reads({ inputs }: Layer): string {
  return inputs.join(", ");
}

/** Such as `0 to 30 arcsec`; the unit alone where nothing bounds the feature. */
function describeRange({ range, unit }: Feature): string {
  return [...(range === undefined ? [] : [short(range.least), "to", short(range.greatest)]), unit].join(" ").trim();
}

/** A limit in few letters: `1e5` for 100000. */
function short(limit: number): string {
  return Math.abs(limit) < 10_000 ? String(limit) : limit.toExponential().replace("+", "");
}

function widest<Row>(rows: readonly Row[], describe: (row: Row) => string): number {
  return Math.max(...rows.map((row) => describe(row).length));
}

function describeLayer(layer: Layer): string {
  switch (layer.type) {
    case "conv2d":
    case "separableConv2d":
      return `${layer.type} ${layer.kernelSize.join("x")}, ${layer.padding}, ${layer.activation}`;
    case "maxPooling2d":
      return `${layer.type} ${layer.poolSize.join("x")}, ${layer.padding}`;
    case "dense":
    case "activation":
      return `${layer.type}, ${layer.activation}`;
    case "dropout":
      return `dropout ${layer.rate} (training only)`;
    default:
      return layer.type;
  }
}
