import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import ts from "typescript";
import * as components from "../../../components";
import * as testing from "../../../testing";
import { root, type Snippet } from "./documents";

const options: ts.CompilerOptions = {
  ...ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(messageOf(diagnostic));
    },
  })?.options,
  paths: {
    "kubernetes-private-registry": [join(root, "components/index.ts")],
    "kubernetes-private-registry/testing": [join(root, "testing/index.ts")],
  },
};

/** Compiles all snippets against the sources of the package, each as a module; returns what the compiler reports. */
export function typeErrorsIn(snippets: readonly Snippet[]): string[] {
  const texts = new Map(snippets.map(({ place, text }) => [fileOf(place), text]));
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...texts.keys()], options, {
    ...host,
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = texts.get(file);
      return text === undefined
        ? host.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version);
    },
  });
  return ts.getPreEmitDiagnostics(program).map(messageOf);
}

const load: (name: string) => unknown = createRequire(__filename);

/** Runs a snippet as a module, with this package's sources and other modules by name; returns what it exports. */
export function run({ text }: Snippet, others: Record<string, unknown> = {}): Record<string, unknown> {
  const modules: Record<string, unknown> = {
    "kubernetes-private-registry": components,
    "kubernetes-private-registry/testing": testing,
    ...others,
  };
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { ...options, module: ts.ModuleKind.CommonJS },
  });
  const module = compileFunction(outputText, ["exports", "require"]) as (
    exports: Record<string, unknown>,
    require: (name: string) => unknown,
  ) => void;
  const exports = {};
  module(exports, (name) => (name in modules ? modules[name] : load(name)));
  return exports;
}

function fileOf(place: string): string {
  return join(root, `${place.replace(":", "-")}.ts`);
}

function messageOf({ file, messageText }: ts.Diagnostic): string {
  return `${file?.fileName.slice(root.length + 1) ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
