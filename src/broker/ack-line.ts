interface Place {
  isReady: boolean;
  readonly send: () => void;
}

/**
 * Acknowledgements in the order in which the messages came, [MQTT-4.6.0-2] and 3, where one of them must wait: those
 * behind it wait too.
 */
export class AckLine {
  #places: Place[] = [];

  get length(): number {
    return this.#places.length;
  }

  /** Takes a place. `send` is called once the returned function was, and everything before it is sent. */
  join(send: () => void): () => void {
    const place: Place = { isReady: false, send };
    this.#places.push(place);
    return () => {
      place.isReady = true;
      this.#advance();
    };
  }

  /** Sends after all that wait. */
  follow(send: () => void): void {
    if (this.#places.length === 0) send();
    else this.#places.push({ isReady: true, send });
  }

  #advance(): void {
    for (let first = this.#places[0]; first?.isReady === true; first = this.#places[0]) {
      this.#places.shift();
      first.send();
    }
  }
}
