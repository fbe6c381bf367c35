import { wellFormed } from "./jsonMembers";
import { inOneLine, isObject, type Problem } from "./problems";

/** The user name, password and email of a login of unknown shape, or those of them that are named. */
export function secretTexts(entry: unknown, names = ["username", "password", "email"]): string[] {
  return names.flatMap((member) => {
    const text = isObject(entry) ? entry[member] : undefined;
    return typeof text === "string" && text.trim() !== "" ? [text.trim()] : [];
  });
}

/** Whether a text holds one of the secrets, in upper or lower case. */
export function holdsAny(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text.toLowerCase().includes(secret.toLowerCase()));
}

/** How secrets show in a message, which cuts long texts. Short ones are left out: they are parts of ordinary words. */
export function shownForms(secrets: readonly string[]): string[] {
  return secrets
    .filter((secret) => secret.length >= 8)
    .map((secret) => secret.slice(0, 16).replace(/[\ud800-\udbff]$/, ""))
    .flatMap((secret) => [secret, inOneLine(secret), encodeURIComponent(wellFormed(secret))]);
}

/**
 * Problems without passwords of the registries that were pasted into other arguments; those of the registries themselves
 * have none and stay as they are.
 *
 * @param registries the lists of logins, of unknown shape
 */
export function hidePasswords(problems: Problem[], registries: unknown[]): Problem[] {
  const entries = registries.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const passwords = shownForms(entries.flatMap((entry) => secretTexts(entry, ["password"])));
  return problems.map((problem) => {
    const { path, reason } = problem;
    if (/^(registries|previousRegistries)\b/.test(path) || !holdsAny(`${path}\n${reason}`, passwords)) {
      return problem;
    }
    return {
      path: holdsAny(path, passwords) ? path.replace(/[.[].*/s, "") || "[...]" : path,
      reason: "holds a password of the registries: take it out.",
    };
  });
}
