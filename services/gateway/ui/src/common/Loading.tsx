/** A placeholder of about the right height; it fades in late, so that quick answers do not flicker. */
import { Skeleton } from "@mantine/core";

export function Loading({ rows = 6, height = 22 }: { rows?: number; height?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, at) => (
        <Skeleton key={at} height={height} width={`${100 - ((at * 7) % 25)}%`} />
      ))}
    </div>
  );
}
