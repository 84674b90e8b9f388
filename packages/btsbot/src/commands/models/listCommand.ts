import { DEFAULT_MODEL, loadDefaultModel, nameProfile } from "@btsbot/model";
import { cacheFolder, listPulled, PUBLISHED_MODELS } from "@btsbot/weights";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import { megabytes, SHIPPED_TITLE, sizeOf } from "./modelText.js";
import type { ListOptions } from "./types.js";

/** One line of `btsbot models list`; a model of the cache that nobody published has a name only. */
interface ModelLine {
  readonly name: string;
  readonly version?: string;
  readonly pulled: boolean;
  /** True for the one that is there without being pulled. */
  readonly shipped?: true;
  /** True for one's own, in the cache by `models import` or by training. */
  readonly imported?: true;
  readonly bytes?: number;
  readonly license?: string;
  readonly profile?: string;
  readonly title?: string;
}

/**
 * `btsbot models list`.
 *
 * @internal
 */
export async function listCommand(options: ListOptions, { stdout, env, colors, width }: Terminal): Promise<number> {
  const cache = cacheFolder(env);
  const pulled = new Set((await listPulled({ cache })).map(({ name }) => name));
  const published = PUBLISHED_MODELS.map((model): ModelLine => {
    const { name, version, license, profile, title } = model;
    return {
      name,
      version,
      pulled: pulled.delete(name),
      bytes: sizeOf(model),
      license,
      ...(profile && { profile }),
      title,
    };
  });
  const lines = [
    ...published,
    await describeShipped(pulled.delete(DEFAULT_MODEL)),
    ...[...pulled].map((name): ModelLine => ({ name, pulled: false, imported: true })),
  ];
  if ((options.format ?? (stdout.isTTY ? "table" : "jsonl")) === "jsonl") {
    for (const line of lines) stdout.write(`${JSON.stringify(line)}\n`);
    return EXIT.ok;
  }
  const table = layoutTable<ModelLine>(
    [
      {
        title: "name",
        min: Math.max(...lines.map(({ name }) => name.length)),
        cell: ({ name }) => ({ text: name, paint: colors.bold }),
      },
      { title: "version", min: 7, cell: ({ version = "" }) => ({ text: version }) },
      {
        title: "here",
        min: 4,
        cell: (line) => {
          if (line.imported) return { text: "imported", paint: colors.green };
          return line.pulled || line.shipped ? { text: "yes", paint: colors.green } : { text: "no", paint: colors.dim };
        },
      },
      {
        title: "size",
        min: 7,
        align: "right",
        cell: ({ bytes }) => ({ text: bytes === undefined ? "" : megabytes(bytes) }),
      },
      { title: "licence", min: 7, cell: ({ license = "" }) => ({ text: license }) },
      { title: "features", min: 10, cell: ({ profile = "" }) => ({ text: profile }) },
      {
        title: "what it is",
        min: 20,
        max: 60,
        drop: 1,
        cell: ({ title = "not published" }) => ({ text: title, paint: colors.dim }),
      },
    ],
    width,
  );
  stdout.write(`${[table.header(colors.bold), ...lines.map((line) => table.row(line))].join("\n")}\n`);
  stdout.write(colors.dim(`\nKept in ${cache}\n`));
  return EXIT.ok;
}

async function describeShipped(pulled: boolean): Promise<ModelLine> {
  const { definition, source } = await loadDefaultModel();
  const features = definition.inputs.find((input) => input.kind === "features");
  return {
    name: DEFAULT_MODEL,
    version: definition.version,
    pulled,
    shipped: true,
    ...(source?.license && { license: source.license }),
    ...(features && { profile: nameProfile(features.profile) }),
    title: SHIPPED_TITLE,
  };
}
