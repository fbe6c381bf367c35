declare module "mocha" {
  interface Test {
    /** What the test has measured, for the table at the end of the run. */
    notes?: string[];
    /** What a parallel run sends of the test to the process that reports. */
    serialize(): object;
  }
}

/** Has the table at the end of the run show what the running test has measured. */
export function note(context: Mocha.Context, text: string): void {
  const test = context.test as Mocha.Test;
  if (test.notes === undefined) {
    const serialize = test.serialize.bind(test);
    test.serialize = () => ({ ...serialize(), notes: test.notes });
  }
  (test.notes ??= []).push(text);
}
