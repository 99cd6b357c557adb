import type { DescriptorBook } from './descriptor-book.ts';
import type { PolicySource } from './device-points.ts';
import type { Outlet } from './point-output.ts';
import type { RunnerWorld } from './runner-world.ts';

/** What one device stands on. */
export interface DeviceWorld extends RunnerWorld {
  readonly outlet: Outlet;
  readonly policies: PolicySource;
  readonly descriptors: DescriptorBook;
  /** The first attempt to get anything from a device is over. */
  onTried(): void;
}
