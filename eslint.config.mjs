import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const noPulumi = {
  patterns: [
    { group: ["@pulumi/*"], message: "This room is free of Pulumi: plain values in, plain values out." },
    {
      group: ["**/internal/*"],
      message: "audit, components/lib and components/registry import nothing above the latter two.",
    },
  ],
};

export default defineConfig(
  globalIgnores(["**/dist/", "coverage/", "api/", ".stryker-tmp/", "examples/", "template/"]),
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
    files: ["audit/**/*.ts", "components/lib/**/*.ts", "components/registry/**/*.ts"],
    rules: { "no-restricted-imports": ["error", noPulumi] },
  },
);
