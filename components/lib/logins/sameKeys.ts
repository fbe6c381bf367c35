import { parseRegistryKey } from "../kubelet/serverMatching";
import type { Problem } from "../problems";

/** A login, and where it was given. */
interface PlacedLogin {
  server: string;
  /** Its property path. */
  path: string;
  /** Whether it is from a config.json, whose path names the server. */
  isFromConfig?: true;
  /** Keys of the namespaces whose Secret contains it; undefined for all. */
  namespaces?: string[];
}

const bothLogins =
  "If pods need both, name the part of the registry that each one is for, with a trailing slash, such as registry.example.com/team-a/ and registry.example.com/team-b/, or make a second ImagePullSecret with one of them.";

/**
 * Refuses two logins of a namespace with the same key to kubelet, which would try them in random order.
 *
 * @param beside the logins of the other source, which are not compared with each other
 */
export function sameKeyProblems(
  logins: readonly PlacedLogin[],
  beside: readonly PlacedLogin[] = [],
): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string | undefined, PlacedLogin[]>();
  const keyOf = ({ server }: PlacedLogin): string | undefined => parseRegistryKey(server)?.indexKey;
  const add = (login: PlacedLogin): void => {
    const others = seen.get(keyOf(login)) ?? [];
    others.push(login);
    seen.set(keyOf(login), others);
  };
  beside.forEach(add);
  for (const login of logins) {
    const clash = seen.get(keyOf(login))?.find(({ namespaces }) => overlap(namespaces, login.namespaces));
    if (clash) {
      const way = login.isFromConfig || clash.isFromConfig ? "" : ", or give them different `namespaces`";
      const reason = `is the same key to kubelet as ${serverPath(clash)}: keep one of them${way}. ${bothLogins}`;
      problems.push({ path: serverPath(login), reason });
    }
    add(login);
  }
  return problems;
}

function serverPath({ path, isFromConfig }: PlacedLogin): string {
  return isFromConfig ? path : `${path}.server`;
}

function overlap(one: string[] | undefined, other: string[] | undefined): boolean {
  return one === undefined || other === undefined || one.some((key) => other.includes(key));
}
