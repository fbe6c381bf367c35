import { isObject } from "./problems";

/**
 * The paths of passwords that stand in a stack file in clear text, alone or in a JSON text. The engine lets them pass when
 * anything else of the same value is encrypted.
 *
 * @param stackFile the parsed YAML of a `Pulumi.<stack>.yaml`
 * @param project the name before the colon of its config keys, which may be left out
 */
export function clearTextPasswords(stackFile: unknown, project: string): string[] {
  const config = isObject(stackFile) && isObject(stackFile["config"]) ? stackFile["config"] : {};
  return ["registries", "previousRegistries"].flatMap((key) =>
    [config[`${project}:${key}`], config[key]].flatMap((list) => {
      if (typeof list === "string") {
        return list.includes("password") ? [key] : [];
      }
      return Array.isArray(list)
        ? list.flatMap((entry: unknown, index) => (isClearText(entry) ? [`${key}[${index}].password`] : []))
        : [];
    }),
  );
}

function isClearText(entry: unknown): boolean {
  if (!isObject(entry) || entry["password"] === undefined || entry["password"] === null) {
    return false;
  }
  const password = entry["password"];
  return !isObject(password) || typeof password["secure"] !== "string";
}
