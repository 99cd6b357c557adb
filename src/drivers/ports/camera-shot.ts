export interface ShotWish {
  /** Number of the camera, from 0. */
  readonly camera: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** A picture on the disk of the node, which only its own user can read. */
export interface Shot {
  readonly file: string;
  readonly type: 'image/jpeg' | 'image/png';
  readonly bytes: number;
}

export interface CameraPort {
  /**
   * Takes one picture. The last ten of a node are kept. Throws Unavailable when there is no camera, or no program for it
   * (HB107).
   */
  shoot(wish: ShotWish, signal?: AbortSignal): Promise<Shot>;
}
