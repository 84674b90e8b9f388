import {
  cacheFolder,
  exportModel,
  findPublished,
  listPulled,
  openCache,
  PUBLISHED_MODELS,
  pullModel,
} from "@btsbot/weights";
import type { ExportFormat, PublishedModel, PullProgress } from "@btsbot/weights";
import { BtsbotError } from "@btsbot/errors";
import { DEFAULT_MODEL, loadDefaultModel } from "@btsbot/model";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import { PRODUCTION_MODEL } from "../../models/defaultModel.js";
import { layoutTable } from "../../terminal/layoutTable.js";
import { createProgress } from "../../terminal/progress.js";
import { wrapText } from "../../terminal/wrapText.js";

/** Characters of the bar of a download. */
const BAR_WIDTH = 24;

/** Options of `btsbot models list`. */
export interface ListOptions {
  readonly format?: "table" | "jsonl";
}

/** Options of `btsbot models pull`. */
export interface PullCommandOptions {
  readonly from?: string;
  readonly force?: boolean;
}

/** Options of `btsbot models export`. */
export interface ExportCommandOptions {
  readonly to: string;
  readonly format: ExportFormat | "all";
}

/** What the model is that ships with this program. */
export const SHIPPED_TITLE = `a small stand-in for ${PRODUCTION_MODEL}, which ships with btsbot`;

/** One line of `btsbot models list`; a model of the cache that nobody published has a name only. */
interface ModelLine {
  readonly name: string;
  readonly version?: string;
  readonly pulled: boolean;
  /** True for the one that is there without being pulled. */
  readonly shipped?: true;
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
    ...[...pulled].map((name): ModelLine => ({ name, pulled: true })),
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
        cell: (line) =>
          line.pulled || line.shipped ? { text: "yes", paint: colors.green } : { text: "no", paint: colors.dim },
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
    ...(features && { profile: features.profile }),
    title: SHIPPED_TITLE,
  };
}

/**
 * `btsbot models pull`.
 *
 * @internal
 */
export async function pullCommand(
  names: readonly string[],
  options: PullCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr, env, colors, width } = terminal;
  const wanted =
    names.length === 0
      ? [PRODUCTION_MODEL]
      : names.flatMap((name) => (name === "all" ? PUBLISHED_MODELS.map((model) => model.name) : [name]));
  // A wrong name among good ones is found before anything is fetched.
  const asked = new Set(wanted);
  const needless = asked.delete(DEFAULT_MODEL);
  const models = [...asked].map((name) => findPublished(name));
  if (needless) stdout.write(`${colors.bold(DEFAULT_MODEL)}  ships with btsbot: nothing to pull\n`);
  let failed = 0;
  for (const model of models) {
    const progress = createProgress(stderr);
    let last: PullProgress["stage"] | undefined;
    const onProgress = (state: PullProgress) => {
      last = state.stage;
      progress.show(progressLine(state));
    };
    try {
      const { name, folder } = await pullModel(model, { cache: cacheFolder(env), ...options, onProgress });
      progress.clear();
      stdout.write(
        `${colors.bold(name)}  ${last === "cached" ? "is here already" : "pulled"}  ${colors.dim(folder)}\n`,
      );
      if (model.caution !== undefined)
        stdout.write(`${wrapText(model.caution, width).map(colors.yellow).join("\n")}\n`);
    } catch (error) {
      progress.clear();
      if (!(error instanceof BtsbotError)) throw error;
      failed += 1;
      complain(stderr, `${model.name} is not pulled. ${error.message}`);
    }
  }
  return failed === 0 ? EXIT.ok : EXIT.unreadable;
}

/**
 * `btsbot models export`.
 *
 * @internal
 */
export async function exportCommand(
  name: string,
  { to, format }: ExportCommandOptions,
  { stdout, env }: Terminal,
): Promise<number> {
  const model = await openCache({ cache: cacheFolder(env) }).load(name);
  const paths = await exportModel(model, to, format === "all" ? {} : { formats: [format] });
  for (const path of paths) stdout.write(`${path}\n`);
  return EXIT.ok;
}

function progressLine({ name, stage, received, total }: PullProgress): string {
  if (stage !== "download") return `${name}  ${stage}`;
  const share = Math.min(1, received / total);
  const filled = Math.round(share * BAR_WIDTH);
  return `${name}  ${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)}  ${megabytes(received)} of ${megabytes(total)}`;
}

/**
 * Bytes of all files of a published model.
 *
 * @internal
 */
export function sizeOf({ files }: PublishedModel): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Bytes as megabytes for people.
 *
 * @internal
 */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
