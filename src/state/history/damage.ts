/** Bytes of the history are not what hanbus wrote there. */
export class Damage extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Damage';
  }
}
