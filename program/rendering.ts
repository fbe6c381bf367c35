import { createdElsewhereProblems } from "../components/lib/logins/loginSources";
import type { Problem } from "../components/lib/problems";

/** The problems of the settings that need `renderTo`, in a config of any shape. */
export function renderingProblems(values: Record<string, unknown>): Problem[] {
  const { renderTo, renderKustomization, renderSecrets, adopt, rotation = "versioned" } = values;
  const needFolder = [
    { path: "renderKustomization", isSet: renderKustomization === true, folder: "whose files it lists" },
    { path: "renderSecrets", isSet: renderSecrets === false, folder: "which gets all but the Secrets" },
  ];
  const creation = {
    createSecrets: renderSecrets !== false,
    adopt: adopt === true,
    isVersioned: rotation === "versioned",
  };
  return [
    ...needFolder
      .filter(({ isSet }) => isSet && renderTo === undefined)
      .map(({ path, folder }) => ({ path, reason: `needs \`renderTo\`, the folder ${folder}.` })),
    ...createdElsewhereProblems(creation, "renderSecrets"),
  ];
}
