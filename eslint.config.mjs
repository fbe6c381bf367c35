import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const noPulumiInLib = {
  patterns: [
    { group: ["@pulumi/*"], message: "components/lib is pure: plain values in, plain values out." },
    { group: ["../internal/*", "../*.js"], message: "components/lib imports nothing above it." },
  ],
};

export default defineConfig(
  globalIgnores(["dist/", "coverage/", "api/", ".stryker-tmp/", "examples/"]),
  eslint.configs.recommended,
  {
    files: ["**/*.cjs", "**/*.mjs"],
    languageOptions: {
      globals: {
        console: "readonly",
        module: "writable",
        process: "readonly",
        require: "readonly",
        setTimeout: "readonly",
      },
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      eqeqeq: "error",
    },
  },
  {
    files: ["components/lib/**/*.ts"],
    rules: { "no-restricted-imports": ["error", noPulumiInLib] },
  },
);
