import { numberArg } from './args.ts';
import { eachNumber, type MakeFilter } from './filter.ts';
import { medianOf, quantileOf } from './statistics.ts';
import { type Bucket, makeWindow } from './window.ts';

/** One value for each reading, made of the window that ends with it. */
function over(judge: (buckets: readonly Bucket[]) => number): MakeFilter {
  return (args, world) => {
    const window = makeWindow(args);
    return eachNumber(world, (value, nowMs) => {
      window.add(value, nowMs);
      return judge(window.buckets);
    });
  };
}

const means = (buckets: readonly Bucket[]) => buckets.map(({ sum, count }) => sum / count);

export const max = over((buckets) => Math.max(...buckets.map((bucket) => bucket.max)));

export const mean = over((buckets) => {
  const count = buckets.reduce((total, bucket) => total + bucket.count, 0);
  // Divided first: the sum of large values could overflow.
  return buckets.reduce((total, bucket) => total + bucket.sum / count, 0);
});

export const median = over((buckets) => medianOf(means(buckets)));

export const min = over((buckets) => Math.min(...buckets.map((bucket) => bucket.min)));

export const quantile: MakeFilter = (args, world) => {
  const share = numberArg(args, 'share');
  return over((buckets) => quantileOf(means(buckets), share))(args, world);
};
