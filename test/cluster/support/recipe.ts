import assert from "node:assert/strict";
import { snippetsIn } from "../../support/docs/documents";
import { run } from "./commands";

/** Runs the one shell snippet of a document that has some words in it; the docs' Deployment is shop/awesomeapp. */
export function followRecipe(
  document: string,
  words: string,
  { namespace, name }: { namespace: string; name: string },
): Promise<string> {
  const recipes = snippetsIn(document).filter(
    ({ language, text }) => language === "sh" && text.includes(words),
  );
  assert.equal(recipes.length, 1, words);
  const script = (recipes[0]?.text ?? "").replace(/\bawesomeapp\b/g, name).replace(/\bshop\b/g, namespace);
  return run("bash", ["--norc", "-euo", "pipefail"], script);
}
