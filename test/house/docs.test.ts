import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../support/packages.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "btsbot-docs-"));
  symlinkSync(`${root}node_modules`, join(folder, "node_modules"), "junction");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs typedoc, with the project's own settings, on a package of one source file. */
async function document(name: string, source: string): Promise<{ status: number | null; output: string }> {
  const path = join(folder, name);
  mkdirSync(join(path, "package", "src"), { recursive: true });
  const write = (file: string, content: unknown): void =>
    writeFileSync(join(path, file), typeof content === "string" ? content : JSON.stringify(content));
  // Its pages link to folders of the project, which are pages only where the whole of it is documented.
  const none = { readme: "none", projectDocuments: [] };
  write("typedoc.json", { extends: [`${root}typedoc.json`], entryPoints: ["package"], ...none });
  write("package/typedoc.json", { entryPoints: ["src/index.ts"] });
  write("package/package.json", { name, version: "0.0.0", type: "module", exports: "./src/index.ts" });
  write("package/tsconfig.json", { extends: `${root}tsconfig.base.json`, include: ["src"] });
  write("package/src/index.ts", source);
  const child = spawn(process.execPath, [`${root}node_modules/typedoc/bin/typedoc`, "--emit", "none"], {
    cwd: path,
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, output };
}

const DOCUMENTED = `/** Speed. */
export interface Speed {
  /** Meters per second. */
  readonly value: number;
}
/** Doubles it. */
export function double(speed: Speed): Speed {
  return { value: 2 * speed.value };
}
`;

const RUNS = {
  "an undocumented function": DOCUMENTED.replace("/** Doubles it. */\n", ""),
  "an undocumented member": DOCUMENTED.replace("  /** Meters per second. */\n", ""),
  "everything documented": DOCUMENTED,
};
const runs = new Map<string, Awaited<ReturnType<typeof document>>>();

// Together: typedoc takes seconds to start.
beforeAll(async () => {
  await Promise.all(
    Object.entries(RUNS).map(async ([name, source]) =>
      runs.set(name, await document(name.replaceAll(" ", "-"), source)),
    ),
  );
});

it.each([
  ["an undocumented function", "double"],
  ["an undocumented member", "Speed.value"],
])("documentation fails on %s", (name, symbol) => {
  const { status, output } = runs.get(name)!;
  expect(output).toContain(`${symbol} (`);
  expect(output).toContain("does not have any documentation");
  expect(status).not.toBe(0);
});

it("documentation passes where every symbol has its comment", () => {
  expect(runs.get("everything documented")).toEqual({ status: 0, output: "" });
});
