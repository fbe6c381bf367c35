/** What a test starts and must stop. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** A function to hand every started thing to: the suite that calls this stops them after its last test. */
export function stopAtEnd(): <T extends Stoppable>(started: T) => T {
  const all: Stoppable[] = [];
  after(async () => {
    for (const started of all.reverse()) {
      await started.stop();
    }
  });
  return (started) => {
    all.push(started);
    return started;
  };
}
