export const stackOption = {
  type: "string",
  short: "s",
  placeholder: "NAME",
  help: "the stack; default: the one that `pulumi stack select` chose",
} as const;

export const stacksOption = {
  ...stackOption,
  multiple: true,
  help: `${stackOption.help}. Give it again for another stack: they are taken in this order`,
} as const;

export const keyOption = {
  type: "string",
  placeholder: "KEY",
  help: "the config key with the logins, where a stack file has several, such as shop:registries",
} as const;

export const serverOption = { type: "string", placeholder: "HOST" } as const;

export const yesOption = {
  type: "boolean",
  short: "y",
  help: "bring the stacks up without a question; needed where there is no terminal",
} as const;
