import assert from "node:assert/strict";
import {
  encodeDockerConfigJson,
  lookupCredentials,
  parseImageReference,
  type RegistryLogin,
} from "../../components";
import { note } from "../support/runner/notes";
import { create } from "./support/commands";
import { type Pod, type PullOutcome, pullOutcomes, watchPods } from "./support/pods";
import { newPassword, type TestRegistry } from "./support/registry";
import { useScene } from "./support/scene";
import { createPullSecret } from "./support/workload";

/** The keys of a pod's pull Secrets, and images that they may or may not match. Every image is in the registries. */
interface Keyring {
  readonly secrets: string[][];
  readonly images: string[];
}

function keyring(keys: string[], images: string[]): Keyring {
  return { secrets: [keys], images };
}

const app = "registry.test:5443/team/app";
const keyrings: Keyring[] = [
  keyring(
    ["registry.test:5443"],
    [app, "registry.test:5444/team/app", "eu.registry.test:5443/team/app", "registry.test/team/app"],
  ),
  keyring(["https://registry.test:5443/v2/"], [app, "hub.test:5443/team/app"]),
  keyring(["http://registry.test:5443"], [app]),
  keyring(["registry.test:5443/v2"], [app]),
  keyring(["registry.test"], [app, "registry.test/team/app"]),
  keyring(["registry.test:443"], ["registry.test/team/app", "registry.test:443/team/app"]),
  keyring(["partner.test:5444"], ["partner.test:5444/team/app", "partner.test:5443/team/app"]),
  keyring(["10.10.10.10:443"], ["10.10.10.10:443/team/app", "10.10.10.10/team/app"]),
  keyring(["ghcr.io"], ["ghcr.io/team/app", "quay.io/team/app"]),

  keyring(
    ["*.registry.test:5443"],
    [
      "eu.registry.test:5443/team/app",
      "us.registry.test:5443/team-b/app",
      app,
      "mirror.registry.test:5444/team/app",
    ],
  ),
  keyring(["*.test:5443"], [app, "hub.test:5443/team/app", "eu.registry.test:5443/team/app"]),
  keyring(["*registry.test:5443"], [app, "hub.test:5443/team/app"]),
  keyring(["e*.registry.test:5443"], ["eu.registry.test:5443/team/app", "us.registry.test:5443/team/app"]),
  keyring(["*.*.test:5443"], ["eu.registry.test:5443/team/app", app]),
  keyring(["*:5443"], [app]),
  keyring(
    ["swr.*.myhuaweicloud.com"],
    ["swr.cn-north-4.myhuaweicloud.com/team/app", "swr.cn.north.myhuaweicloud.com/team/app"],
  ),

  keyring(
    ["registry.test:5443/team"],
    [app, "registry.test:5443/team-b/app", "registry.test:5443/library/nginx"],
  ),
  keyring(["registry.test:5443/team/"], [app, "registry.test:5443/team-b/app"]),
  keyring(["registry.test:5443/team/app/"], [app]),
  keyring(["registry.test:5443/*"], [app]),

  keyring(
    ["https://index.docker.io/v1/"],
    [
      "nginx",
      "team/app",
      "docker.io/team/app",
      "index.docker.io/team/app",
      "registry-1.docker.io/team/app",
      "localhost/team/app",
      "hub.test:5443/team/app",
    ],
  ),
  keyring(["docker.io"], ["nginx", "team/app"]),
  keyring(["https://index.docker.io/v1"], ["team/app"]),
  keyring(["hub.docker.com"], ["team/app"]),
  keyring(["registry-1.docker.io"], ["team/app", "registry-1.docker.io/team/app"]),
  keyring(["*.docker.io"], ["team/app", "registry-1.docker.io/team/app"]),
  keyring(["team"], ["team/app"]),

  keyring(["docker.io/team", "https://index.docker.io/v1/"], ["team/app", "nginx"]),
  keyring(
    ["registry.test:5443", "registry.test:5443/team", "*.test:5443"],
    [app, "registry.test:5443/library/nginx", "hub.test:5443/team/app"],
  ),
  { secrets: [["registry.test:5443"], ["registry.test:5443"]], images: [app] },
  {
    secrets: [["*.registry.test:5443/team/app"], ["eu.registry.test:5443"]],
    images: ["eu.registry.test:5443/team/app", "us.registry.test:5443/team/app"],
  },
];

