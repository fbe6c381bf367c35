import * as pulumi from "@pulumi/pulumi";
import { goneDeploymentReasons } from "../lib/changeReasons";
import { printableLine } from "../lib/problems";
import { stateOf } from "./inputs";
import { heldOutputs } from "./ownerHooks";

/**
 * Says at preview which Deployments the program no longer has, by the outputs of the component in the stack's state: its
 * inputs don't name them, as a password may have been pasted as a name.
 */
export async function explainGoneDeployments(component: pulumi.Resource, names: string[]): Promise<void> {
  const held = await heldOutputs();
  if (!pulumi.runtime.isDryRun() || Object.keys(held).length === 0) {
    return;
  }
  const urn = (await stateOf(component.urn).promise()) as string;
  for (const reason of goneDeploymentReasons(held[urn], names)) {
    await pulumi.log.info(printableLine(reason), component);
  }
}
