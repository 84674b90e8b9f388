import { build } from "esbuild";
import { packages } from "./packages.js";

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
    alias: Object.fromEntries(packages.map(({ manifest, path }) => [manifest.name, `${path}src/index.ts`])),
    logLevel: "silent",
  });
  return outputFiles[0].text;
}
