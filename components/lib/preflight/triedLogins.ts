import { type PreflightError, PreflightReason } from "../../registry/preflightError";

/** A login that was tried for an image, and how it failed. */
export interface TriedLogin {
  /** Property path of the login, such as `registries[0]`; undefined for an anonymous check. */
  path?: string;
  failure: PreflightError;
}

/**
 * Whether kubelet's next login may succeed where this one failed. Kubelet tries it after any failure, but a host that does not
 * answer fails them all.
 *
 * @see kubernetes pkg/kubelet/images/image_manager.go, pullImage
 */
export function canAnotherLoginHelp({ reason }: PreflightError): boolean {
  return reason !== PreflightReason.Timeout && reason !== PreflightReason.Unreachable;
}

/**
 * How each login failed: each message once, with the paths of its logins.
 *
 * @param isTold whether the failure is already reported for the login itself, so that its path is enough here
 */
export function describeTried(tried: readonly TriedLogin[], isTold: (login: TriedLogin) => boolean): string {
  const pathsByMessage = new Map<string, string[]>();
  for (const { path, failure } of tried.filter((login) => !isTold(login))) {
    pathsByMessage.set(failure.message, [
      ...(pathsByMessage.get(failure.message) ?? []),
      ...(path === undefined ? [] : [path]),
    ]);
  }
  const told = tried.filter(isTold).flatMap(({ path }) => path ?? []);
  return [
    ...[...pathsByMessage].flatMap(([message, paths]) => [
      message,
      ...(paths.length > 0 ? [`Tried with ${paths.join(", ")}.`] : []),
    ]),
    ...(told.length > 0 ? [`Also tried with ${told.join(", ")}: see there.`] : []),
  ].join(" ");
}
