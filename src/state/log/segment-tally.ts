interface Row {
  size: number;
  live: number;
}

/** How full each segment is, and how much of it is still needed; oldest first. */
export class SegmentTally {
  readonly #rows = new Map<number, Row>();
  #bytes = 0;
  #live = 0;

  get count(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of records that are still needed. */
  get live(): number {
    return this.#live;
  }

  get oldest(): number | undefined {
    for (const id of this.#rows.keys()) return id;
    return undefined;
  }

  has(id: number): boolean {
    return this.#rows.has(id);
  }

  liveOf(id: number): number {
    return this.#rows.get(id)?.live ?? 0;
  }

  /** A segment has so many bytes now. Segments must be added in the order of their ids. */
  setSize(id: number, size: number): void {
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = { size: 0, live: 0 };
      this.#rows.set(id, row);
    }
    this.#bytes += size - row.size;
    row.size = size;
  }

  addLive(id: number, bytes: number): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    row.live += bytes;
    this.#live += bytes;
  }

  remove(id: number): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    this.#bytes -= row.size;
    this.#live -= row.live;
    this.#rows.delete(id);
  }
}
