import { useEffect } from "react";

/** Names the browser tab after what is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Sipario` : "Sipario";
  }, [title]);
}
