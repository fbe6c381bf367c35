/** A name in an example: the type whose member it is, in the schema's own words. */
export interface ExampleName {
  /** A component or type of the schema, such as `ImagePullSecret`. */
  readonly owner: string;
  readonly name: string;
}

/** How a language writes what the schema names. */
export interface Syntax {
  /** Begins the arguments of a component or type; its first group is the name in the language. */
  readonly opening: RegExp;
  /** A member in such arguments; its first group is the name. */
  readonly member: RegExp;
  /** The name in the schema. */
  readonly toSchema: (name: string) => string;
}

const lowerFirst = (name: string): string => name.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
const fromSnake = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const python: Syntax = {
  opening: /\bregistry\.(\w+)\(/g,
  member: /(?<![\w.])([a-z_]\w*)=(?!=)/g,
  toSchema: fromSnake,
};
export const go: Syntax = {
  opening: /\bregistry\.(\w+)\{/g,
  member: /(?<![\w.])([A-Z]\w*):/g,
  toSchema: lowerFirst,
};
export const csharp: Syntax = {
  opening: /\bnew (\w+Args)\s*\{/g,
  member: /(?<![\w.])([A-Z]\w*)\s*=(?![=>])/g,
  toSchema: lowerFirst,
};

/** The members of all components and types that a source text makes, each with its owner in the schema. */
export function membersIn(source: string, { opening, member, toSchema }: Syntax): ExampleName[] {
  return [...source.matchAll(opening)].flatMap((match) => {
    const owner = (match[1] ?? "").replace(/Args$/, "");
    const body = outermost(source.slice(match.index + match[0].length - 1));
    return [...body.matchAll(member)].map(([, name = ""]) => ({
      owner,
      name: toSchema(name),
    }));
  });
}

/** The variables of the examples, and what they hold in the schema's words. */
const owners: Record<string, string> = {
  pull_secret: "ImagePullSecret",
  pullSecret: "ImagePullSecret",
  app: "PrivateDeployment",
  reference: "PullSecretReference",
};

/** The outputs that a source text reads, each with its owner in the schema. */
export function outputsIn(source: string, { toSchema }: Syntax): ExampleName[] {
  return [...source.matchAll(/(?<![\w.])(pull_secret|pullSecret|app|reference)\.(\w+)/g)].map(
    ([, variable = "", name = ""]) => ({ owner: owners[variable] ?? "", name: toSchema(name) }),
  );
}

/** The text in the first pair of brackets, without what stands in others in it, or in quotes. */
function outermost(text: string): string {
  let depth = 0;
  let body = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}]|[^"()[\]{}]+/g)) {
    if (/^[)\]}]$/.test(token)) {
      depth -= 1;
      if (depth === 0) {
        return body;
      }
    } else if (/^[([{]$/.test(token)) {
      depth += 1;
    } else if (depth === 1 && !token.startsWith('"')) {
      body += token;
    }
  }
  return body;
}
