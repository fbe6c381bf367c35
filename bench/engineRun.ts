import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { manifestsDigest } from "./manifests";
import { report } from "./measure";
import { programs, type Side } from "./programs";

/** Runs in its own process: previews one of the programs, or brings it up, in a stack of the folder. */
async function main(
  side: Side,
  deployments: number,
  directory: string,
  command: "up" | "preview",
  password: string,
): Promise<void> {
  const rendered = join(directory, "manifests");
  const program = (): Promise<object> =>
    Promise.resolve(
      programs[side]({
        deployments,
        password: new Config().requireSecret("password"),
        provider: new Provider("render", { renderYamlToDirectory: rendered }),
      }),
    );
  const stack = await LocalWorkspace.createOrSelectStack(
    { projectName: "bench", stackName: "bench", program },
    { workDir: directory },
  );
  await stack.setConfig("password", { value: password, secret: true });
  await report(
    () => stack[command](),
    () => manifestsDigest(manifestsIn(join(rendered, "1-manifest"))),
  );
}

/** Names and texts of the files, without the Secrets' random version. */
function manifestsIn(folder: string): string[] {
  return readdirSync(folder)
    .map((file) => `${file}\n${readFileSync(join(folder, file), "utf8")}`)
    .map((text) => text.replaceAll(/\bapps-[0-9a-f]{8}\b/g, "apps-version"));
}

const [side, deployments, directory = "", command, password = ""] = process.argv.slice(2);
void main(side as Side, Number(deployments), directory, command as "up" | "preview", password);
