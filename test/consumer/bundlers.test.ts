import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toJson } from "@btsbot/alert";
import { scoreAlert, scoreOf } from "@btsbot/core";
import { simulateSurvey } from "@btsbot/simulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, serveFiles } from "../support/browser.js";
import type { TestBrowser } from "../support/browser.js";
import { packages } from "../support/packages.js";
import { installTarballs, pack } from "../support/consumer.js";
import type { Tarball } from "../support/consumer.js";
import { setup } from "../setup.js";

/** What a page that scores needs, as npm installs it with `@btsbot/pool`. */
const NEEDED = closureOf("@btsbot/pool");

/** The page: a score by itself, and by a pool of the workers that it starts. */
const SCRIPT = `import { scoreAlert, scoreOf } from "@btsbot/core";
import { createScorerPool } from "@btsbot/pool";
`;
const RUN = `
async function run() {
  const bytes = new Uint8Array(await (await fetch("alert.json")).arrayBuffer());
  const scores = [scoreOf(await scoreAlert(bytes))];
  const pool = await createScorerPool({ workers: 2 });
  for await (const outcome of pool.scoreAlerts([bytes, new Blob([bytes])])) scores.push(scoreOf(outcome.data));
  await pool.close();
  return { scores };
}
run().then(
  (outcome) => { window.bundlerOutcome = outcome; },
  (error) => { window.bundlerOutcome = { error: String(error?.stack ?? error) }; },
);
`;
const html = (head: string): string => `<!doctype html><title>test</title>${head}`;
const PAGE = html('<script type="module" src="./main.js"></script>');

const VITE_BUILD = `import { build } from "vite";
await build({ logLevel: "warn", build: { outDir: "out" } });
`;
/** What Vite prints once it serves: its address. */
const VITE_SERVE = `import { createServer } from "vite";
const server = await createServer({ logLevel: "warn", server: { port: 0, host: "127.0.0.1", hmr: false, ws: false } });
await server.listen();
console.log("http://127.0.0.1:" + server.httpServer.address().port + "/");
`;
const WEBPACK = `import webpack from "webpack";
webpack({ mode: "production", entry: "./main.js", performance: { hints: false },
  output: { path: process.cwd() + "/out", filename: "main.js", publicPath: "auto" } }, (error, stats) => {
  if (error) throw error;
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  for (const { message } of [...errors, ...warnings]) console.error(message);
});
`;
const ROLLUP = `import { rollup } from "rollup";
import { nodeResolve } from "@rollup/plugin-node-resolve";
const bundle = await rollup({ input: "main.js", plugins: [nodeResolve({ browser: true })],
  onwarn: ({ message }) => console.error(message) });
await bundle.write({ dir: "out", format: "es" });
`;
/** By its command, which tells of warnings; an API call tells of none. */
const PARCEL_BUILD = `import { spawnSync } from "node:child_process";
const options = ["--dist-dir", "out", "--public-url", "./", "--no-cache", "--log-level", "warn"];
const { status } = spawnSync(process.execPath, ["node_modules/parcel/lib/bin.js", "build", "index.html", ...options],
  { stdio: "inherit" });
process.exitCode = status ?? 1;
`;
/** Its server has the page's other files from the folder that it writes to, and no way to say which free port it took. */
const PARCEL_SERVE = `import { cpSync } from "node:fs";
import { createServer } from "node:net";
import { Parcel } from "@parcel/core";
cpSync("public", "served", { recursive: true });
const probe = createServer().listen(0, "127.0.0.1", async () => {
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  await new Parcel({ entries: "index.html", defaultConfig: "@parcel/config-default", mode: "development",
    shouldDisableCache: true, hmrOptions: null, serveOptions: { host: "127.0.0.1", port },
    defaultTargetOptions: { distDir: "served" } }).watch((error, event) => {
      if (error ?? event.type !== "buildSuccess") console.error(error ?? event.diagnostics);
      else console.log("http://127.0.0.1:" + port + "/");
    });
});
`;

