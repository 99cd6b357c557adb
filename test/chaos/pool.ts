/** Does the work one piece after the other in each place, all places at the same time. The first error ends it. */
export async function atOnce<P, W>(
  places: readonly P[],
  work: readonly W[],
  doIt: (place: P, piece: W) => Promise<void>,
): Promise<void> {
  const left = work.values();
  await Promise.all(
    places.map(async (place) => {
      for (const piece of left) await doIt(place, piece);
    }),
  );
}
