/**
 * Logins in the form that each registry expects: each function turns the credentials, under the registry's own terms, into
 * an entry of `registries`. They take plain strings; call them in `secret.apply(...)` for a secret Output, and the entry
 * stays secret. A PresetError reports all problems at once, without secrets.
 *
 * @module
 */
import { dockerHubServer } from "../kubelet/dockerHub";
import { ecrExpiry, ecrPassword, ecrUsername, notEcrToken } from "./ecrToken";
import { googleKeyInOneLine, googleKeyUsername, notGoogleKey } from "./googleKey";
import { accessKeyProblem, type HuaweiAccessKeys, regionProblem, swrLogin } from "./huaweiSwr";
import {
  check,
  type EcrAuthorization,
  hosted,
  type HostedLogin,
  isHostLabel,
  type PresetLogin,
  strings,
  textProblem,
  type TokenLogin,
} from "./presetLogin";

/**
 * Docker Hub: a Docker ID and a personal access token with the permission "Read-only", or the name of an organization and
 * one of its access tokens.
 *
 * @see https://docs.docker.com/security/access-tokens/
 */
export function dockerHub(login: TokenLogin): PresetLogin {
  const { username, token } = strings("dockerHub", login, "username", "token");
  return { server: dockerHubServer, username, password: token };
}

/**
 * GitHub Packages: a user and its personal access token (classic) with the scope `read:packages`.
 *
 * @see https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
export function githubPackages(login: TokenLogin): PresetLogin {
  const { username, token } = strings("githubPackages", login, "username", "token");
  return { server: "ghcr.io", username, password: token };
}

/**
 * GitLab: a deploy token with the scope `read_registry`, or a user and a personal access token with that scope.
 *
 * @param login with `server` for a self-managed instance; default `registry.gitlab.com`
 * @see https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/
 */
export function gitlab(login: TokenLogin & { server?: string }): PresetLogin {
  return hosted("gitlab", login, "registry.gitlab.com");
}

/**
 * Quay: a robot account, `<namespace>+<name>`, and its token.
 *
 * @param login with `server` for a self-managed instance; default `quay.io`
 * @see https://docs.quay.io/glossary/robot-accounts.html
 */
export function quay(login: TokenLogin & { server?: string }): PresetLogin {
  return hosted("quay", login, "quay.io");
}

/**
 * Harbor: a robot account with its prefix, such as `robot$<project>+<name>`, and its secret.
 *
 * @see https://goharbor.io/docs/main/working-with-projects/project-configuration/create-robot-accounts/
 */
export function harbor(login: HostedLogin): PresetLogin {
  return hosted("harbor", login);
}

/**
 * Google Artifact Registry: the JSON key of a service account with the role Artifact Registry Reader. The password is the
 * key on one line.
 *
 * @param key the file's text, or base64 of it, as `jsonKey`, and the repository's `location`, such as `europe-west1`
 * @see https://cloud.google.com/artifact-registry/docs/docker/authentication
 */
export function googleArtifactRegistry(key: { location: string; jsonKey: string }): PresetLogin {
  const { location, jsonKey } = strings("googleArtifactRegistry", key, "location", "jsonKey");
  const password = googleKeyInOneLine(jsonKey);
  check("googleArtifactRegistry", {
    location: isHostLabel(location) ? undefined : 'is not a location, such as "europe-west1" or "europe".',
    jsonKey: password === undefined ? notGoogleKey : undefined,
  });
  return {
    server: `${location}-docker.pkg.dev`,
    username: googleKeyUsername,
    password: password as string,
  };
}

/**
 * Azure Container Registry: a token of the registry whose scope map allows reading, or the application id and password of a
 * service principal with the role AcrPull.
 *
 * @param login with the registry's login server, such as `myregistry.azurecr.io`
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-authentication
 */
export function azureContainerRegistry(login: HostedLogin): PresetLogin {
  return hosted("azureContainerRegistry", login);
}

/**
 * Amazon ECR: an authorization token, which expires after twelve hours and must be renewed before then. Without `expiresAt`,
 * the token's own payload says when, if it does.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html
 */
export function amazonEcr(token: EcrAuthorization): PresetLogin {
  const { authorizationToken, proxyEndpoint } = strings(
    "amazonEcr",
    token,
    "authorizationToken",
    "proxyEndpoint",
  );
  const password = ecrPassword(authorizationToken);
  const server = /^https:\/\/([a-z0-9.-]+)\/?$/.exec(proxyEndpoint)?.[1];
  check("amazonEcr", {
    authorizationToken: password === undefined ? notEcrToken : undefined,
    proxyEndpoint: server === undefined ? "is not `https://<host>`." : undefined,
    expiresAt: textProblem(token.expiresAt, true),
  });
  const expiresAt = token.expiresAt ?? ecrExpiry(authorizationToken);
  return {
    server: server as string,
    username: ecrUsername,
    password: password as string,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/**
 * Huawei Cloud SWR: the long-term login for the access keys of a user who may read the organization. The password is derived
 * here, as the hex HMAC-SHA256 of the access key under the secret key.
 *
 * @see https://support.huaweicloud.com/intl/en-us/usermanual-swr/swr_01_1000.html
 */
export function huaweiSwr(keys: HuaweiAccessKeys): PresetLogin {
  const { region, accessKey, secretKey } = strings("huaweiSwr", keys, "region", "accessKey", "secretKey");
  check("huaweiSwr", { region: regionProblem(region), accessKey: accessKeyProblem(accessKey) });
  return swrLogin({ region, accessKey, secretKey });
}
