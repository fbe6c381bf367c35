import { randomBytes } from "node:crypto";
import type { RegistryLogin } from "../../../components";
import { createEngineStack, type EngineStack } from "../../support/engine/engine";
import { kubectl, setting } from "./commands";
import { printDiagnosis } from "./diagnosis";
import { newPassword, TestRegistry } from "./registry";

/** What the tests of one `describe` have for themselves; all of it is taken away after them, also when they fail. */
export interface Scene {
  /** New for each test. */
  readonly stack: EngineStack;
  readonly registry: TestRegistry;
  readonly partner: TestRegistry;
  /** A new namespace, whose default service account is there. */
  namespace(): Promise<string>;
  /** The name of a namespace that the test makes itself. */
  namespaceName(): string;
  /** A new user of registries, with a password; the login is the first one's. */
  user(first: TestRegistry, ...others: TestRegistry[]): Promise<RegistryLogin>;
}

/** Registers the hooks that make a scene and take it away. */
export function useScene(name: string): Scene {
  const scene = new OwnScene(name);
  beforeEach(() => scene.begin());
  afterEach(async function () {
    if (this.currentTest?.state === "failed") {
      await printDiagnosis(scene.namespaces);
    }
    await scene.end();
  });
  return scene;
}

class OwnScene implements Scene {
  readonly namespaces: string[] = [];
  #users: { registry: TestRegistry; username: string }[] = [];
  #stack: EngineStack | undefined;
  #registry: TestRegistry | undefined;
  #partner: TestRegistry | undefined;

  constructor(readonly name: string) {}

  get stack(): EngineStack {
    return given(this.#stack);
  }

  get registry(): TestRegistry {
    return (this.#registry ??= new TestRegistry("REGISTRY"));
  }

  get partner(): TestRegistry {
    return (this.#partner ??= new TestRegistry("REGISTRY2"));
  }

  async begin(): Promise<void> {
    this.#stack = await createEngineStack({ kubernetes: "cluster" });
  }

  async namespace(): Promise<string> {
    const name = this.namespaceName();
    await kubectl("create", "namespace", name);
    await kubectl("wait", `--namespace=${name}`, "--for=create", "serviceaccount/default", "--timeout=30s");
    return name;
  }

  namespaceName(): string {
    const name = this.#newName();
    this.namespaces.push(name);
    return name;
  }

  async user(first: TestRegistry, ...others: TestRegistry[]): Promise<RegistryLogin> {
    const login = { server: first.server, username: this.#newName(), password: newPassword() };
    for (const registry of [first, ...others]) {
      this.#users.push({ registry, username: login.username });
      await registry.setPassword(login);
    }
    return login;
  }

  async end(): Promise<void> {
    const [namespaces, users] = [this.namespaces.splice(0), this.#users.splice(0)];
    this.#stack?.remove();
    await Promise.all([
      ...users.map(({ registry, username }) => registry.remove(username)),
      ...(namespaces.length === 0
        ? []
        : [kubectl("delete", "namespace", "--wait=false", "--ignore-not-found", ...namespaces)]),
    ]);
  }

  #newName(): string {
    return `${setting("E2E_RUN")}-${this.name}-${randomBytes(3).toString("hex")}`;
  }
}

function given<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error("the scene is there in tests and their hooks alone");
  }
  return value;
}
