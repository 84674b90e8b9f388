import { createScorer } from "@btsbot/core";
import { BtsbotError } from "@btsbot/errors";
import { createModel } from "@btsbot/model";
import type { KerasImport, KerasInput, Model } from "@btsbot/model";
import { cacheFolder, cacheModel, checkNewName, readModel } from "@btsbot/weights";
import { readProfile } from "../../inputs/readProfile.js";
import { complain } from "../../terminal/complain.js";
import type { Terminal } from "../../terminal/createTerminal.js";
import { EXIT } from "../../terminal/exitStatus.js";
import type { ImportOptions, NamedInput } from "./types.js";

/** The version of a model whose importer names none. */
const FIRST_VERSION = "1";

/** What stands for every model that was pulled: the name of none. */
const ALL = "all";

/**
 * `btsbot models import`: a network of your own into the cache, under a name.
 *
 * @throws BtsbotError as `readModel` and `cacheModel`
 *
 * @internal
 */
export async function importCommand(path: string, options: ImportOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, env, colors } = terminal;
  if (options.name === ALL) {
    complain(stderr, `${ALL} stands for every model; give yours another name`);
    return EXIT.usage;
  }
  const place = { cache: cacheFolder(env), replace: options.force === true };
  // Before the network, which may take long to read and have faults of its own.
  checkNewName(options.name, place);
  const model = await readNamed(path, options).catch((error: unknown) => {
    throw error instanceof BtsbotError ? inOptionWords(error) : error;
  });
  if (options.profile !== undefined && !model.definition.inputs.some(({ kind }) => kind === "features")) {
    complain(stderr, "the network reads images alone; leave --profile out");
    return EXIT.usage;
  }
  // What could not score is not kept.
  (await createScorer({ models: [model] })).dispose();
  const { folder } = await cacheModel(model, place);
  stdout.write(`${colors.bold(model.definition.name)}  imported  ${colors.dim(folder)}\n`);
  return EXIT.ok;
}

/** A file that describes its network needs a name alone; of any other the options say the rest. */
async function readNamed(path: string, options: ImportOptions): Promise<Model> {
  const { name, modelVersion, profile, preprocessing, planes, input, survey, classes, activation } = options;
  const given = { profile, preprocessing, planes, survey, classes, activation };
  if (input.length === 0 && Object.values(given).every((value) => value === undefined)) {
    const model = await readModel(path).catch((error: unknown) => {
      if (error instanceof BtsbotError && error.code === "model-undescribed") return undefined;
      throw error;
    });
    if (model !== undefined) {
      const { definition, weights, source } = model;
      return createModel({ ...definition, name, version: modelVersion ?? definition.version }, weights, source);
    }
  }
  const details: KerasImport = {
    name,
    version: modelVersion ?? FIRST_VERSION,
    ...(profile !== undefined && { profile: await readProfile(profile) }),
    ...(input.length > 0 && { inputs: await readInputs(input) }),
    ...(survey !== undefined && { survey }),
    ...(classes !== undefined && { classes }),
    ...(activation !== undefined && { activation }),
    preprocessing: { normalization: preprocessing ?? "l2", ...(planes && { planes }) },
  };
  return readModel(path, details);
}

async function readInputs(named: readonly NamedInput[]): Promise<KerasImport["inputs"] & object> {
  const inputs: Record<string, KerasInput> = {};
  for (const { name, profile, preprocessing } of named)
    inputs[name] =
      profile === undefined ? { ...(preprocessing && { preprocessing }) } : { profile: await readProfile(profile) };
  return inputs;
}

/** The library's names of details, and the options that stand for them. */
const OPTIONS: Readonly<Record<string, string>> = {
  activation: "--activation",
  classes: "--classes",
  inputs: "--input",
  preprocessing: "--preprocessing",
  planes: "--planes",
  profile: "--profile",
};

/** Advice that names a detail names the option instead. */
function inOptionWords({ problems, cause }: BtsbotError): BtsbotError {
  const say = (text: string): string =>
    text.replace(/`(\w+)(?:: "(\w+)")?`/g, (all, name: string, value?: string) =>
      OPTIONS[name] === undefined ? all : OPTIONS[name] + (value === undefined ? "" : ` ${value}`),
    );
  const told = new BtsbotError(
    problems.map(({ hint, message, ...rest }) => ({
      ...rest,
      message: say(message),
      ...(hint !== undefined && { hint: say(hint) }),
    })),
  );
  told.cause = cause;
  return told;
}