interface Bundler {
  /** What is installed beside the packages. */
  readonly others: Readonly<Record<string, string>>;
  /** What the page's package.json says beyond its dependencies. */
  readonly settings?: Readonly<Record<string, object>>;
  /** The program that writes the page into the folder `out`. */
  readonly build: string;
  /** The program that serves the page while it is made, if there is one. */
  readonly serve?: string;
}

const vite = (version: string): Bundler => ({ others: { vite: version }, build: VITE_BUILD, serve: VITE_SERVE });

/** Each in a folder of its own, outside the lock file: the newest of each line that there is. */
const BUNDLERS: Readonly<Record<string, Bundler>> = {
  "Vite 6": vite("^6.4.0"),
  "Vite 7": vite("^7.3.0"),
  "Vite 8": vite("^8.0.0"),
  "webpack 5": { others: { webpack: "^5.100.0" }, build: WEBPACK },
  "Rollup 4": { others: { rollup: "^4.50.0", "@rollup/plugin-node-resolve": "^16.0.0" }, build: ROLLUP },
  "Parcel 2": {
    others: { parcel: "^2.16.0" },
    settings: { "@parcel/resolver-default": { packageExports: true } },
    build: PARCEL_BUILD,
    serve: PARCEL_SERVE,
  },
};

/** Minutes of two cores and a registry: not for everybody who runs the tests. */
describe.skipIf(process.env.CI === undefined)("in a page (needs CI set, a registry and Chromium)", () => {
  let folder: string;
  let tarballs: readonly Tarball[];
  let browser: TestBrowser;
  let expected: number;
  const alert = JSON.stringify(toJson([...simulateSurvey({ nights: 1, sources: 1, seed: 7 })][0].alert));

  beforeAll(async () => {
    setup(() => undefined);
    folder = mkdtempSync(join(tmpdir(), "btsbot-bundlers-"));
    tarballs = (await pack(folder)).filter(({ name }) => NEEDED.has(name));
    browser = await openBrowser();
    expected = scoreOf(await scoreAlert(new TextEncoder().encode(alert)));
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, and gives what it came to: three times the score of Node, up to what relaxed SIMD rounds otherwise. */
  async function check(address: string): Promise<void> {
    const page = await browser.context.newPage();
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.goto(address);
    const outcome = await page
      .waitForFunction(() => (window as { bundlerOutcome?: object }).bundlerOutcome, undefined, { timeout: 60_000 })
      .then((handle) => handle.jsonValue() as Promise<{ scores?: number[]; error?: string }>)
      .catch((error: unknown) => ({ error: `${String(error)}\n${said.join("\n")}`, scores: undefined }));
    await page.close();
    expect(outcome.error).toBeUndefined();
    expect(outcome.scores).toHaveLength(3);
    expect(outcome.scores![0]).toBeCloseTo(expected, 5);
    expect(outcome.scores).toEqual(Array.from({ length: 3 }, () => outcome.scores![0]));
  }

  async function serveFolder(path: string, index: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const files = readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file): [string, Uint8Array] => [file.slice(path.length + 1), readFileSync(file)]);
    const pages: [string, Uint8Array | string][] = [
      ["index.html", index],
      ["alert.json", alert],
      ...Object.entries(more),
    ];
    const server = await serveFiles(
      new Map([...files, ...pages]),
      "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self' blob:",
    );
    try {
      await check(server.url);
    } finally {
      await server.close();
    }
  }

  describe.each(Object.entries(BUNDLERS))("%s", (name, { others, settings, build, serve }) => {
    let project: string;

    beforeAll(async () => {
      project = join(folder, name.replace(" ", "-").toLowerCase());
      mkdirSync(join(project, "public"), { recursive: true });
      writeFileSync(join(project, "index.html"), PAGE);
      writeFileSync(join(project, "main.js"), SCRIPT + RUN);
      writeFileSync(join(project, "public", "alert.json"), alert);
      await installTarballs(project, tarballs, others, settings);
    }, 180_000);

    it("builds it without a warning, and it scores as Node does", async () => {
      expect(await runProgram(project, "build.mjs", build)).toBe("");
      const out = join(project, "out");
      const index = readdirSync(out).includes("index.html") ? readFileSync(join(out, "index.html"), "utf8") : PAGE;
      await serveFolder(out, index);
    });

    if (serve !== undefined)
      it("serves it while it is made", async () => {
        writeFileSync(join(project, "serve.mjs"), serve);
        const server = spawn(process.execPath, ["serve.mjs"], { cwd: project });
        try {
          await check(await firstLine(server));
        } finally {
          server.kill();
        }
      });
  });

  describe("no bundler", () => {
    let project: string;

    beforeAll(async () => {
      project = join(folder, "plain");
      mkdirSync(project);
      await installTarballs(project, tarballs, {});
    }, 180_000);

    it("an import map is enough: nothing that is loaded is CommonJS", async () => {
      const map = JSON.stringify({ imports: mapImports(join(project, "node_modules")) });
      const head = `<script type="importmap">${map}</script><script type="module" src="./main.js"></script>`;
      await serveFolder(project, html(head), { "main.js": SCRIPT + RUN });
    });

    it("one file is enough", async () => {
      const one = 'import { createScorerPool, scoreAlert, scoreOf } from "./btsbot.js";\n';
      const file = readFileSync(join(project, "node_modules/@btsbot/pool/dist/bundle/page.js"), "utf8");
      const empty = join(folder, "one");
      mkdirSync(empty);
      await serveFolder(empty, PAGE, { "main.js": one + RUN, "btsbot.js": file });
    });
  });
});

