import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

// Tests run on the sources: no build stands between a change and its test.
const alias = {
  // A door of its own, before the package's, with which its name begins.
  "@btsbot/core/pool": `${root}packages/core/src/pool.ts`,
  ...Object.fromEntries(
    readdirSync(`${root}packages`).map((name) => [
      name === "btsbot" ? "btsbot" : `@btsbot/${name}`,
      `${root}packages/${name}/src/index.ts`,
    ]),
  ),
};

export default defineConfig({
  resolve: { alias },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["test/support/failOnConsole.ts", "test/support/seedProperties.ts"],
    reporters: ["default", "./test/support/plainReporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // tfjs keeps one engine per process; threads of one process would share it.
    pool: "forks",
    // As many as there are cores: by default one core is left idle, which is half of a machine with two.
    maxWorkers: availableParallelism(),
  },
});
