import assert from "node:assert/strict";
import { takenOver } from "../../offline/fieldManagers";
import type { Properties } from "../../offline/values";

const own = "pulumi-kubernetes-1a2b3c4d";

function entry(manager: string, operation: string, fieldsV1: Properties, more: Properties = {}): Properties {
  return { manager, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1, ...more };
}

describe("the fields that kubectl has set", () => {
  it("are taken over from each of its commands, and the others' are left", () => {
    const controller = entry("kube-controller-manager", "Update", { "f:status": {} });
    const status = entry("kubectl-edit", "Update", { "f:status": {} }, { subresource: "status" });
    const apply = entry("team", "Apply", { "f:spec": { "f:paused": {} } });
    const created = entry("kubectl-create", "Update", {
      "f:data": { ".": {}, "f:a": {} },
      "f:type": {},
    });
    const applied = entry("kubectl", "Apply", { "f:data": { "f:b": {} } });
    assert.deepEqual(takenOver([controller, created, status, applied, apply], own), [
      controller,
      status,
      apply,
      entry(own, "Apply", { "f:data": { ".": {}, "f:a": {}, "f:b": {} }, "f:type": {} }),
    ]);
  });

  it("are added to those that the manager has already", () => {
    const mine = entry(own, "Apply", { "f:data": { "f:a": {} } });
    const patched = entry("kubectl-patch", "Update", { "f:immutable": {} });
    assert.deepEqual(takenOver([patched, mine], own), [
      entry(own, "Apply", { "f:data": { "f:a": {} }, "f:immutable": {} }),
    ]);
  });

  it("are none where kubectl has set none", () => {
    assert.equal(takenOver([entry(own, "Apply", {}), entry("kubelet", "Update", {})], own), undefined);
    assert.equal(takenOver([], own), undefined);
  });
});