describe("kubelet, with keys of all kinds and a login of its own for each", () => {
  const scene = useScene("keyring");

  it("pulls, or is refused, and tries logins as lookupCredentials says", async function () {
    const { registry, partner } = scene;
    const users = await inTurn([1, 2, 3], () => scene.user(registry, partner));
    const pairs = keyrings.flatMap((ring, index) => pairsOf(ring, users, `ring-${index}`));
    const images = new Map<TestRegistry, Map<string, string[]>>([
      [registry, new Map()],
      [partner, new Map()],
    ]);
    pairs.forEach((pair, index) => {
      pair.tag = String(index + 1);
      const repositories = images.get(registryOf(pair));
      repositories?.set(pair.path, [...(repositories.get(pair.path) ?? []), pair.tag]);
    });
    for (const [where, repositories] of images) {
      for (const [repository, tags] of repositories) {
        await where.tag(await where.push(repository), tags);
      }
    }

    const logged = hasLog();
    const marks = logged ? { first: await registry.mark(), second: await partner.mark() } : undefined;
    const outcomes = await pullAll(await scene.namespace(), pairs);
    const seen =
      marks === undefined
        ? undefined
        : new Map([
            [registry, await registry.logins(marks.first)],
            [partner, await partner.logins(marks.second)],
          ]);

    const disagreements = pairs.flatMap((pair) => {
      const { attempts } = pair;
      const path = `/v2/${pair.path}/manifests/${pair.tag}`;
      const tried = seen
        ?.get(registryOf(pair))
        ?.filter((login) => login.path === path)
        .map(({ username }) => username)
        .filter((username, index, all) => username !== all[index - 1]);
      const expected = { pulled: pair.isPulled, tried: seen && attempts };
      const outcome = outcomes.get(pair.tag);
      const actual = { pulled: outcome?.pulled, tried };
      const isRefusal = outcome?.pulled !== false || /401 Unauthorized|no basic auth/.test(outcome.reason);
      return isRefusal && JSON.stringify(expected) === JSON.stringify(actual)
        ? []
        : [
            {
              keys: pair.keys,
              image: pair.image,
              lookupCredentials: expected,
              kubelet: { ...actual, outcome },
            },
          ];
    });
    assert.deepEqual(disagreements, []);
    assert.ok(pairs.length >= 60, `only ${pairs.length} pairs`);
    const pulled = pairs.filter(({ isPulled }) => isPulled).length;
    note(this, `${pairs.length} pairs of keys and image: ${pulled} pulled, ${pairs.length - pulled} refused`);
    if (!logged) {
      note(this, "without REGISTRY_LOG and REGISTRY2_LOG: not in which order kubelet tried the logins");
    }

    function registryOf({ domain }: Pair): TestRegistry {
      return domain.endsWith(":5444") ? partner : registry;
    }
  });
});

interface Pair {
  readonly pod: string;
  readonly keys: string[][];
  readonly logins: RegistryLogin[][];
  readonly image: string;
  readonly domain: string;
  readonly path: string;
  /** The user names that kubelet must try, in order, until one is accepted. */
  readonly attempts: string[];
  readonly isPulled: boolean;
  /** The image's, which no other pair has. */
  tag: string;
}

/**
 * Each key has another user. The logins that lookupCredentials finds for the first image have wrong passwords but for
 * the last one, so that kubelet has to try them all.
 */
function pairsOf({ secrets, images }: Keyring, users: RegistryLogin[], pod: string): Pair[] {
  let index = 0;
  const right = secrets.map((keys) =>
    keys.map((server) => ({ ...(users[index++] as RegistryLogin), server })),
  );
  const found = lookupCredentials(images[0] ?? "", right.map(encodeDockerConfigJson));
  const refused = found.slice(0, -1).map(({ username }) => username);
  const logins = right.map((secret) =>
    secret.map((login) => (refused.includes(login.username) ? { ...login, password: newPassword() } : login)),
  );
  return images.map((image) => {
    const usernames = lookupCredentials(image, logins.map(encodeDockerConfigJson)).map(
      ({ username }) => username,
    );
    const accepted = usernames.findIndex((username) => !refused.includes(username));
    return {
      ...{ pod, keys: secrets, logins, image, tag: "" },
      ...parseImageReference(image),
      attempts: accepted === -1 ? usernames : usernames.slice(0, accepted + 1),
      isPulled: accepted !== -1,
    };
  });
}

/** Makes a pod for each keyring, with a container for each image, and says by tag what became of the pulls. */
async function pullAll(namespace: string, pairs: Pair[]): Promise<Map<string, NonNullable<PullOutcome>>> {
  const outcomes = new Map<string, NonNullable<PullOutcome>>();
  const watch = watchPods(namespace);
  try {
    for (const pod of new Set(pairs.map(({ pod }) => pod))) {
      const own = pairs.filter((pair) => pair.pod === pod);
      const names = await inTurn(own[0]?.logins ?? [], (logins) => createPullSecret(namespace, logins));
      await create<Pod>(namespace, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: pod },
        spec: {
          restartPolicy: "Never",
          imagePullSecrets: names.map((name) => ({ name })),
          containers: own.map(({ image, tag }) => ({
            name: `tag-${tag}`,
            image: `${image}:${tag}`,
            imagePullPolicy: "Always",
            args: ["exit"],
          })),
        },
      });
    }
    await watch.until(
      "all pulls",
      (pods) => {
        for (const [container, outcome] of pods.flatMap((pod) => Object.entries(pullOutcomes(pod)))) {
          const tag = container.replace("tag-", "");
          if (outcome !== undefined && !outcomes.has(tag)) {
            outcomes.set(tag, outcome);
          }
        }
        return outcomes.size === pairs.length;
      },
      180,
    );
    return outcomes;
  } finally {
    watch.stop();
  }
}

function hasLog(): boolean {
  return ["REGISTRY_LOG", "REGISTRY2_LOG"].every((name) => (process.env[name] ?? "") !== "");
}

async function inTurn<T, R>(values: T[], f: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) {
    results.push(await f(value));
  }
  return results;
}