/** A package of ours, and those that it depends on. */
function closureOf(name: string): Set<string> {
  const needed = new Set([name]);
  for (const each of needed) {
    const { manifest } = packages.find((of) => of.manifest.name === each)!;
    for (const other of Object.keys(manifest.dependencies ?? {}))
      if (packages.some((of) => of.manifest.name === other)) needed.add(other);
  }
  return needed;
}

/** A file, or files by condition, as package.json has them. */
type Door = string | { readonly [condition: string]: Door };

function fileOf(door: Door | undefined): string | undefined {
  return door === undefined || typeof door === "string" ? door : fileOf(door.import ?? door.default);
}

/** Every package that is installed, at the file that a browser imports. */
function mapImports(modules: string): Record<string, string> {
  const names = readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name],
    );
  const entries = names.flatMap((name) => {
    const { exports: doors, module } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")) as {
      exports?: Readonly<Record<string, Door>>;
      module?: string;
    };
    return Object.entries(doors ?? { ".": module! }).flatMap(([door, conditions]): [string, string][] => {
      const file = fileOf(conditions);
      return file === undefined ? [] : [[name + door.slice(1), `./${join("node_modules", name, file)}`]];
    });
  });
  return { ...Object.fromEntries(entries), "#workers": "./node_modules/@btsbot/pool/dist/webWorkers.js" };
}

/** Runs a program in a folder and gives all that it prints. */
async function runProgram(cwd: string, file: string, source: string): Promise<string> {
  writeFileSync(join(cwd, file), source);
  const child = spawn(process.execPath, [file], {
    cwd,
    env: { ...process.env, NODE_ENV: "production", NO_COLOR: "1" },
  });
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return status === 0 ? said : `${said}\nexit status ${status}`;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout!.on("data", (data: Buffer) => {
      said += data.toString();
      if (said.includes("\n")) resolve(said.split("\n")[0]);
    });
    child.stderr!.on("data", (data: Buffer) => (said += data.toString()));
    child.on("close", () => {
      reject(new Error(said));
    });
  });
}
