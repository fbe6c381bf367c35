import { PolicyPack } from "@pulumi/policy";
import { checkStack, type Finding } from "./stackImages";

interface ServedImagesConfig {
  serversWithoutSecret?: string[];
}

/** What the first policy could not check, for the second: the SDK runs them in this order. */
let unchecked: Finding[] = [];

new PolicyPack("kubernetes-private-registry", {
  policies: [
    {
      name: "served-images",
      description: "Each image needs a login in a pull Secret that its pods list.",
      enforcementLevel: "mandatory",
      configSchema: {
        properties: {
          serversWithoutSecret: {
            description: "Servers whose images need no pull Secret, such as docker.io. Default none.",
            type: "array",
            items: { type: "string" },
          },
        },
      },
      validateStack: (args, reportViolation) => {
        const { serversWithoutSecret } = args.getConfig<ServedImagesConfig>();
        const findings = checkStack(args.resources, serversWithoutSecret);
        unchecked = findings.filter(({ isViolation }) => !isViolation);
        for (const { message, urn } of findings.filter(({ isViolation }) => isViolation)) {
          reportViolation(message, urn);
        }
      },
    },
    {
      name: "unchecked-images",
      description: "The images that served-images can't check.",
      enforcementLevel: "advisory",
      validateStack: (_, reportViolation) => {
        for (const { message, urn } of unchecked) {
          reportViolation(message, urn);
        }
      },
    },
  ],
});
