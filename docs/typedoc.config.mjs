import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Converter, ReflectionKind } from "typedoc";

const root = resolve(import.meta.dirname, "..");

const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_REF_NAME } = process.env;
const github = GITHUB_REPOSITORY && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/${GITHUB_REF_NAME}`;

/**
 * Names each page by its first heading. Links to the source file of a component or function lead to its page; those to files
 * without a page lead to GitHub where a workflow builds the site, and elsewhere to a copy that typedoc makes.
 */
function linkDocuments(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, page) => {
    page.name = /^# (.*)$/m.exec(page.content[0].text)[1];
  });

  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const pages = project.documents ?? [];
    const api = project.getReflectionsByKind(ReflectionKind.Class | ReflectionKind.Function);
    for (const reflection of api) {
      for (const { fullFileName } of reflection.sources ?? []) {
        project.files.registerReflectionPath(fullFileName, reflection);
      }
    }
    for (const part of [project.readme, ...pages.map(({ content }) => content)].flat()) {
      const target = part.kind === "relative-link" && project.files.resolve(part.target, project);
      if (github && typeof target === "string") {
        part.kind = "text";
        part.text = github + target.slice(root.length) + (part.targetAnchor ? `#${part.targetAnchor}` : "");
      }
    }
  });
}

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  plugin: [linkDocuments],
  entryPoints: ["../components/index.ts", "../testing/index.ts"],
  tsconfig: "../tsconfig.build.json",
  out: "../api",
  alwaysCreateEntryPointModule: false,
  readme: "../README.md",
  projectDocuments: [
    "components.md",
    "registries.md",
    "rotation.md",
    "commands.md",
    "workloads.md",
    "preflight.md",
    "policy.md",
    "audit.md",
    "errors.md",
    "testing.md",
    "resources.md",
    "../stacks/README.md",
    "languages.md",
    "operations.md",
    "gitops.md",
    "adopt.md",
    "performance.md",
    "guia-cce.pt.md",
    "../SECURITY.md",
    "../CHANGELOG.md",
  ],
  customCss: "site.css",
  headings: { readme: false },
  highlightLanguages: ["python", "sh", "typescript", "yaml"],
  kindSortOrder: [
    "Document",
    "Module",
    "Class",
    "Function",
    "Namespace",
    "Interface",
    "TypeAlias",
    "Variable",
  ],
  sourceLinkTemplate: `${github ?? pathToFileURL(root)}/{path}#L{line}`,
  disableGit: true,
  displayBasePath: "..",
  excludePrivate: true,
  excludeExternals: true,
  includeVersion: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  intentionallyNotDocumented: [
    "kubernetes-private-registry.DockerConfigError.name",
    "kubernetes-private-registry.ImageReferenceError.name",
    "kubernetes-private-registry.KeyringError.name",
    "kubernetes-private-registry.PreflightError.name",
    "kubernetes-private-registry.PresetError.name",
    "kubernetes-private-registry.ServerError.name",
  ],
  intentionallyNotExported: ["PreflightSubject"],
  requiredToBeDocumented: [
    "Enum",
    "EnumMember",
    "Variable",
    "Function",
    "Class",
    "Interface",
    "Property",
    "Method",
    "Accessor",
    "TypeAlias",
  ],
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
};
