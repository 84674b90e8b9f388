/* eslint no-console: off -- this file watches the console */
import { afterEach, beforeEach, expect, vi } from "vitest";

const METHODS = ["log", "info", "warn", "error", "debug"] as const;

// A library that prints is a library that somebody must silence.
beforeEach(() => {
  for (const method of METHODS) vi.spyOn(console, method).mockClear();
});

afterEach(() => {
  for (const method of METHODS) expect(console[method], `console.${method}`).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
