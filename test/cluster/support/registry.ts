import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { RegistryLogin } from "../../../components";
import { run, setting } from "./commands";

const script = join(__dirname, "..", "registry.sh");

/** A login that kubelet has tried at a manifest, `/v2/REPOSITORY/manifests/TAG`. */
export interface SeenLogin {
  readonly username: string;
  readonly path: string;
}

/** A registry of the test cluster, whose users can be changed. */
export class TestRegistry {
  /** `host:port` in images. */
  readonly server: string;

  constructor(variable: "REGISTRY" | "REGISTRY2") {
    this.server = setting(variable);
  }

  /** Pushes the hello image; its tag is the version that it says. */
  async push(repository: string, tag = "1"): Promise<string> {
    const image = `${this.server}/${repository}:${tag}`;
    await run(script, ["push", image]);
    return image;
  }

  /** Gives an image that is there more tags. */
  async tag(image: string, tags: string[]): Promise<void> {
    await run(script, ["tag", image, ...tags]);
  }

  /** From now on the user has this password, and no other. */
  async setPassword({ username, password }: Pick<RegistryLogin, "username" | "password">): Promise<void> {
    await run(script, ["password", this.server, username], password);
  }

  async remove(username: string): Promise<void> {
    await run(script, ["remove", this.server, username]);
  }

  /** The end of the registry's log, for `logins`. */
  async mark(): Promise<string> {
    return (await run(script, ["mark", this.server])).trim();
  }

  /** The logins since a mark, in order; containerd repeats one that is refused. */
  async logins(mark: string): Promise<SeenLogin[]> {
    const lines = (await run(script, ["logins", this.server, mark])).trimEnd().split("\n");
    return lines.map((line) => {
      // For a name that leads here by default, containerd adds `?ns=NAME`.
      const [, username = "", , path = ""] = line.replace(/\?.*/, "").split(" ");
      return { username, path };
    });
  }
}

/** A password that no earlier run has set. */
export function newPassword(): string {
  return randomBytes(12).toString("base64url");
}

/** Logins as config of a stack. */
export function loginConfig(
  path: string,
  logins: RegistryLogin[],
): Record<string, string | { secret: string }> {
  return Object.fromEntries(
    logins.flatMap(({ server, username, password }, index) => [
      [`${path}[${index}].server`, server],
      [`${path}[${index}].username`, username],
      [`${path}[${index}].password`, { secret: password }],
    ]),
  ) as Record<string, string | { secret: string }>;
}
