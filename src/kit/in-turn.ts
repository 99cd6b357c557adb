/** Runs tasks one after the other. A failure is for whoever asked for that task; the next comes all the same. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined); // told by `done`
    return done;
  }
}
