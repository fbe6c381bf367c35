/**
 * Checks for the tests of programs that pull private images. They need no test runner, cluster or registry.
 *
 * @module kubernetes-private-registry/testing
 */
export { expectPullable, type ExpectPullableOptions } from "./expectPullable";
export type { RecordedResource } from "./recordedResource";
