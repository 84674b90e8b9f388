import fc from "fast-check";

/**
 * In CI, where a failure must come from the change and not from the draw, properties draw the same cases in every run.
 * Elsewhere each run draws others, and a failure prints its seed.
 */
if (process.env.CI !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20261201 });
