import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "packages/simd/assembly/",
      "packages/simd/src/wasm/",
      "docs/api/",
      "examples/out/",
      "test/bench/out/",
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strict,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      // `!` after a lookup whose key is known to be there says so in one character.
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    // The other packages' types are those of their last build: the script `lint` builds first.
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An interface asks for a promise, or an async iterable, of what one of its kind has at once; `async` makes what it throws a rejection.
      "@typescript-eslint/require-await": "off",
      // What was caught is handed on as it came.
      "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true }],
      "max-lines": ["error", { max: 260, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Programs that run as they stand, without a build. Types stand in their comments.
    files: ["**/*.{js,mjs}"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "URL",
          "Buffer",
          "performance",
          "fetch",
          "setTimeout",
          "clearTimeout",
          "TextDecoder",
          "TextEncoder",
          "globalThis",
          "document",
          "window",
          "navigator",
        ].map((name) => [name, "readonly"]),
      ),
    },
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
);
