import { build } from "esbuild";
import { packages, root } from "./packages.js";

/**
 * Bundles a page's script for the browser, from the sources of our packages.
 *
 * @param entry - path of the script
 * @returns one ES module
 */
export async function bundlePage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    // esbuild finds x.ts where the sources import x.js.
    alias: {
      ...Object.fromEntries(packages.map(({ manifest, path }) => [manifest.name, `${path}src/index.ts`])),
      "@btsbot/core/pool": `${root}packages/core/src/pool.ts`,
    },
    // What build.js makes lies beside what is compiled.
    plugins: [
      {
        name: "made-files",
        setup: ({ onResolve }) => {
          onResolve({ filter: /^\.\/bundle\/.*\.js$/ }, ({ path, resolveDir }) => ({
            path: `${resolveDir.replace(/src$/, "dist")}/${path}`,
          }));
        },
      },
    ],
    logLevel: "silent",
  });
  return outputFiles[0].text;
}
