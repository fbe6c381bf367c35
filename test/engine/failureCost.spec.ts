import assert from "node:assert/strict";
import { resolve } from "node:path";
import { createProgramFile, type ProgramFile, type ProgramRun } from "../support/engine/programFile";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

/** How each program fails, by the only line that says so. */
const failures: Record<string, string> = {
  "a wrong password": "registries[0].password: contains a newline",
  "a password that rejects": "registries[0].password: could not be resolved: vault is down",
  "a config.json that rejects": "dockerConfigJson: could not be resolved: vault is down",
  "a config.json of a megabyte that is wrong": 'dockerConfigJson.auths["r0.io"]: has no login: ',
  "a token that is none": "registries[0].ecrToken: is not base64 of `AWS:<password>`",
  "no logins at all": "registries: is missing, and so are `dockerConfigJson` and `extraPullSecrets`",
  "a namespace that rejects": "namespace: could not be resolved: vault is down",
  "an image that rejects": "deployments.d0.image: could not be resolved: vault is down",
  "an image that is not served": 'deployments.d0.image: no server matches "quay.io/a:1"',
  "a variable that rejects": "deployments.d0.env.TOKEN: could not be resolved: vault is down",
  "a podSpec that rejects": "deployments.d0.podSpec.nodeName: could not be resolved: vault is down",
  "extra pull secrets that reject": "extraPullSecrets: could not be resolved: vault is down",
  "an unknown rotation": 'rotation: is "sometimes": give one of versioned, inPlace.',
  "a preset that is given a wrong key":
    "registries[0]: could not be resolved: registryPresets.huaweiSwr: 1 problem accessKey: ",
  "labels that reject": "labels: could not be resolved: vault is down",
  "annotations that can't be read": "annotations: could not be resolved: vault is down",
  "pull secrets that reject": "pullSecrets: could not be resolved: vault is down",
  "replicas that are negative": "replicas: is -1: give a whole number from 0 to 2147483647.",
  "withPullSecrets, a pod spec that rejects": "podSpec: could not be resolved: vault is down",
  "withPullSecrets, a reference that rejects": "pullSecret: could not be resolved: vault is down",
  "the transform, references that reject": "references: could not be resolved: vault is down",
};

describe("what a failure costs, by program files through the CLI", function () {
  this.timeout(120_000);
  const { path: folder } = stopAtEnd()(temporaryDirectory());
  let program: ProgramFile;

  before(async () => {
    // The program files load what is built.
    program = await createProgramFile(folder, resolve(__dirname, "../support/engine/failingProgram.cjs"));
  });

  for (const count of ["1", "20"]) {
    describe(`Node.js ${process.version}, ${count} Deployments`, () => {
      let sound: ProgramRun;
      const run = (FAILURE: string): Promise<ProgramRun> => program.preview({ FAILURE, COUNT: count });

      before(async () => {
        sound = await run("sound");
        assert.equal(sound.code, 0, sound.output);
      });

      for (const [failure, line] of Object.entries(failures)) {
        it(`${failure}: told once, for the memory of a sound run`, async () => {
          const { code, output, megabytes } = await run(failure);
          assert.notEqual(code, 0);
          const diagnostics = output.slice(output.indexOf("Diagnostics:"));
          assert.equal(diagnostics.split(line).length - 1, 1, output);
          if (!failure.startsWith("the transform")) {
            // The SDK shows the failed registration of what a transform refuses, with its stack.
            assert.doesNotMatch(output, /^\s+at .*:\d+:\d+/m);
          }
          // A fault of the SDK's took gigabytes. Node.js 24 collects its garbage later than 22.
          const most = 2.5 * sound.megabytes;
          assert.ok(megabytes > 50 && megabytes < most, `${megabytes} MB of ${most}`);
        });
      }
    });
  }
});
