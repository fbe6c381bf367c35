import * as policy from "@pulumi/policy";

/** What the engine sends for a text that is not known yet (pulumi-policy sdk/nodejs/policy/proxy.ts). */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The properties of a resource as the SDK gives them to a policy. Its types leave out what it exports for tests. */
export const { unknownCheckingProxy: policyProps } = policy as unknown as {
  unknownCheckingProxy: (props: unknown) => unknown;
};
