import { core, type types } from "@pulumi/kubernetes";
import { Config, type CustomResourceOptions } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  type RegistryCredentialArgs,
  type RegistryLogin,
  type Rotation,
} from "../../../components";
import { get, namesOf } from "./commands";
import type { Served } from "./load";
import { loginConfig, newPassword } from "./registry";
import type { Scene } from "./scene";
import { helloSettings, pullAnew, pullWith } from "./workload";

type Timeouts = CustomResourceOptions["customTimeouts"];

/** Two replicas of the hello image and their Service, with a login of the stack's config that the tests change. */
export class Web implements Served {
  readonly name = "web";
  readonly replicas = 2;

  private constructor(
    private readonly scene: Scene,
    readonly namespace: string,
    readonly image: string,
    /** What the registry accepts at first. */
    readonly login: RegistryLogin,
  ) {}

  static async make(scene: Scene): Promise<Web> {
    const { registry } = scene;
    const parts = [scene.namespace(), registry.push("web/app"), scene.user(registry)] as const;
    return new Web(scene, ...(await Promise.all(parts)));
  }

  /** The program, with a time for the rollout and other arguments. */
  program(customTimeouts?: Timeouts, more: Partial<PrivateWorkloadsArgs> = {}): PulumiFn {
    const { namespace, name, replicas, image } = this;
    return () => {
      const config = new Config();
      const { secretName } = new PrivateWorkloads(
        "apps",
        {
          registries: config.requireSecretObject<RegistryCredentialArgs[]>("registries"),
          previousRegistries: config.getSecretObject<RegistryCredentialArgs[]>("previousRegistries"),
          namespace,
          rotation: config.require<Rotation>("rotation"),
          deployments: { [name]: { image, replicas, ...helloSettings } },
          ...more,
        },
        { customTimeouts },
      );
      new core.v1.Service(name, {
        metadata: { name, namespace },
        spec: { selector: { "app.kubernetes.io/name": name }, ports: [{ port: 80, targetPort: 8080 }] },
      });
      return Promise.resolve({ secretName });
    };
  }

  async configure(rotation: Rotation, login: RegistryLogin): Promise<void> {
    await this.scene.stack.setConfig({
      rotation,
      "kubernetes:enableSecretMutable": "true",
      ...loginConfig("registries", [login]),
    });
  }

  /** A new password for the login, nowhere yet. */
  newLogin(): RegistryLogin {
    return { ...this.login, password: newPassword() };
  }

  async up(customTimeouts?: Timeouts) {
    return this.scene.stack.up(this.program(customTimeouts));
  }

  /** Changes with each replacement of the Deployment. */
  async uid(): Promise<string> {
    const { metadata } = await get<types.output.apps.v1.Deployment>(
      this.namespace,
      `deployment/${this.name}`,
    );
    return metadata.uid;
  }

  /** Names of all Secrets in the namespace. */
  secrets(): Promise<string[]> {
    return namesOf(this.namespace, "secrets");
  }

  /** Name of the current Secret. */
  async secretName(): Promise<string> {
    return String((await this.scene.stack.outputs())["secretName"]?.value);
  }

  /** What becomes of the pull of a pod that is made now, of the Deployment's template. */
  pullAnew() {
    return pullAnew(this.namespace, this.name);
  }

  /** What becomes of the pull of a pod that has this login alone. */
  pullWith(login: RegistryLogin) {
    return pullWith(this.namespace, this.image, login);
  }
}
