import { useEffect } from "react";

/** Names the browser tab after what is shown, for as long as it is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    const before = document.title;
    document.title = title ? `${title} · Sipario` : "Sipario";
    return () => {
      document.title = before;
    };
  }, [title]);
}
