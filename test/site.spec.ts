import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./support/docs/documents";
import { temporaryDirectory } from "./support/runner/temporaryDirectory";

const source = "https://github.test/owner/repository/blob/v0.0.0";

describe("the site of npm run docs, as a release builds it", () => {
  const directory = temporaryDirectory();
  const folder = pathToFileURL(`${directory.path}/`);
  let pages: Map<string, string>;

  before(function () {
    this.timeout(120_000);
    const [GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_REF_NAME] = [
      "https://github.test",
      "owner/repository",
      "v0.0.0",
    ];
    execFileSync("npm", ["run", "--silent", "docs", "--", "--out", directory.path], {
      cwd: root,
      env: { ...process.env, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_REF_NAME },
      stdio: "pipe",
    });
    pages = new Map(
      globSync("**/*.html", { cwd: directory.path }).map((page) => [
        new URL(page, folder).href,
        readFileSync(join(directory.path, page), "utf8"),
      ]),
    );
  });

  after(() => directory.stop());

  /** Where the links of a page lead, without those to other sites. */
  function linksOf(page: string): URL[] {
    return [...(pages.get(page) ?? "").matchAll(/<(?:a|link|script|img)\b[^>]*? (?:href|src)="([^"]*)"/g)]
      .map(([, link = ""]) => new URL(link.replaceAll("&amp;", "&"), page))
      .filter(({ href, protocol }) => protocol === "file:" || href.startsWith("https://github.test/"));
  }

  it("has the README, each document but that for contributors, and the API", () => {
    const documents = readdirSync(join(root, "docs")).filter((file) => /(?<!^mutation)\.md$/.test(file));
    const others = ["stacks/README.md", "SECURITY.md", "CHANGELOG.md"];
    const headings = [...documents.map((file) => `docs/${file}`), ...others].map(
      (file) => /^# (.*)$/m.exec(readFileSync(join(root, file), "utf8"))?.[1],
    );
    const shown = [...pages]
      .filter(([page]) => page.includes("/documents/"))
      .map(([, html]) => /<title>(.*) \| .*<\/title>/.exec(html)?.[1]);
    assert.deepEqual(shown.toSorted(), headings.toSorted());
    const index = pages.get(new URL("index.html", folder).href) ?? "";
    assert.match(index, /<h1 [^>]*>kubernetes-private-registry</);
    for (const page of [
      "classes/kubernetes-private-registry.PrivateWorkloads",
      "functions/kubernetes-private-registry.withPullSecrets",
      "functions/kubernetes-private-registry_testing.expectPullable",
    ]) {
      assert.ok(pages.has(new URL(`${page}.html`, folder).href), page);
    }
  });

  it("has no link that leads nowhere, to a page or an anchor", () => {
    const broken = [...pages.keys()].flatMap((page) =>
      linksOf(page)
        .filter(({ protocol }) => protocol === "file:")
        .filter((link) => {
          const target = link.href.replace(/#.*/, "").replace(/\/$/, "/index.html");
          const anchor = decodeURIComponent(link.hash.slice(1));
          const text = pages.get(target);
          return text === undefined
            ? !existsSync(new URL(target)) || anchor !== ""
            : anchor !== "" && !text.includes(` id="${anchor}"`);
        })
        .map((link) => `${page} ${link.href}`.replaceAll(folder.href, "")),
    );
    assert.deepEqual(broken, []);
  });

  it("links files that have no page on GitHub, each as it is in the repository", () => {
    const links = new Set(
      [...pages.keys()]
        .flatMap(linksOf)
        .map(({ href }) => href)
        .filter((href) => href.startsWith("https:")),
    );
    const paths = [...links].map((href) => href.slice(source.length + 1).replace(/#.*/, ""));
    assert.ok(paths.includes("examples/python/__main__.py") && paths.includes("CONTRIBUTING.md"));
    assert.deepEqual(
      [...links].filter(
        (href, at) => !href.startsWith(`${source}/`) || !existsSync(join(root, paths[at] ?? "")),
      ),
      [],
    );
    assert.ok(!existsSync(join(directory.path, "media")));
  });

  for (const [document, targets] of [
    [
      "Choose_a_component",
      [
        "classes/kubernetes-private-registry.ImagePullSecret.html",
        "functions/kubernetes-private-registry.pullFailureHooks.html",
      ],
    ],
    ["Test_a_program", ["functions/kubernetes-private-registry_testing.expectPullable.html"]],
  ] as const) {
    it(`leads from what ${document} names to its page in the API`, () => {
      const page = [...pages.keys()].find((url) => url.endsWith(`/${document}.html`)) ?? "";
      const links = linksOf(page).map(({ href }) => href.replace(folder.href, ""));
      for (const target of targets) {
        assert.ok(links.includes(target), target);
      }
    });
  }
});
